package backlog

import (
	"slices"
	"strings"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// fits finds out which of the requests that gave their slot back a team could take now, beside all that wait for a team. It returns why not,
// by id, for the others.
func fits(returned, waiting []store.Row, teams []store.TeamLoad, rules policy.AssignPolicy) (held map[string]string, err error) {
	list := make([]assign.Request, 0, len(returned)+len(waiting))
	for _, w := range append(waiting[:len(waiting):len(waiting)], returned...) {
		r := AssignRequest(w, rules)
		r.Resources = nil // only a search reads what of them is free; a team is what this is about
		list = append(list, r)
	}
	plan, err := assign.Assign(list, Candidates(teams, rules), Assigning(rules))
	if err != nil {
		return nil, err
	}
	held = map[string]string{}
	for _, d := range plan.Decisions {
		if d.Team == "" {
			held[d.Request] = Waits(d)
		}
	}
	return held, nil
}

// Waits says why a request got no team, and when one is free.
func Waits(d assign.Decision) string {
	if d.Binding == nil {
		return d.Sentence
	}
	text := strings.TrimSpace(d.Binding.Why + ". " + d.Binding.Frees)
	if d.Later != nil {
		text += ". " + d.Later.Text
	}
	return text
}

// AssignRequest is a request that waits for a team, as the engine weighs it.
func AssignRequest(w store.Row, rules policy.AssignPolicy) assign.Request {
	r := assign.Request{ID: w.ID, Number: pmo.Ref(w.Number), Rank: rank(w), Skills: pmo.SkillNames(w.Content.Skills), Levels: pmo.SkillLevels(w.Content.Skills, 0),
		Size: Size(w.Content, rules), Value: Value(w.Content), Excluded: w.DeclinedTeams(), Preferred: w.Preferred, Due: dueIn(w.Content.WantedBy, rules.Today), Approach: w.Approach.Name(),
		Urgent: rules.UsesReserve(w.Content.Class, w.Content.Kind), Resources: pmo.ResourceNeeds(w.Content.Resources),
		Confidential: w.Content.Confidential}
	if second := w.Content.SecondTeam; second.Needed() {
		part := &assign.Part{Skills: pmo.SkillNames(second.Skills), Levels: pmo.SkillLevels(second.Skills, 0), Excluded: w.DeclinedTeams(), Preferred: w.PreferredSecond}
		r.Size, part.Size = second.Sizes(r.Size)
		if before := w.PreviousAssignment; before != nil && before.Second != nil {
			part.Keep = before.Second.Team
		}
		r.Second = part
	}
	if named := w.NamedTeam; named != nil { // whatever skills are recorded for it, and whether or not it declined
		r.Only, r.Skills, r.Levels, r.Excluded = named.Team, nil, nil, nil
		if named.OverLimit && r.Second != nil {
			return secondAlone(r)
		}
	}
	if w.PreviousAssignment != nil {
		r.Keep = w.PreviousAssignment.Team
	}
	return r
}

// secondAlone is the part of the second team of a request whose first team was put over its limits, which is no part of a plan.
func secondAlone(r assign.Request) assign.Request {
	p := r.Second
	r.Excluded = append(slices.Clone(p.Excluded), r.Only)
	r.Skills, r.Levels, r.Size, r.Keep, r.Only, r.Preferred, r.Second = p.Skills, p.Levels, p.Size, p.Keep, "", p.Preferred, nil
	return r
}

// leastDue stands for a date that is today or past: without a date it is 0.
const leastDue = 0.01

// dueIn is in how many weeks a date is; 0 is no date.
func dueIn(date, today pmo.Date) float64 {
	if today == "" || date.EndUTC().IsZero() {
		return 0
	}
	return max(date.EndUTC().Sub(today.EndUTC()).Hours()/24/7, leastDue)
}

func rank(w store.Row) int {
	if w.Rank == nil {
		return 0
	}
	return *w.Rank
}

// Size is the size of a request in team-weeks, or the one assumed.
func Size(c pmo.Content, rules policy.AssignPolicy) float64 {
	if c.Size > 0 {
		return c.Size
	}
	return rules.AssumeSize
}

// Value is the cost of delay given by the requester and the PMO; 1 for a request without inputs.
func Value(c pmo.Content) float64 {
	sum := 1.0
	for _, part := range []*float64{c.Inputs.BusinessValue, c.Inputs.TimeCriticality, c.Inputs.RiskReduction} {
		if part != nil {
			sum += *part
		}
	}
	return sum
}

// Candidates are the teams with what they can hold in the next days: an absence counts while it lasts.
func Candidates(teams []store.TeamLoad, rules policy.AssignPolicy) []assign.Team {
	var list []assign.Team
	for _, t := range teams {
		more := t.WithPerson()
		limit, _ := t.LimitOr(rules.WIPLimit)
		moreLimit, _ := more.LimitOr(rules.WIPLimit)
		paused := ""
		if t.NoPeople() {
			paused = assign.NobodyThere
		}
		list = append(list, assign.Team{ID: t.ID, Name: t.Name, Skills: pmo.SkillLevels(t.Skills, assign.MaxLevel), Capacity: t.Capacity, Absent: t.AbsentIn(rules.Days), Load: t.Load, UrgentLoad: urgentLoad(t.Held, rules),
			WIPLimit: limit, WIP: t.WIP, Paused: paused, LoadCeiling: t.LoadCeiling, Parallel: len(t.Members), Pace: t.Pace, Measured: t.CapacityMeasured, Approaches: t.Approaches,
			More: assign.Person{Capacity: more.Capacity - t.Capacity, WIP: moreLimit - limit}})
	}
	return list
}

// urgentLoad is what the requests hold that may use the reserve.
func urgentLoad(held []store.HeldWork, rules policy.AssignPolicy) float64 {
	sum := 0.0
	for _, h := range held {
		if rules.UsesReserve(h.Class, h.Kind) {
			sum += h.Size
		}
	}
	return sum
}

// Assigning are the numbers of the policy as the engine takes them.
func Assigning(p policy.AssignPolicy) assign.Policy {
	out := assign.DefaultPolicy()
	out.LoadCeiling, out.Lateness, out.Switching, out.Reserve, out.Fairness = p.LoadCeiling, p.Lateness, p.Switching, p.Reserve, p.Fairness
	return out
}
