package assign

import "math"

const (
	eps    = 1e-9
	nobody = -1
)

// problem is a generalised assignment problem in maximising form, with a capacity and a number of slots an agent.
// A job goes to one agent or, unless all jobs must go, to nobody at gain 0.
type problem struct {
	gain   [][]float64 // [job][agent]; -Inf is forbidden
	weight [][]float64
	room   []float64
	slots  []int
	must   bool
}

func (p *problem) jobs() int { return len(p.gain) }

func (p *problem) agents() int { return len(p.room) }

func (p *problem) allowed(i, j int) bool { return !math.IsInf(p.gain[i][j], -1) }

// state is a partial assignment that always respects the limits.
type state struct {
	p     *problem
	agent []int
	room  []float64
	slots []int
	gain  float64
}

func newState(p *problem) *state {
	s := &state{p: p, agent: make([]int, p.jobs()), room: append([]float64(nil), p.room...), slots: append([]int(nil), p.slots...)}
	for i := range s.agent {
		s.agent[i] = nobody
	}
	return s
}

func (s *state) fits(i, j int) bool {
	return s.p.allowed(i, j) && s.slots[j] > 0 && s.p.weight[i][j] <= s.room[j]+eps
}

func (s *state) put(i, j int) {
	s.agent[i] = j
	s.room[j] -= s.p.weight[i][j]
	s.slots[j]--
	s.gain += s.p.gain[i][j]
}

func (s *state) take(i int) {
	j := s.agent[i]
	if j == nobody {
		return
	}
	s.agent[i] = nobody
	s.room[j] += s.p.weight[i][j]
	s.slots[j]++
	s.gain -= s.p.gain[i][j]
}

// valid reports whether every job that must go somewhere does.
func (s *state) valid() bool {
	if !s.p.must {
		return true
	}
	for _, j := range s.agent {
		if j == nobody {
			return false
		}
	}
	return true
}

// best keeps the greatest valid assignment seen.
type best struct {
	agent []int
	gain  float64
}

func (b *best) known() bool { return b.agent != nil }

func (b *best) offer(s *state) {
	if !s.valid() || (b.known() && s.gain <= b.gain+tolerance(b.gain)) {
		return
	}
	b.agent, b.gain = append([]int(nil), s.agent...), s.gain
}

// tolerance is the difference below which two gains count as equal; it is proportional to the gain, as rounding errors are.
func tolerance(gain float64) float64 { return eps * max(1, math.Abs(gain)) }

// solution is what solve found and what it proved.
type solution struct {
	agent []int // nil when no valid assignment was found
	gain  float64
	bound float64 // no assignment is better
	exact bool
}

// solve finds a good assignment and an upper bound, and closes the gap by branch and bound within effort nodes. start, when not nil, is an assignment known to be valid.
func solve(p *problem, start []int, effort int) solution {
	var b best
	if start != nil {
		s := newState(p)
		for i, j := range start {
			if j != nobody {
				s.put(i, j)
			}
		}
		improve(s)
		b.offer(s)
	}
	s := regretGreedy(p)
	improve(s)
	b.offer(s)
	m := relax(p, &b)
	exact := b.known() && m.bound <= b.gain+tolerance(b.gain)
	if !exact {
		exact = branch(p, m, &b, effort)
	}
	sol := solution{agent: b.agent, gain: b.gain, bound: max(m.bound, b.gain), exact: exact}
	if exact {
		sol.bound = b.gain
	}
	return sol
}
