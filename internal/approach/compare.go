package approach

import (
	"slices"
	"strconv"
	"time"

	"leanpmo/internal/pmo"
)

// Difference is one way in which a plan differs from a baseline.
type Difference struct {
	// What is approach, start, end, milestone, iterations, budget, expectation, wip_limit, goal or seam; Name is the milestone's.
	What string
	Name string
	// Was and Is are empty where there was or is none.
	Was, Is string
	// Days is how much later a date is; negative is earlier.
	Days int
}

// Compare lists how a plan differs from a baseline.
func Compare(baseline, now pmo.Plan) []Difference {
	var out []Difference
	add := func(what, was, is string) {
		if was != is {
			out = append(out, Difference{What: what, Was: was, Is: is, Days: daysBetween(was, is)})
		}
	}
	add("approach", baseline.Approach, now.Approach)
	add("goal", baseline.Goal, now.Goal)
	add("start", string(baseline.Start), string(now.Start))
	add("end", string(End(baseline)), string(End(now)))
	out = append(out, milestoneDifferences(baseline.Milestones, now.Milestones)...)
	add("iterations", iterationsOf(baseline), iterationsOf(now))
	add("expectation", baseline.SLEWords(), now.SLEWords())
	add("wip_limit", number(float64(baseline.WIPLimit)), number(float64(now.WIPLimit)))
	add("budget", budgetOf(baseline), budgetOf(now))
	add("seam", seamOf(baseline), seamOf(now))
	return out
}

func milestoneDifferences(was, is []pmo.Milestone) (out []Difference) {
	named := func(list []pmo.Milestone, name string) *pmo.Milestone {
		if i := slices.IndexFunc(list, func(m pmo.Milestone) bool { return m.Name == name }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	dated := func(m pmo.Milestone) string {
		if m.Due == "" {
			return m.Name
		}
		return string(m.Due)
	}
	for _, before := range was {
		now := named(is, before.Name)
		switch {
		case now == nil:
			out = append(out, Difference{What: "milestone", Name: before.Name, Was: dated(before)})
		case now.Due != before.Due:
			out = append(out, Difference{What: "milestone", Name: before.Name, Was: string(before.Due), Is: string(now.Due), Days: daysBetween(string(before.Due), string(now.Due))})
		}
	}
	for _, m := range is {
		if named(was, m.Name) == nil {
			out = append(out, Difference{What: "milestone", Name: m.Name, Is: dated(m)})
		}
	}
	return out
}

// End is the last day of a plan; empty where it has no dates.
func End(p pmo.Plan) pmo.Date {
	end := p.Due
	for _, m := range p.Milestones {
		end = max(end, m.Due) // dates sort as texts
	}
	return end
}

func daysBetween(was, is string) int {
	a, err := time.Parse(time.DateOnly, was)
	b, err2 := time.Parse(time.DateOnly, is)
	if err != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

func number(v float64) string {
	if v == 0 {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func iterationsOf(p pmo.Plan) string {
	if p.Iterations == 0 {
		return ""
	}
	return plural(p.Iterations, "iteration") + " of " + plural(p.WeeksEach, "week")
}

func budgetOf(p pmo.Plan) string {
	if p.Budget == nil {
		return ""
	}
	return number(p.Budget.Total) + " " + string(p.Budget.Unit)
}

func seamOf(p pmo.Plan) string {
	if p.Seam == nil {
		return ""
	}
	return p.Seam.Planned + " / " + p.Seam.Agile
}
