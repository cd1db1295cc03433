package assign

import "math"

// regretGreedy repeatedly places the job that would lose most by not getting its best agent now.
func regretGreedy(p *problem) *state {
	s := newState(p)
	for range p.jobs() {
		job, agent, regret := nobody, nobody, math.Inf(-1)
		for i := range p.jobs() {
			if s.agent[i] != nobody {
				continue
			}
			if j, r := s.regret(i); j != nobody && r > regret+eps {
				job, agent, regret = i, j, r
			}
		}
		if job == nobody {
			break
		}
		s.put(job, agent)
	}
	return s
}

// regret returns the best agent with room for job i and what its second choice would lose.
func (s *state) regret(i int) (agent int, loss float64) {
	agent, first, second := nobody, math.Inf(-1), math.Inf(-1)
	for j := range s.p.agents() {
		if !s.fits(i, j) {
			continue
		}
		if g := s.p.gain[i][j]; g > first {
			agent, first, second = j, g, first
		} else if g > second {
			second = g
		}
	}
	if math.IsInf(second, -1) {
		// A job with one agent left would lose its whole gain; a job that must be placed comes before all others.
		if s.p.must {
			return agent, math.Inf(1)
		}
		return agent, first
	}
	return agent, first - second
}

// improve moves single jobs and pushes pairs (one job takes a place, the one it displaces goes elsewhere) while that
// adds gain. It ends because every step adds more than the tolerance.
func improve(s *state) {
	top := s.p.top()
	for again := true; again; {
		again = false
		for i := range s.agent {
			if s.shift(i) {
				again = true
			}
		}
		for i := range s.agent {
			for k := range s.agent {
				if s.promising(i, k, top) && s.push(i, k) {
					again = true
				}
			}
		}
	}
}

// shift moves job i to a better agent with room.
func (s *state) shift(i int) bool {
	was, before := s.agent[i], s.gain
	s.take(i)
	to := s.bestFor(i)
	if to != nobody && s.gain+s.p.gain[i][to] > before+tolerance(before) {
		s.put(i, to)
		return true
	}
	if was != nobody {
		s.put(i, was)
		s.gain = before // so that rounding errors do not accumulate
	}
	return false
}

func (s *state) bestFor(i int) int {
	to := nobody
	for j := range s.p.agents() {
		if s.fits(i, j) && (to == nobody || s.p.gain[i][j] > s.p.gain[i][to]) {
			to = j
		}
	}
	return to
}

// promising reports whether push could gain at all if job k found its best place; most pairs fail this cheap test.
func (s *state) promising(i, k int, top []float64) bool {
	at := s.agent[k]
	if i == k || at == nobody || s.agent[i] == at || !s.p.allowed(i, at) {
		return false
	}
	gain := s.p.gain[i][at] + top[k] - s.p.gain[k][at]
	if from := s.agent[i]; from != nobody {
		gain -= s.p.gain[i][from]
	}
	return gain > tolerance(s.gain)
}

// top is each job's greatest gain anywhere, nobody included.
func (p *problem) top() []float64 {
	out := make([]float64, p.jobs())
	for i := range out {
		for j := range p.agents() {
			out[i] = max(out[i], p.gain[i][j])
		}
	}
	return out
}

// push gives job i the agent of job k, and k the best other place, when both together gain.
func (s *state) push(i, k int) bool {
	from, at := s.agent[i], s.agent[k]
	before := s.gain
	s.take(i)
	s.take(k)
	if s.fits(i, at) {
		s.put(i, at)
		to := s.bestFor(k)
		if to != nobody {
			s.put(k, to)
		}
		if (to != nobody || !s.p.must) && s.gain > before+tolerance(before) {
			return true
		}
		s.take(k)
		s.take(i)
	}
	if from != nobody {
		s.put(i, from)
	}
	s.put(k, at)
	s.gain = before
	return false
}

// repair turns a choice that may overfill agents into a state: jobs that fit are placed as chosen, the greatest
// gain first, and the others go to their best place with room, displacing one job where that helps.
func repair(p *problem, want []int, order []int) *state {
	s := newState(p)
	for _, i := range order {
		if j := want[i]; j != nobody && s.fits(i, j) {
			s.put(i, j)
		}
	}
	for _, i := range order {
		if s.agent[i] != nobody {
			continue
		}
		if j := s.bestFor(i); j != nobody {
			s.put(i, j)
		} else if p.must && !s.displace(i) {
			return s
		}
	}
	return s
}

// displace places job i by moving one other job, at the smallest loss.
func (s *state) displace(i int) bool {
	job, to, gain := nobody, nobody, math.Inf(-1)
	for k, at := range s.agent {
		if at == nobody || !s.p.allowed(i, at) {
			continue
		}
		s.take(k)
		if s.fits(i, at) {
			s.put(i, at)
			if j := s.bestFor(k); j != nobody && s.gain+s.p.gain[k][j] > gain {
				job, to, gain = k, j, s.gain+s.p.gain[k][j]
			}
			s.take(i)
		}
		s.put(k, at)
	}
	if job == nobody {
		return false
	}
	at := s.agent[job]
	s.take(job)
	s.put(i, at)
	s.put(job, to)
	return true
}
