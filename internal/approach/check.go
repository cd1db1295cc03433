package approach

import (
	"math"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// Bounds of the numbers of a plan. Beyond them a plan is a mistake.
const (
	mostDays       = 3650
	mostIterations = 520
	mostBudget     = 1e12
)

// checker collects the faults of a plan.
type checker struct {
	plan   pmo.Plan
	works  Days
	faults []Fault
}

func (c *checker) that(holds bool, detail, pointer string, at ...any) {
	if !holds {
		c.faults = append(c.faults, fault(pointer, at...)("%s", detail))
	}
}

// Check lists what does not add up in a plan.
func Check(plan pmo.Plan, works Days) []Fault {
	c := &checker{plan: plan, works: works}
	c.dates()
	c.iterations()
	c.flow()
	c.packages()
	c.budget()
	c.rest()
	return c.faults
}

func day(d pmo.Date) time.Time {
	t, err := d.Time(time.UTC)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (c *checker) dates() {
	p := c.plan
	c.that(p.Start.Valid(), "is a date like 2027-03-31", "start")
	c.that(p.Due.Valid(), "is a date like 2027-03-31", "due")
	start := day(p.Start)
	c.that(p.Due == "" || !day(p.Due).Before(start), "lies before the start", "due")
	names := map[string]bool{}
	for i, m := range p.Milestones {
		c.that(!names[m.Name], "is the name of another milestone too", "milestones/%d/name", i)
		names[m.Name] = true
		c.that(m.Due == "" || !m.Due.Valid() || !day(m.Due).Before(start), "lies before the start of the plan, "+string(p.Start), "milestones/%d/due", i)
	}
}

func (c *checker) iterations() {
	p := c.plan
	c.that(p.Iterations >= 0 && p.Iterations <= mostIterations, "lies between 0 and 520", "iterations")
	c.that(p.WeeksEach >= 0 && p.WeeksEach <= 52, "lies between 1 and 52 weeks", "weeks_each")
	c.that((p.Iterations == 0) == (p.WeeksEach == 0), "an iteration has at least one week, and there is at least one", "weeks_each")
	if r := p.IterationRange; r != nil {
		c.that(r.Low >= 1, "is at least 1", "iteration_range/low")
		c.that(r.High >= r.Low && r.High <= mostIterations, "is at least low, and at most 520", "iteration_range/high")
	}
}

func (c *checker) flow() {
	p := c.plan
	if e := p.Expectation; e != nil {
		c.that(e.Days >= 1 && e.Days <= mostDays, "lies between 1 and 3650", "expectation/days")
		c.that(e.Probability > 0 && e.Probability < 1, "lies between 0 and 1, such as 0.85; nothing is certain", "expectation/probability")
	}
	c.that(p.WIPLimit >= 0 && p.WIPLimit <= 1000, "lies between 1 and 1000", "wip_limit")
	c.that(p.ReplenishDays >= 0 && p.ReplenishDays <= 366, "lies between 1 and 366", "replenish_days")
	c.that(p.ReviewDays >= 0 && p.ReviewDays <= 366, "lies between 1 and 366", "review_days")
	names := map[string]bool{}
	for i, class := range p.Classes {
		c.that(strings.TrimSpace(class.Name) != "" && !names[class.Name], "is given once and is not empty", "classes/%d/name", i)
		c.that(strings.TrimSpace(class.Rule) != "", "says how this class is treated", "classes/%d/rule", i)
		names[class.Name] = true
	}
}

func (c *checker) packages() {
	p := c.plan
	for i, w := range p.WorkPackages {
		c.that(strings.TrimSpace(w.Name) != "", "says what is done", "work_packages/%d/name", i)
		c.that(w.Optimistic >= 0 && w.Optimistic <= w.Likely, "is not negative, and not more than likely", "work_packages/%d/optimistic", i)
		c.that(w.Likely <= w.Pessimistic, "is not more than pessimistic", "work_packages/%d/likely", i)
		c.that(w.Pessimistic >= 0 && w.Pessimistic <= mostDays && !math.IsNaN(w.Likely), "lies between 0 and 3650 working days", "work_packages/%d/pessimistic", i)
	}
	schedule, faults := ScheduleOf(p.WorkPackages)
	c.faults = append(c.faults, faults...)
	for i, m := range p.Milestones {
		for n, id := range m.After {
			c.that(slices.ContainsFunc(p.WorkPackages, func(w pmo.WorkPackage) bool { return w.ID == id }), "is no work package of the plan", "milestones/%d/after/%d", i, n)
		}
		if _, least, known := schedule.finish(m.After); known && len(faults) == 0 && m.Due.Valid() && m.Due != "" && p.Start.Valid() && p.Start != "" {
			earliest := AfterWorking(day(p.Start), least, c.works)
			c.that(!day(m.Due).Before(earliest), "lies before the work packages that it waits for can be done, even if all goes well: "+string(dateOf(earliest)), "milestones/%d/due", i)
		}
	}
}

func (c *checker) budget() {
	b := c.plan.Budget
	if b == nil {
		return
	}
	c.that(b.Unit == pmo.BudgetTeamWeeks || b.Unit == pmo.BudgetMoney, "is team_weeks or money", "budget/unit")
	c.that(b.Total > 0 && b.Total <= mostBudget, "is more than 0", "budget/total")
	c.that(b.Change >= 0 && b.Change <= b.Total, "lies between 0 and the total", "budget/change")
}

func (c *checker) rest() {
	p := c.plan
	for i, text := range p.DoneWhen {
		c.that(strings.TrimSpace(text) != "", "is empty", "done_when/%d", i)
	}
	for i, r := range p.Risks {
		c.that(strings.TrimSpace(r.Text) != "", "says what may happen", "risks/%d/text", i)
		c.that(r.Probability >= 0 && r.Probability <= 5, "lies between 0 and 5", "risks/%d/probability", i)
		c.that(r.Impact >= 0 && r.Impact <= 5, "lies between 0 and 5", "risks/%d/impact", i)
	}
	if s := p.Seam; s != nil {
		c.that(strings.TrimSpace(s.Planned) != "", "says which part is planned", "seam/planned")
		c.that(strings.TrimSpace(s.Agile) != "", "says which part is agile", "seam/agile")
		c.that(strings.TrimSpace(s.Meets) != "", "says what one part gives the other, and when", "seam/meets")
	}
}

// CheckWhole lists what does not add up in a whole plan, and what its approach cannot do without.
func CheckWhole(plan pmo.Plan, works Days) []Fault {
	c := &checker{plan: plan, works: works, faults: Check(plan, works)}
	switch Approach(plan.Approach) {
	case Kanban, ContinuousDelivery:
		c.needsFlow()
	case Scrum, XP:
		c.needsIterations()
	case Scrumban:
		c.needsIterations()
		c.needsFlow()
	case Exploratory:
		c.needsIterations()
		c.that(slices.ContainsFunc(plan.Milestones, func(m pmo.Milestone) bool { return m.Gate }), "has no gate: when is it decided whether to go on?", "milestones")
	case Program:
		c.needsIterations()
	case Predictive:
		c.that(len(plan.Milestones) > 0, "a predictive plan has milestones", "milestones")
	case Hybrid:
		c.that(len(plan.Milestones) > 0, "the planned part has milestones", "milestones")
		c.needsIterations()
		c.that(plan.Seam != nil, "a hybrid names the part that is planned, the one that is agile, and how they meet", "seam")
	case Checklist:
		c.that(strings.TrimSpace(plan.Owner) != "", "says who sees to it", "owner")
		c.that(plan.Due != "", "says when it is done", "due")
		c.that(len(plan.DoneWhen) > 0, "says how one sees that it is done", "done_when")
	}
	return c.faults
}

func (c *checker) needsFlow() {
	c.that(c.plan.WIPLimit > 0, "limits the work in progress", "wip_limit")
	c.that(c.plan.SLEWords() != "", "says within which time an item is done, and how likely", "expectation")
}

func (c *checker) needsIterations() {
	c.that(strings.TrimSpace(c.plan.Goal) != "", "says what the iterations lead to", "goal")
	c.that(c.plan.WeeksEach > 0, "says how long an iteration is", "weeks_each")
}
