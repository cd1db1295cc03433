package assign

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrInput marks a request, team or policy that cannot be planned with; the text names it.
var ErrInput = errors.New("assign: invalid input")

// seatNodes limits the search nodes for each request that does not find room directly.
const seatNodes = 5_000

// Assign plans all waiting requests over all teams. The order of its arguments does not matter; ties go to the lower
// id. It fails with ErrInput on empty or repeated ids and on numbers that are negative or not finite.
func Assign(requests []Request, teams []Team, policy Policy) (Plan, error) {
	return AssignWith(nil, requests, teams, policy)
}

// AssignWith is Assign for requests that share resources: no plan takes more of one than is free in any week.
func AssignWith(resources []Resource, requests []Request, teams []Team, policy Policy) (Plan, error) {
	policy = policy.withDefaults()
	if err := cmp.Or(check(requests, teams, policy), checkResources(resources)); err != nil {
		return Plan{}, err
	}
	b := newBoard(requests, teams, policy, resources, 0)
	plan, s := b.explain(b.solve())
	b.compare(&plan)
	b.later(&plan, s)
	b.fold(&plan)
	plan.say()
	return plan, nil
}

// board is one planning problem with its requests in order of service and its teams by id. A request that needs two teams is two of them, the parts
// of it, one after the other.
type board struct {
	requests []Request
	whole    []Request // not in parts
	teams    []Team
	policy   Policy
	fits     [][]float64
	parts    [][]Parts
	limits   [][][]Limit
	problem  *problem

	resources []Resource
	week      int // in which the requests would begin, of those of the resources
}

func newBoard(requests []Request, teams []Team, policy Policy, resources []Resource, week int) *board {
	b := &board{whole: slices.Clone(requests), teams: slices.Clone(teams), policy: policy, resources: slices.Clone(resources), week: week}
	slices.SortFunc(b.resources, func(x, y Resource) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(b.whole, func(x, y Request) int {
		return cmp.Or(cmp.Compare(order(x.Rank), order(y.Rank)), cmp.Compare(y.weight(), x.weight()), cmp.Compare(x.ID, y.ID))
	})
	for _, r := range b.whole {
		b.requests = append(b.requests, r.Parts()...)
	}
	slices.SortFunc(b.teams, func(x, y Team) int { return cmp.Compare(x.ID, y.ID) })
	p := &problem{must: policy.Priority == Strict, other: others(b.requests)}
	for _, t := range b.teams {
		p.room = append(p.room, max(t.room(policy), 0))
		slots := len(b.requests)
		if t.WIPLimit > 0 {
			slots = max(t.WIPLimit-t.WIP, 0)
		}
		p.slots = append(p.slots, slots)
	}
	p.costs = costsOf(b.requests, b.teams, policy)
	b.problem = p
	for _, r := range b.resources {
		p.stock = append(p.stock, r.free(week))
	}
	p.reserved(b.requests, b.teams, policy)
	for _, r := range b.requests {
		b.add(r)
	}
	return b
}

// add computes one request's row over all teams.
func (b *board) add(r Request) {
	n := len(b.teams)
	fits, parts, limits := make([]float64, n), make([]Parts, n), make([][]Limit, n)
	gain, weight := make([]float64, n), make([]float64, n)
	unknown := b.unknownResource(r) != ""
	for j, t := range b.teams {
		fits[j], parts[j] = fit(r, t, b.policy)
		limits[j] = limitsOf(r, t, b.policy)
		gain[j], weight[j] = r.weight()*(b.worth(parts[j])-b.policy.Lateness*lateness(r, t)-t.unfair(b.policy)), t.size(r)
		if len(limits[j]) > 0 || unknown {
			gain[j] = math.Inf(-1)
		}
	}
	b.fits, b.parts, b.limits = append(b.fits, fits), append(b.parts, parts), append(b.limits, limits)
	b.problem.needs = append(b.problem.needs, b.needsOf(r))
	b.problem.gain, b.problem.weight = append(b.problem.gain, gain), append(b.problem.weight, weight)
}

// solve returns a team index for each request.
func (b *board) solve() solution {
	if len(b.requests) == 0 || len(b.teams) == 0 {
		return solution{agent: nobodies(len(b.requests)), exact: true}
	}
	if b.policy.Priority != Strict {
		return solve(b.problem, nil, b.policy.Effort)
	}
	start, proven := serve(b.problem)
	served, part := restrict(b.problem, start)
	out := solution{agent: nobodies(len(b.requests)), exact: proven}
	if len(served) == 0 {
		return out
	}
	from := make([]int, len(served))
	for k, i := range served {
		from[k] = start[i]
	}
	sol := solve(part, from, b.policy.Effort)
	for k, i := range served {
		out.agent[i] = sol.agent[k]
	}
	out.gain, out.bound, out.exact = sol.gain, sol.bound, proven && sol.exact
	return out
}

// serve decides, in the order of the jobs, who can get a place at all next to those served before. It returns one
// such assignment; proven is false when some search for a place was cut short.
func serve(p *problem) (agent []int, proven bool) {
	s, served := newState(p), []int{}
	proven = true
	for i := 0; i < p.jobs(); {
		jobs := p.together(i)
		i += len(jobs)
		if !s.stocked(jobs[0]) {
			continue
		}
		if next := s.clone(); next.placeAll(jobs) {
			s = next
		} else if !p.open(jobs) {
			continue
		} else {
			places, found, sure := seat(p, append(slices.Clone(served), jobs...), seatNodes)
			proven = proven && sure
			if !found {
				continue
			}
			s = stateOf(p, places)
		}
		served = append(served, jobs...)
	}
	return s.agent, proven
}

// placeAll places jobs one after the other, each by moving one other job at most. When it fails, some may be placed.
func (s *state) placeAll(jobs []int) bool {
	for _, i := range jobs {
		if j := s.bestFor(i); j != nobody {
			s.put(i, j)
		} else if !s.displace(i) {
			return false
		}
	}
	return true
}

// open reports whether each of the jobs has an agent that could take it on an empty plan.
func (p *problem) open(jobs []int) bool {
	for _, i := range jobs {
		if !slices.ContainsFunc(p.gain[i], func(gain float64) bool { return !math.IsInf(gain, -1) }) {
			return false
		}
	}
	return true
}

// restrict keeps the jobs that have an agent.
func restrict(p *problem, agent []int) (jobs []int, part *problem) {
	part = &problem{room: p.room, plain: p.plain, slots: p.slots, must: true, costs: p.costs}
	for i, j := range agent {
		if j != nobody {
			if p.other != nil { // both parts of a request have an agent, or none
				part.other = append(part.other, p.other[i]-i+len(jobs))
				if p.other[i] == nobody {
					part.other[len(jobs)] = nobody
				}
			}
			jobs = append(jobs, i)
			part.gain, part.weight = append(part.gain, p.gain[i]), append(part.weight, p.weight[i])
			if p.plain != nil {
				part.urgent = append(part.urgent, p.urgent[i])
			}
		}
	}
	return jobs, part
}

func nobodies(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = nobody
	}
	return out
}

