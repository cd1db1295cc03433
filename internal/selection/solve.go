package selection

import "slices"

// Options limit the work. The same problem with the same work gives the same answer, unless Stop ends it earlier.
type Options struct {
	// Start are customers whose set the answer must not fall below, such as the answer to a lower budget; one that does not fit is ignored.
	Start []int
	Work  int64       // how many steps to do at most, a step being one look at a requirement of a customer; ≤ 0 is DefaultWork
	Stop  func() bool // asked now and then: true ends the search with what has been found; nil never does
}

// DefaultWork is what takes some three seconds on one core, where nothing is proven earlier.
const DefaultWork = 450_000_000

// Solution is a set that fits the budget, and how good it is.
type Solution struct {
	Customers    []int // whose profit counts, sorted
	Requirements []int // what they need, prerequisites included, sorted
	Profit       int64
	Cost         int64
	Bound        int64 // no set within the budget has more profit
	Price        Price // what a unit of budget is worth to the relaxation: an estimate of what more budget brings
}

// Proven reports whether no set has more profit.
func (s Solution) Proven() bool { return s.Profit == s.Bound }

// Solve returns a set of high profit within the budget and a bound that no set exceeds. The error is a *Fault or a *Cycle.
func Solve(p Problem, o Options) (Solution, error) {
	r, err := reduce(p)
	if err != nil {
		return Solution{}, err
	}
	if o.Work <= 0 {
		o.Work = DefaultWork
	}
	s := &search{problem: p, work: o.Work, stop: o.Stop, best: make([]bool, len(p.Customers)), profit: -1}
	s.found(r, make([]bool, len(r.profit)))
	s.start(o.Start)
	bound, price := s.run(r)
	out := p.solution(s.best)
	out.Bound, out.Price = max(bound, out.Profit), price
	return out, nil
}

// solution is the set of what these customers need, and everybody whom that serves.
func (p Problem) solution(customers []bool) Solution {
	var out Solution
	built := make([]bool, len(p.Requirements))
	var queue []int
	build := func(requirements []int) {
		for _, r := range requirements {
			if !built[r] {
				built[r] = true
				queue = append(queue, r)
			}
		}
	}
	for c, in := range customers {
		if in {
			build(p.Customers[c].Wants)
		}
	}
	for i := 0; i < len(queue); i++ {
		build(p.Requirements[queue[i]].Needs)
	}
	for r, in := range built {
		if in {
			out.Requirements = append(out.Requirements, r)
			out.Cost += p.Requirements[r].Cost
		}
	}
	for c, customer := range p.Customers {
		if customers[c] || !slices.ContainsFunc(customer.Wants, func(r int) bool { return !built[r] }) {
			out.Customers = append(out.Customers, c)
			out.Profit += customer.Profit
		}
	}
	return out
}

// search is the state of one Solve: the best set so far, and the work that is left.
type search struct {
	problem Problem
	work    int64
	stop    func() bool
	ended   bool
	best    []bool // customers
	profit  int64
}

// over reports whether to end, because the work is used up or Stop said so.
func (s *search) over() bool {
	if !s.ended {
		s.ended = s.work <= 0 || s.stop != nil && s.stop()
	}
	return s.ended
}

// found keeps a set of bundles of r if it is the best so far. It must fit the budget.
func (s *search) found(r *reduced, in []bool) {
	profit := r.base
	for b, chosen := range in {
		if chosen {
			profit += r.profit[b]
		}
	}
	if profit <= s.profit {
		return
	}
	s.profit = profit
	clear(s.best)
	for _, c := range r.chosen {
		s.best[c] = true
	}
	for b, chosen := range in {
		if chosen {
			for _, c := range r.members[b] {
				s.best[c] = true
			}
		}
	}
}

// start takes the set of these customers as the best so far if it fits and is better.
func (s *search) start(customers []int) {
	in := make([]bool, len(s.problem.Customers))
	for _, c := range customers {
		if c >= 0 && c < len(in) {
			in[c] = true
		}
	}
	set := s.problem.solution(in)
	if set.Cost > s.problem.Budget || set.Profit <= s.profit {
		return
	}
	s.profit = set.Profit
	clear(s.best)
	for _, c := range set.Customers {
		s.best[c] = true
	}
}

// shares are the parts of the work, in percent, of the rounds of annealing; branch and bound gets the rest. The first is short, so that a search
// that is stopped early has a good set.
var shares = []int64{6, 12, 24, 24, 24}

// run alternates annealing with reduction: each set found decides bundles, and what is left is searched more thoroughly. It returns the bound.
func (s *search) run(r *reduced) (int64, Price) {
	n, x := s.node(r)
	price := x.price
	work := s.work
	for round, share := range shares {
		if n.bound <= s.profit || s.over() || round > 0 && len(n.r.profit) <= small {
			break
		}
		s.round(n.r, x, work/100*share, uint64(3*round))
		bound := n.bound
		n, x = s.node(n.r)
		n.bound = min(n.bound, bound)
	}
	if n.bound <= s.profit {
		return s.profit, price
	}
	return s.branch(n), price
}

// round anneals twice, and then only what the two sets do not agree about: what good sets have in common is mostly right, and with it decided the
// rest is searched far more thoroughly.
func (s *search) round(r *reduced, x relaxation, work int64, seed uint64) {
	a, b := s.anneal(r, x, work/3, seed), s.anneal(r, x, work/3, seed+1)
	made := make([]decision, len(a))
	for i := range a {
		switch {
		case a[i] && b[i]:
			made[i] = taken
		case !a[i] && !b[i]:
			made[i] = refused
		}
	}
	rest := r.decide(made)
	x = relax(newCut(rest))
	s.found(rest, rest.fill(x.within))
	if x.beyond != nil {
		s.anneal(rest, x, work/3, seed+2)
	}
}
