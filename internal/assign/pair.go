package assign

import (
	"fmt"
	"slices"
)

// check refuses figures of a second part that cannot be planned with.
func (p *Part) check(request string) error {
	if p == nil {
		return nil
	}
	for _, level := range p.Levels {
		if level < 0 || level > MaxLevel {
			return fmt.Errorf("%w: a level of the second team of request %q", ErrInput, request)
		}
	}
	if !nonNegative(p.Size) {
		return fmt.Errorf("%w: the size of the second team's part of request %q", ErrInput, request)
	}
	return nil
}

// Parts are the request, or its two parts where it needs two teams, the first one first. The value is shared by size: the fit of each team counts by what it does. Resources
// are needed once, and a team that was named is the first.
func (r Request) Parts() []Request {
	p := r.Second
	if p == nil {
		return []Request{r}
	}
	share := 0.5
	if whole := r.Size + p.Size; whole > 0 {
		share = p.Size / whole
	}
	share = min(max(share, eps), 1-eps) // each has a value
	first, second := r, r
	first.Second, second.Second = nil, nil
	first.Value, second.Value = r.weight()*(1-share), r.weight()*share
	second.Skills, second.Levels, second.Size, second.Keep, second.Excluded = p.Skills, p.Levels, p.Size, p.Keep, p.Excluded
	second.Resources, second.Only, second.Preferred, second.second = nil, "", p.Preferred, true
	return []Request{first, second}
}

// others are, by job, the other part of the same request; nil where no request has two.
func others(requests []Request) []int {
	var out []int
	for i, r := range requests {
		if !r.second {
			continue
		}
		if out == nil {
			out = nobodies(len(requests))
		}
		out[i], out[i-1] = i-1, i
	}
	return out
}

// otherOf is the other job of the same request; nobody where it has one alone.
func (p *problem) otherOf(i int) int {
	if p.other == nil {
		return nobody
	}
	return p.other[i]
}

// half reports whether a job is one of two of a request.
func (p *problem) half(i int) bool { return p.otherOf(i) != nobody }

// together are the jobs that get a place together: the two parts of a request, of which i is the first, or the job alone.
func (p *problem) together(i int) []int {
	if p.half(i) {
		return []int{i, p.other[i]}
	}
	return []int{i}
}

// complete reports whether both parts of each request have an agent, or neither.
func (p *problem) complete(agent []int) bool {
	for i := range p.other {
		if p.half(i) && (agent[i] == nobody) != (agent[p.other[i]] == nobody) {
			return false
		}
	}
	return true
}

// otherAt reports whether the other part of the same request is at an agent.
func (s *state) otherAt(i, j int) bool {
	other := s.p.otherOf(i)
	return other != nobody && s.agent[other] == j
}

// swapsApart reports whether an exchange of two jobs leaves the parts of each request with two agents.
func (s *state) swapsApart(i, k int) bool {
	return s.p.otherOf(i) == k || !s.otherAt(i, s.agent[k]) && !s.otherAt(k, s.agent[i])
}

func (s *state) clone() *state {
	c := *s
	c.agent, c.room, c.plain, c.stock = slices.Clone(s.agent), slices.Clone(s.room), slices.Clone(s.plain), slices.Clone(s.stock)
	c.slots, c.added, c.count = slices.Clone(s.slots), slices.Clone(s.added), slices.Clone(s.count)
	return &c
}

// solvePairs solves a problem in which requests have two parts that need two agents, both or none. That they belong together is left out for the
// bound, which holds for both. A plan that breaks it is mended: the parts that are at one agent, or alone, are taken out and placed again.
func solvePairs(p *problem, start []int, steps int) solution {
	if start == nil && !p.must {
		start = nobodies(p.jobs())
	}
	apart := *p
	apart.other = nil
	sol := solveLinear(&apart, start, steps)
	if sol.agent == nil || p.keeps(sol.agent) {
		return sol
	}
	mended, ok := p.mend(sol.agent)
	if !ok || start != nil && stateOf(p, start).gain > mended.gain {
		mended, ok = stateOfAny(p, start)
	}
	if !ok {
		return solution{bound: sol.bound}
	}
	sol.agent, sol.gain, sol.exact = mended.agent, mended.gain, same(mended.gain, sol.bound)
	return sol
}

// mend takes the parts that do not keep together out of a plan and places them again, each request as a whole. It fails where all must go and some
// have no place.
func (p *problem) mend(agent []int) (s *state, ok bool) {
	s = newState(p)
	var again [][]int
	for i := range agent {
		if p.half(i) && p.other[i] < i {
			continue
		}
		jobs := p.together(i)
		if len(jobs) == 2 && (agent[i] == agent[jobs[1]] || agent[i] == nobody || agent[jobs[1]] == nobody) {
			again = append(again, jobs)
			continue
		}
		for _, k := range jobs {
			if agent[k] != nobody {
				s.put(k, agent[k])
			}
		}
	}
	for _, jobs := range again {
		next := s.clone()
		switch placed := next.placeAll(jobs); {
		case placed && (p.must || next.gain > s.gain):
			s = next
		case p.must:
			return s, false
		}
	}
	return s, true
}

