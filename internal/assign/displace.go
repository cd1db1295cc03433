package assign

import "math"

// bestFor is the agent with room for a job where it gains most; nobody where there is none.
func (s *state) bestFor(i int) int {
	to := nobody
	for j := range s.p.agents() {
		if s.fits(i, j) && (to == nobody || s.marginal(i, j) > s.marginal(i, to)) {
			to = j
		}
	}
	return to
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
			if j := s.bestFor(k); j != nobody && s.gain+s.marginal(k, j) > gain {
				job, to, gain = k, j, s.gain+s.marginal(k, j)
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
