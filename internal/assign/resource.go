package assign

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Resource is something that requests of all teams share: an environment, licences, a budget, a specialist.
type Resource struct {
	ID   string
	Name string // for sentences; the ID when empty
	// Weeks are what of it is free, by week from this one on, without what the requests of the plan take. It may be below 0, where more is held than there is.
	Weeks []ResourceWeek
}

// ResourceWeek is what of a resource is free in a week.
type ResourceWeek struct {
	From string // its first day
	Free float64
}

func (r Resource) label() string { return firstOf(r.Name, r.ID) }

// resourceWeeks is over how many weeks, from the one in which a request begins, a resource has to be free for it.
const resourceWeeks = 8

// free is the least that is free of a resource from a week on: work that begins then has no known end. It is over resourceWeeks, or those that are known,
// so that a plan that looks further ahead, because of an absence that is asked about, refuses nothing that another gives. It is 0 where nothing is known.
func (r Resource) free(week int) float64 {
	if week >= len(r.Weeks) {
		return 0
	}
	least := math.Inf(1)
	for _, w := range r.Weeks[week:min(week+resourceWeeks, len(r.Weeks))] {
		least = min(least, w.Free)
	}
	return least
}

// need is an amount of a resource, by its place in the list.
type need struct {
	resource int
	amount   float64
}

// needsOf are what a request needs of the resources of the plan; see unknownResource for those that there are not.
func (b *board) needsOf(r Request) []need {
	var needs []need
	for k, resource := range b.resources {
		if amount := r.Resources[resource.ID]; amount > 0 {
			needs = append(needs, need{k, amount})
		}
	}
	return needs
}

// stocked reports whether what is left of the resources is enough for a job beside those of the assignment. One that has an agent has what it needs.
func (s *state) stocked(i int) bool {
	if s.stock == nil || s.agent[i] != nobody {
		return true
	}
	for _, n := range s.p.needs[i] {
		if n.amount > s.stock[n.resource]+eps {
			return false
		}
	}
	return true
}

// use takes what a job needs of the resources, or gives it back.
func (s *state) use(i int, sign float64) {
	if s.stock == nil {
		return
	}
	for _, n := range s.p.needs[i] {
		s.stock[n.resource] -= sign * n.amount
	}
}

// withoutStock is the problem without its resources: a plan of it that keeps them is a plan of both, and its bound holds for both.
func (p *problem) withoutStock() *problem {
	part := *p
	part.stock, part.needs = nil, nil
	return &part
}

// solveStocked solves a problem in which jobs share resources and may be left out: the resources are left out for the bound. Where all jobs must go,
// they all take what they need wherever they go, and the resources decide nothing.
func solveStocked(p *problem, start []int, steps int) solution {
	if start == nil && !p.must {
		start = nobodies(p.jobs())
	}
	sol := solveLinear(p.withoutStock(), start, steps)
	if sol.agent == nil || p.keeps(sol.agent) {
		return sol
	}
	sol.agent, sol.gain, sol.exact = start, 0, false
	if start != nil {
		sol.gain = stateOf(p, start).gain
	}
	return sol
}

// shortOf finds the first resource of which a state has too little left for request i.
func (b *board) shortOf(s *state, i int) (resource Resource, amount, free float64, found bool) {
	if s.stock == nil {
		return resource, 0, 0, false
	}
	for _, n := range b.problem.needs[i] {
		if left := s.stock[n.resource]; n.amount > left+eps {
			return b.resources[n.resource], n.amount, max(left, 0), true
		}
	}
	return resource, 0, 0, false
}

// from is from which week on so much of a resource is free; empty where no week that is looked at has enough.
func (r Resource) from(week int, amount float64) string {
	for k := week; k < len(r.Weeks); k++ {
		if r.free(k)+eps >= amount {
			return r.Weeks[k].From
		}
	}
	return ""
}

// unstocked: a resource is not there for it, whatever the team.
func (b *board) unstocked(_ *state, i int) *Binding {
	if unknown := b.unknownResource(b.requests[i]); unknown != "" {
		return &Binding{Code: LimitResource, Why: "there is no resource " + unknown, Frees: "Another need, or a resource of that name, would do"}
	}
	r, amount, free, found := b.shortOf(newState(b.problem), i)
	if !found {
		return nil
	}
	out := &Binding{Code: LimitResource, Why: fmt.Sprintf("it needs %s of %s and %s is free", units(amount), r.label(), units(free)),
		Frees: fmt.Sprintf("%s more of %s, or a need smaller by as much, would do", units(amount-free), r.label())}
	if day := r.from(b.week, amount); day != "" {
		out.Why += " until " + day
	}
	return out
}

// shared: what is free of a resource goes to requests served before.
func (b *board) shared(s *state, i int) *Binding {
	r, amount, free, found := b.shortOf(s, i)
	if !found {
		return nil
	}
	var takers []Request
	for k, at := range s.agent {
		if at != nobody && b.requests[k].Resources[r.ID] > 0 {
			takers = append(takers, b.requests[k])
		}
	}
	return &Binding{Code: LimitResource, Why: fmt.Sprintf("it needs %s of %s and %s is left: the rest goes to %s, %s", units(amount), r.label(), units(free), named(takers), b.before()),
		Frees: "A better rank, or any of these finishing or declined, would free it"}
}

// before says why others are served first.
func (b *board) before() string {
	if b.policy.Priority != Strict {
		return "which gain more"
	}
	return "ranked before it"
}

// unknownResource is one that a request needs and that there is not; empty where all are known.
func (b *board) unknownResource(request Request) string {
	for _, id := range slices.Sorted(maps.Keys(request.Resources)) {
		if !slices.ContainsFunc(b.resources, func(r Resource) bool { return r.ID == id }) {
			return id
		}
	}
	return ""
}

// checkResources refuses ids that are empty or repeated and numbers that are not finite.
func checkResources(resources []Resource) error {
	seen := map[string]bool{}
	for _, r := range resources {
		if r.ID == "" || seen[r.ID] {
			return fmt.Errorf("%w: resource id %q is empty or repeated", ErrInput, r.ID)
		}
		seen[r.ID] = true
		for _, w := range r.Weeks {
			if math.IsNaN(w.Free) || math.IsInf(w.Free, 0) {
				return fmt.Errorf("%w: a figure of the week from %s of resource %q", ErrInput, w.From, r.ID)
			}
		}
	}
	return nil
}

// rest are the resources that this plan leaves.
func (b *board) rest(s *state) []Resource {
	left := slices.Clone(b.resources)
	for k := range left {
		left[k].Weeks = slices.Clone(left[k].Weeks)
		for w := range left[k].Weeks {
			left[k].Weeks[w].Free -= b.problem.stock[k] - s.stock[k]
		}
	}
	return left
}
