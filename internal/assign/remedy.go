package assign

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"leanpmo/internal/pmo"
)

const (
	// remedyTeams is how many teams a request is offered a change of.
	remedyTeams = 4
	// remedyTries is how many teams are planned with, those with the smallest changes first.
	remedyTries = 8
	// remedyRounds is how often one team's change is made larger, where others that are ranked better take what it frees.
	remedyRounds = 4
	// remedyWork limits the size of all that is planned for one request: a plan's is its requests times its teams. The first plans are always made.
	remedyWork, leastPlans = 100_000, 3
	// mostTaught is how many skills a team may lack for a change of it to be proposed.
	mostTaught = 5
	// leastPart is the smallest part of a request, in capacity units, that a split is proposed for.
	leastPart = 0.5
)

// Remedies are the smallest changes by which a request would get a team, the smallest first: for each team what would have to change of it, and a
// split. Every change of a team was planned with: the request, and all that are ranked before it, have their places under it. None where
// the request has a team, or does not wait.
func Remedies(resources []Resource, requests []Request, teams []Team, policy Policy, id string) ([]pmo.Remedy, error) {
	policy = policy.withDefaults()
	if err := cmp.Or(check(requests, teams, policy), checkResources(resources)); err != nil {
		return nil, err
	}
	b := newBoard(requests, teams, policy, resources, 0)
	i := slices.IndexFunc(b.whole, func(r Request) bool { return r.ID == id })
	if i < 0 {
		return nil, nil
	}
	if policy.Priority == Strict { // those who are served after it change nothing for it
		b = newBoard(b.whole[:i+1], b.teams, policy, resources, 0)
	}
	s, first := stateOf(b.problem, b.served()), b.jobOf(id, false)
	if s.agent[first] != nobody {
		return nil, nil
	}
	plans := max(remedyWork/max(len(b.requests)*len(b.teams), 1), leastPlans)
	var found []pmo.Remedy
	for _, i := range b.placeless(s, first) {
		for _, j := range b.nearest(s, i) {
			if len(found) == remedyTeams {
				break
			}
			m, helps := b.remedyAt(s, i, j, &plans)
			if helps && !slices.ContainsFunc(found, func(other pmo.Remedy) bool { return other.ID == m.ID }) {
				found = append(found, m)
			}
		}
	}
	if m := b.twoTeams(first, &plans); m != nil {
		found = append(found, *m)
	}
	if m := b.split(s, first); m != nil {
		found = append(found, *m)
	}
	for k := range found {
		found[k].Say()
	}
	return found, nil
}

// CouldEver reports whether some team could take the request by its skills and by all its capacity, whatever it holds now.
func CouldEver(r Request, teams []Team, policy Policy) bool {
	policy = policy.withDefaults()
	return takenBy(r.Parts(), teams, func(r Request, t Team) bool {
		if r.Only != "" && r.Only != t.ID {
			return false
		}
		most := t.Capacity
		for _, w := range t.Weeks {
			most = max(most, w.Capacity)
		}
		return len(missingSkills(r, t, policy)) == 0 && !slices.Contains(r.Excluded, t.ID) && t.size(r) <= most*t.share(r, policy)+eps
	})
}

// served says who gets a place, by team; which team it is does not matter here.
func (b *board) served() []int {
	if b.policy.Priority != Strict {
		return b.solve().agent
	}
	agent, _ := serve(b.problem)
	return agent
}

// lacks is what keeps team j from taking request i beside an assignment; ok is false where no change of limits or skills would do.
func (b *board) lacks(s *state, i, j int) (m pmo.Remedy, ok bool) {
	r, t := b.requests[i], b.teams[j]
	m = pmo.Remedy{ID: pmo.RemedyID(t.ID), Team: t.ID, Name: t.label(), AskAgain: slices.Contains(r.Excluded, t.ID)}
	for _, skill := range missingSkills(r, t, b.policy) {
		m.Skills = append(m.Skills, fmt.Sprintf("%s:%d", skill, max(b.policy.MinLevel, 1, r.Levels[skill])))
	}
	if t.WIPLimit > 0 && t.WIP+s.count[j] >= t.WIPLimit {
		m.WIPLimit = &pmo.Raise{From: float64(t.WIPLimit), To: float64(t.WIP + s.count[j] + 1)}
	}
	if short, capacity := t.size(r)-s.left(i, j), t.capacity(); short > eps {
		needed := t.ceiling(b.policy) + short/capacity
		if capacity <= 0 || needed > 1+eps {
			return m, false
		}
		m.LoadCeiling = &pmo.Raise{From: t.ceiling(b.policy), To: math.Ceil(100*needed-eps) / 100}
	}
	return m, t.Paused == "" && len(m.Skills) <= mostTaught
}

// nearest are the teams for which a change would do, the smallest change first: the fewest kinds of it, then the fewest levels of skills, then the
// smallest raises.
func (b *board) nearest(s *state, i int) []int {
	size := map[int][3]float64{}
	var list []int
	for j, t := range b.teams {
		m, ok := b.lacks(s, i, j)
		if !ok {
			continue
		}
		var kinds, raise float64
		if m.AskAgain {
			kinds++
		}
		if len(m.Skills) > 0 {
			kinds++
		}
		for _, limit := range []*pmo.Raise{m.WIPLimit, m.LoadCeiling} {
			if limit != nil {
				kinds, raise = kinds+1, raise+limit.To/limit.From
			}
		}
		names := missingSkills(b.requests[i], t, b.policy)
		size[j] = [3]float64{kinds, float64(b.requests[i].short(names, t)), raise}
		list = append(list, j)
	}
	slices.SortStableFunc(list, func(x, y int) int {
		a, b := size[x], size[y]
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
	})
	return list[:min(len(list), remedyTries)]
}

