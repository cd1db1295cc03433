package gap

import (
	"cmp"
	"math"
	"slices"
)

const (
	plungeRounds = 20
	plungeShare  = 8    // one in so many open jobs is placed at once
	plungeAbove  = 1.01 // how much dearer than the best an assignment may become on the way
)

// plunge builds an assignment by placing, again and again, the jobs of which the relaxed problem is surest. Noise makes repetitions differ. It returns nil where
// it ends without an assignment.
func (s *solver) plunge(d *prices, noise float64) []int {
	b := s.b
	cutoff := float64(math.MaxInt64)
	if b.least < math.MaxInt64 {
		cutoff = float64(b.least) + (plungeAbove-1)*math.Abs(float64(b.least))
	}
	n, d := s.n.copy(), d.copy()
	for len(n.open) > 0 {
		b.r.prepare(n)
		d = b.r.raise(n, d, min(cutoff, d.bound+0.05*math.Abs(d.bound)+1), plungeRounds, b.out, nil)
		if d.bound >= cutoff || b.out() {
			return nil
		}
		b.r.solve(n, d, true)
		if !s.placeSurest(n, noise) {
			return nil
		}
	}
	return slices.Clone(b.agent)
}

// placeSurest places the jobs that one agent chooses and that would cost most elsewhere; where there is none, the one whose second choice costs most more.
func (s *solver) placeSurest(n *node, noise float64) bool {
	type sure struct {
		job, agent int
		regret     float64
		alone      bool
	}
	var list []sure
	for _, i := range n.open {
		with := s.b.r.with[i]
		best, second := 0, math.Inf(1)
		for k := 1; k < len(with); k++ {
			if with[k] < with[best] {
				best, second = k, with[best]
			} else {
				second = min(second, with[k])
			}
		}
		chosen := s.b.r.chosen[i]
		c := sure{i, n.at[i][best], second - with[best], len(chosen) == 1}
		if c.alone {
			c.agent = chosen[0]
			c.regret = math.Inf(1)
			for k, j := range n.at[i] {
				if j != c.agent {
					c.regret = min(c.regret, with[k]-with[slices.Index(n.at[i], c.agent)])
				}
			}
		}
		c.regret += noise * s.search.rng.ExpFloat64()
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(x, y sure) int {
		if x.alone != y.alone {
			if x.alone {
				return -1
			}
			return 1
		}
		return cmp.Compare(y.regret, x.regret)
	})
	for _, c := range list[:max(1, len(list)/plungeShare)] {
		if !c.alone && c.job != list[0].job {
			break
		}
		if !n.place(s.b, c.job, c.agent) {
			return false
		}
	}
	return true
}
