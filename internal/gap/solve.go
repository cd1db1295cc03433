package gap

import (
	"math"
	"slices"
)

// Solve finds an assignment of little cost and a bound. The error is a *Fault.
func Solve(p Problem, o Options) (Solution, error) {
	if err := p.check(); err != nil {
		return Solution{}, err
	}
	if o.Work <= 0 {
		o.Work = DefaultWork
	}
	if o.Stop == nil {
		o.Stop = func() bool { return false }
	}
	if p.jobs() == 0 {
		return Solution{Agent: []int{}, Proven: true}, nil
	}
	p = p.reduced()
	s := &solver{p: &p, o: o, n: root(&p)}
	for i := range s.n.at {
		if len(s.n.at[i]) == 0 {
			return Solution{Bound: math.MaxInt64, Proven: true}, nil
		}
	}
	return s.solve(), nil
}

// solver is one problem under way.
type solver struct {
	p      *Problem
	o      Options
	n      *node
	search *search
	near   *neighbourhood
	b      *branching
}

// Shares of the work.
const (
	firstShare  = 20     // one in so many steps goes into the first search,
	firstForJob = 30_000 // and so many for each job at most
	searchShare = 0.5    // of the rest goes into searching before branching
	closeEnough = 0.003  // of the bound: how far the best may be above it for branching to be worth more than searching
)

func (s *solver) solve() Solution {
	d, room := startPrices(s.n)
	s.search = newSearch(s.n, d, room)
	s.near = &neighbourhood{search: s.search, room: room, size: 12, warmth: 2}
	s.b = &branching{stop: s.o.Stop, budget: math.MaxInt64, least: math.MaxInt64, agent: make([]int, s.p.jobs())}
	if cost, ok := s.p.cost(s.o.Start); ok {
		s.search.begin(s.o.Start)
		s.b.offer(s.o.Start, cost)
	} else {
		s.search.begin(s.cheapest())
	}
	s.look(min(s.o.Work/firstShare, int64(firstForJob*s.p.jobs())), nil)
	s.b.r.prepare(s.n)
	d = s.b.r.raise(s.n, d, s.target(d), 300, s.b.out, nil)
	bound := d.bound
	if s.proven(bound) {
		return s.answer(bound)
	}
	s.b.r.solve(s.n, d, true)
	s.b.whole(s.n)
	s.search.order(s.n, func(i, k int) float64 { return s.b.r.with[i][k] })
	// First what is left to rule out may be little: a short branching comes before a long search, and the long one after.
	if s.branch(d, s.o.Work/10) {
		return s.answer(float64(s.b.least))
	}
	s.look(int64(searchShare*float64(s.o.Work-s.used())), d)
	if s.proven(bound) {
		return s.answer(bound)
	}
	if float64(s.b.least)-bound > closeEnough*math.Abs(bound) {
		s.look(s.o.Work-s.used(), d) // too much is left to rule out
	} else if s.branch(d, s.o.Work-s.used()) {
		bound = float64(s.b.least)
	}
	return s.answer(bound)
}

func (s *solver) used() int64 { return s.search.steps + s.b.r.steps }

// branch searches what the bound leaves, within some steps. It returns true when nothing is left: the best is proven, or there is no assignment.
func (s *solver) branch(d *prices, steps int64) bool {
	if s.b.least == math.MaxInt64 && s.p.jobs() > searchable {
		return false
	}
	s.b.budget = s.b.r.steps + steps
	done := s.b.dive(s.n.copy(), d.copy(), 100)
	s.b.budget = math.MaxInt64
	return done
}

// searchable is up to how many jobs an assignment is looked for by branching alone, where annealing found none.
const searchable = 60

// cheapest gives each job to its first agent, whatever the limits.
func (s *solver) cheapest() []int {
	agent := make([]int, s.p.jobs())
	for i := range agent {
		agent[i] = s.search.near[i][0]
	}
	return agent
}

// target is what the bound is raised towards: the best cost, or a little more than the bound while there is none.
func (s *solver) target(d *prices) float64 {
	if s.b.least < math.MaxInt64 {
		return float64(s.b.least)
	}
	d.bound = 0
	for _, u := range d.job {
		d.bound += u
	}
	return d.bound + 0.1*math.Abs(d.bound) + 1
}

func (s *solver) proven(bound float64) bool {
	return s.b.least < math.MaxInt64 && up(bound) >= s.b.least
}

// look anneals and searches neighbourhoods within some steps, in cycles that become longer. Between them it starts afresh from where the relaxed
// problem leads, once its prices are known.
func (s *solver) look(steps int64, d *prices) {
	end, moves := s.used()+steps, int64(400*s.p.jobs())
	done := func() bool { return s.used() >= end || s.o.Stop() }
	for noise := 0.0; !done(); noise += 0.5 {
		began := s.used()
		s.search.anneal(s.search.heat, s.search.heat/100, moves, done)
		s.polish(s.used()-began, done)
		moves *= 3
		for length := s.used() - began; d != nil && !done() && s.used() < began+2*length; noise += 0.5 {
			if agent := s.plunge(d, noise); agent != nil {
				s.search.restart(agent)
				s.polish(length/4, done)
			}
		}
		s.search.restart(s.b.best)
	}
}

// polish improves the best assignment of the search.
func (s *solver) polish(steps int64, done func() bool) {
	if s.search.best == nil {
		return
	}
	s.b.offer(s.search.best, s.search.least)
	s.search.begin(s.search.best)
	s.near.refine(max(1, steps), done)
	s.b.offer(s.search.best, s.search.least)
}

func (s *solver) answer(bound float64) Solution {
	if s.b.least == math.MaxInt64 {
		return Solution{Bound: up(min(bound, math.MaxInt64/4)), Proven: bound >= math.MaxInt64}
	}
	least := min(up(bound), s.b.least)
	return Solution{Agent: slices.Clone(s.b.best), Cost: s.b.least, Bound: least, Proven: least >= s.b.least}
}