// stateOfAny is the state of an assignment where there is one.
func stateOfAny(p *problem, agent []int) (s *state, ok bool) {
	if agent == nil {
		return nil, false
	}
	return stateOf(p, agent), true
}

// unplaced are the requests without a team, whole.
func (b *board) unplaced(agent []int) []Request {
	placed := map[string]bool{}
	for i, j := range agent {
		if j != nobody {
			placed[b.requests[i].ID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(b.whole), func(r Request) bool { return placed[r.ID] })
}

// wholes are requests as this board knows them.
func (b *board) wholes(requests []Request) []Request {
	ids := make(map[string]bool, len(requests))
	for _, r := range requests {
		ids[r.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(b.whole), func(r Request) bool { return !ids[r.ID] })
}

// fold makes the two decisions about the parts of a request one.
func (b *board) fold(plan *Plan) {
	if b.problem.other == nil {
		return
	}
	var list []Decision
	for i, d := range plan.Decisions {
		switch {
		case b.requests[i].second:
			first := &list[len(list)-1]
			first.join(d)
		default:
			list = append(list, d)
		}
		list[len(list)-1].Position = len(list) - 1
	}
	plan.Decisions = list
}

// join adds what the plan says about the second part.
func (d *Decision) join(second Decision) {
	if second.Team == "" {
		return // the first part says why
	}
	d.Second = &Second{Team: second.Team, Fit: second.Fit, Parts: second.Parts, RunnerUp: second.RunnerUp, Others: second.Others, Sentence: second.Sentence}
}

// apart is why the parts of a request have no place together: of the one that no team could take, on an empty plan or beside this one, or that no two
// teams could. Nil where the first part is what binds.
func (b *board) apart(s *state, i int) *Binding {
	other := b.problem.otherOf(i)
	if other == nobody {
		return nil
	}
	for _, beside := range []*state{newState(b.problem), s} {
		mine, its := b.free(beside, i), b.free(beside, other)
		switch {
		case len(mine) == 0:
			return nil
		case len(its) == 0:
			found := b.alone(s, other)
			found.Why = "of its second team: " + found.Why
			return found
		case len(mine) == 1 && len(its) == 1 && mine[0] == its[0]:
			t := b.teams[mine[0]]
			return &Binding{Code: LimitOtherPart, Team: t.ID, Why: fmt.Sprintf("it needs two teams at once and only %s could take a part of it", t.label()),
				Frees: "Another team with the skills of one part, and room for it, would do"}
		}
	}
	return nil
}

// free are the teams that could take a job beside an assignment.
func (b *board) free(s *state, i int) []int {
	var teams []int
	for j := range b.teams {
		if s.fits(i, j) {
			teams = append(teams, j)
		}
	}
	return teams
}

// jobOf is the job of a request, or of its second part.
func (b *board) jobOf(id string, second bool) int {
	return slices.IndexFunc(b.requests, func(r Request) bool { return r.ID == id && r.second == second })
}

// placeless are those of the jobs of a request for which no team has a place; all of them where each has one and no two teams do.
func (b *board) placeless(s *state, first int) []int {
	jobs := b.problem.together(first)
	var list []int
	for _, i := range jobs {
		if len(b.free(s, i)) == 0 {
			list = append(list, i)
		}
	}
	if list == nil {
		return jobs
	}
	return list
}

// askAgain lets a team that declined the request be asked for either part.
func (r *Request) askAgain(team string) {
	without := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(t string) bool { return t == team })
	}
	if r.Excluded = without(r.Excluded); r.Second != nil {
		second := *r.Second
		second.Excluded = without(second.Excluded)
		r.Second = &second
	}
}

// level is the highest level at which a skill is needed of either team; 0 where none is said.
func (r Request) level(skill string) int {
	level := 0
	for _, p := range r.Parts() {
		level = max(level, p.Levels[skill])
	}
	return level
}

// takenBy reports whether a team, or two teams, one each, could take the parts of a request.
func takenBy(parts []Request, teams []Team, can func(Request, Team) bool) bool {
	for i, t := range teams {
		if !can(parts[0], t) {
			continue
		}
		if len(parts) == 1 {
			return true
		}
		for k, u := range teams {
			if k != i && can(parts[1], u) {
				return true
			}
		}
	}
	return false
}