// remedyAt is what would have to change of team j, planned with; helps is false where the request would still have no place, or no plan is left.
func (b *board) remedyAt(s *state, i, j int, plans *int) (m pmo.Remedy, helps bool) {
	part, total := b.requests[i], pmo.Remedy{}
	for range remedyRounds {
		m, ok := b.lacks(s, i, j)
		if *plans == 0 || !ok || !m.ChangesTeam() && !m.AskAgain {
			return m, false
		}
		*plans--
		total = widened(total, m)
		teams, requests := slices.Clone(b.teams), slices.Clone(b.whole)
		teams[j] = changed(teams[j], total)
		whole := &requests[slices.IndexFunc(requests, func(r Request) bool { return r.ID == part.ID })]
		whole.askAgain(m.Team)
		b = newBoard(requests, teams, b.policy, b.resources, b.week)
		i = b.jobOf(part.ID, part.second)
		if s = stateOf(b.problem, b.served()); s.agent[i] != nobody {
			return total, true
		}
	}
	return total, false
}

// widened is a change that also makes the next one. What it says of a limit before stays.
func widened(m, next pmo.Remedy) pmo.Remedy {
	if m.ID == "" {
		return next
	}
	m.WIPLimit, m.LoadCeiling = raised(m.WIPLimit, next.WIPLimit), raised(m.LoadCeiling, next.LoadCeiling)
	m.Skills = append(m.Skills, next.Skills...)
	return m
}

func raised(a, b *pmo.Raise) *pmo.Raise {
	switch {
	case b == nil:
		return a
	case a == nil:
		return b
	}
	return &pmo.Raise{From: a.From, To: max(a.To, b.To)}
}

// changed is the team with a change.
func changed(t Team, m pmo.Remedy) Team {
	if m.WIPLimit != nil {
		t.WIPLimit = int(m.WIPLimit.To)
	}
	if m.LoadCeiling != nil {
		t.LoadCeiling = m.LoadCeiling.To
	}
	if len(m.Skills) > 0 {
		skills := maps.Clone(t.Skills)
		if skills == nil {
			skills = map[string]int{}
		}
		for name, level := range pmo.SkillLevels(m.Skills, 1) {
			skills[name] = max(skills[name], level)
		}
		t.Skills = skills
	}
	return t
}

// split is what a split would do: two teams that together have the skills that no team has, or the largest part for which a team has room.
func (b *board) split(s *state, i int) *pmo.Remedy {
	r, best := b.requests[i], (*pmo.Remedy)(nil)
	if b.problem.half(i) {
		return nil // it is in two parts already
	}
	skilled := false
	for j, t := range b.teams {
		if len(missingSkills(r, t, b.policy)) > 0 {
			continue
		}
		skilled = true
		room := math.Floor(10*t.ordinary(s.left(i, j))+eps) / 10
		if slices.Contains(r.Excluded, t.ID) || t.Paused != "" || s.slots[j] <= 0 || room < leastPart || room >= r.Size || best != nil && best.Size >= room {
			continue
		}
		best = &pmo.Remedy{ID: pmo.RemedySplit, Team: t.ID, Name: t.label(), Size: room}
	}
	if skilled {
		return best
	}
	if t, u, found := b.covering(r); found {
		return &pmo.Remedy{ID: pmo.RemedySplit, Team: t.ID, Name: t.label(), With: u.label()}
	}
	return nil
}

// covering finds two teams that together have the skills that no team has.
func (b *board) covering(r Request) (t, u Team, found bool) {
	for x, t := range b.teams {
		for _, u := range b.teams[x+1:] {
			if covers(r, t, u, b.policy) {
				return t, u, true
			}
		}
	}
	return t, u, false
}

// twoTeams is what two teams at once would do of a request for whose skills no team is enough: the one that has most of them is the first, and each
// does half. Planned with: nil where the request would still have no place.
func (b *board) twoTeams(i int, plans *int) *pmo.Remedy {
	r := b.requests[i]
	if b.problem.half(i) || r.Only != "" || *plans == 0 || slices.ContainsFunc(b.teams, func(t Team) bool { return len(missingSkills(r, t, b.policy)) == 0 }) {
		return nil
	}
	t, u, found := b.covering(r)
	if !found {
		return nil
	}
	if len(missingSkills(r, u, b.policy)) < len(missingSkills(r, t, b.policy)) {
		t, u = u, t
	}
	*plans--
	missing, requests := missingSkills(r, t, b.policy), slices.Clone(b.whole)
	whole := &requests[slices.IndexFunc(requests, func(other Request) bool { return other.ID == r.ID })]
	whole.Skills = slices.DeleteFunc(slices.Clone(r.Skills), func(skill string) bool { return slices.Contains(missing, skill) })
	whole.Second = &Part{Skills: missing, Levels: r.Levels, Size: r.Size / 2, Excluded: r.Excluded}
	whole.Size = r.Size / 2
	next := newBoard(requests, b.teams, b.policy, b.resources, b.week)
	agent := next.served()
	first, second := agent[next.jobOf(r.ID, false)], agent[next.jobOf(r.ID, true)]
	if first == nobody {
		return nil
	}
	m := &pmo.Remedy{ID: pmo.RemedySecond, Team: next.teams[first].ID, Name: next.teams[first].label(), With: next.teams[second].label()}
	for _, skill := range missing {
		m.Second = append(m.Second, fmt.Sprintf("%s:%d", skill, max(b.policy.MinLevel, 1, r.Levels[skill])))
	}
	return m
}