// order puts the unranked last.
func order(rank int) int {
	if rank <= 0 {
		return math.MaxInt
	}
	return rank
}

func check(requests []Request, teams []Team, p Policy) error {
	seen := map[string]bool{}
	for _, r := range requests {
		if r.ID == "" || seen[r.ID] {
			return fmt.Errorf("%w: request id %q is empty or repeated", ErrInput, r.ID)
		}
		seen[r.ID] = true
		for _, level := range r.Levels {
			if level < 0 || level > MaxLevel {
				return fmt.Errorf("%w: a level of request %q", ErrInput, r.ID)
			}
		}
		for id, amount := range r.Resources {
			if !nonNegative(amount) {
				return fmt.Errorf("%w: the need of request %q for resource %q", ErrInput, r.ID, id)
			}
		}
		if err := r.Second.check(r.ID); err != nil {
			return err
		}
		if !nonNegative(r.Size, r.Due) || math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
			return fmt.Errorf("%w: size or value of request %q", ErrInput, r.ID)
		}
	}
	clear(seen)
	for _, t := range teams {
		if t.ID == "" || seen[t.ID] {
			return fmt.Errorf("%w: team id %q is empty or repeated", ErrInput, t.ID)
		}
		seen[t.ID] = true
		if !nonNegative(t.Capacity, t.Absent, 1-t.Absent, t.Load, t.UrgentLoad, t.Pace, t.Carried, t.LoadCeiling, float64(t.WIP), float64(t.WIPLimit)) {
			return fmt.Errorf("%w: a figure of team %q", ErrInput, t.ID)
		}
		for _, w := range t.Weeks {
			if !nonNegative(w.Capacity, w.Load, w.UrgentLoad, float64(w.WIP)) {
				return fmt.Errorf("%w: a figure of the week from %s of team %q", ErrInput, w.From, t.ID)
			}
		}
	}
	w := p.Weights
	if !nonNegative(w.Skill, w.Balance, w.Preference, w.Continuity, w.Approach, p.LoadCeiling, p.Lateness, p.Switching, p.Fairness, p.Reserve, 1-p.Reserve) || w.sum() <= 0 {
		return fmt.Errorf("%w: weights or ceiling of the policy", ErrInput)
	}
	if p.Priority != Strict && p.Priority != Weighted {
		return fmt.Errorf("%w: priority %q", ErrInput, p.Priority)
	}
	return nil
}

func nonNegative(xs ...float64) bool {
	for _, x := range xs {
		if !(x >= 0) || math.IsInf(x, 1) {
			return false
		}
	}
	return true
}
