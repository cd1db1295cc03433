package selection

import (
	"cmp"
	"slices"
)

// state is a set of bundles. What each bundle outside would add to the cost, and what the cost would fall by without each bundle inside, is kept
// up to date while bundles come and go, so that to consider a move is to read one number.
type state struct {
	r      *reduced
	in     []bool
	delta  []int64 // of each bundle: what it would add to the cost, or free
	users  []int32 // of each group: how many chosen bundles need it
	sum    []int32 // of each group: the sum of those bundles' indexes, which is the bundle itself when there is one
	profit int64
	cost   int64
}

func newState(r *reduced) *state {
	s := &state{r: r, in: make([]bool, len(r.profit)), delta: make([]int64, len(r.profit)), users: make([]int32, len(r.cost)), sum: make([]int32, len(r.cost))}
	for b, groups := range r.needs {
		for _, g := range groups {
			s.delta[b] += r.cost[g]
		}
	}
	return s
}

func (s *state) add(b int32) {
	s.cost += s.delta[b]
	s.in[b] = true
	s.profit += s.r.profit[b]
	s.delta[b] = 0
	for _, g := range s.r.needs[b] {
		cost := s.r.cost[g]
		switch s.users[g] {
		case 0: // nobody else pays for it any more
			for _, other := range s.r.needers[g] {
				if other != b {
					s.delta[other] -= cost
				}
			}
			s.delta[b] += cost
		case 1: // it is no longer freed by its only user
			s.delta[s.sum[g]] -= cost
		}
		s.users[g]++
		s.sum[g] += b
	}
}

func (s *state) remove(b int32) {
	s.cost -= s.delta[b]
	s.in[b] = false
	s.profit -= s.r.profit[b]
	s.delta[b] = 0
	for _, g := range s.r.needs[b] {
		cost := s.r.cost[g]
		s.users[g]--
		s.sum[g] -= b
		switch s.users[g] {
		case 0:
			for _, other := range s.r.needers[g] {
				if other != b {
					s.delta[other] += cost
				}
			}
			s.delta[b] += cost
		case 1:
			s.delta[s.sum[g]] += cost
		}
	}
}

// common is the cost of the groups that b, outside, needs and that only other, inside, has: what b adds beyond delta once other is gone.
func (s *state) common(b, other int32) int64 {
	var sum int64
	for _, g := range s.r.needs[b] {
		if s.users[g] == 1 && s.sum[g] == other {
			sum += s.r.cost[g]
		}
	}
	return sum
}

// set makes the state this set.
func (s *state) set(in []bool) {
	for b := range in {
		switch {
		case in[b] && !s.in[b]:
			s.add(int32(b))
		case !in[b] && s.in[b]:
			s.remove(int32(b))
		}
	}
}

// fill returns the set with bundles added while they fit, the one with most profit for what it adds first.
func (r *reduced) fill(set []bool) []bool {
	s := newState(r)
	s.set(set)
	rate := make([]float64, len(r.profit))
	for more := true; more; {
		more = false
		var order []int32
		for b := range r.profit {
			if !s.in[b] && s.cost+s.delta[b] <= r.budget {
				order = append(order, int32(b))
				rate[b] = float64(r.profit[b]) / float64(max(s.delta[b], 1))
			}
		}
		slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(rate[b], rate[a]) })
		for _, b := range order {
			if s.cost+s.delta[b] <= r.budget {
				s.add(b)
				more = true
			}
		}
	}
	return s.in
}
