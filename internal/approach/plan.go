package approach

import (
	"math"
	"time"
)

// PlanPolicy holds the numbers of plan skeletons; zero means the default.
type PlanPolicy struct {
	// WeeksPerPoint turns job size into calendar weeks (1).
	WeeksPerPoint float64 `json:"weeks_per_point,omitempty"`
	// IterationWeeks is the length of an iteration (2).
	IterationWeeks int `json:"iteration_weeks,omitempty"`
	// IntervalWeeks is the length of a program's planning interval (10).
	IntervalWeeks int `json:"interval_weeks,omitempty"`
	// ExperimentWeeks is the timebox of an experiment (2), MaxExperiments how many
	// there are before the pivot-or-persevere decision at the latest (3).
	ExperimentWeeks int `json:"experiment_weeks,omitempty"`
	MaxExperiments  int `json:"max_experiments,omitempty"`
	// WIPLimit is a pull system's starting limit in items (3).
	WIPLimit int `json:"wip_limit,omitempty"`
	// Probability of a service-level expectation (0.85).
	Probability float64 `json:"probability,omitempty"`
	// ChangeBudget is the share of effort kept for change in a hybrid plan (0.15).
	ChangeBudget float64 `json:"change_budget,omitempty"`
}

func (p PlanPolicy) filled() PlanPolicy {
	fill(&p.WeeksPerPoint, 1)
	fill(&p.IterationWeeks, 2)
	fill(&p.IntervalWeeks, 10)
	fill(&p.ExperimentWeeks, 2)
	fill(&p.MaxExperiments, 3)
	fill(&p.WIPLimit, 3)
	fill(&p.Probability, 0.85)
	fill(&p.ChangeBudget, 0.15)
	return p
}

// Milestone is a point of the plan, Week weeks after the start. Due is zero
// while the start is unknown.
type Milestone struct {
	Name string    `json:"name"`
	Week int       `json:"week"`
	Due  time.Time `json:"due,omitzero"`
	// Gate marks a decision with criteria, not only a date.
	Gate bool `json:"gate,omitempty"`
}

// Expectation is a service-level expectation: a period and the probability of
// being done within it. It is not a promise.
type Expectation struct {
	Days        int     `json:"days"`
	Probability float64 `json:"probability"`
	// Basis says where the number comes from.
	Basis string `json:"basis"`
}

// Plan is a skeleton of the weight the approach needs, for people to fill in.
type Plan struct {
	Kind Approach `json:"kind"`
	// Weeks is the expected length; 0 while the size is unknown.
	Weeks int `json:"weeks,omitempty"`
	// Iterations of IterationWeeks each; for a program, Intervals of IntervalWeeks.
	Iterations     int          `json:"iterations,omitempty"`
	IterationWeeks int          `json:"iteration_weeks,omitempty"`
	Intervals      int          `json:"intervals,omitempty"`
	IntervalWeeks  int          `json:"interval_weeks,omitempty"`
	Milestones     []Milestone  `json:"milestones,omitempty"`
	SLE            *Expectation `json:"sle,omitempty"`
	WIPLimit       int          `json:"wip_limit,omitempty"`
	ChangeBudget   float64      `json:"change_budget,omitempty"`
	Steps          []string     `json:"steps,omitempty"`
	Notes          []string     `json:"notes,omitempty"`
}

// Skeleton makes the plan skeleton of an approach for a job size in points (nil
// or ≤ 0 is unknown: the plan then asks for the size instead of inventing
// dates). A zero start gives weeks without dates.
func Skeleton(a Approach, jobSize *float64, start time.Time, p PlanPolicy) Plan {
	p = p.filled()
	plan := Plan{Kind: a}
	if points, ok := known(jobSize); ok && points > 0 {
		// Beyond ten years a plan is a bug, not a plan; the cap keeps dates finite.
		plan.Weeks = int(math.Ceil(min(points*p.WeeksPerPoint, 520)))
	} else {
		plan.Notes = append(plan.Notes, "size unknown: estimate it before dates are given")
	}
	switch a {
	case Predictive:
		plan.stages()
	case Hybrid:
		plan.shell(p)
	case Program:
		plan.train(p)
	case Exploratory:
		plan.experiments(p)
	case Scrum, XP:
		plan.iterate(p.IterationWeeks)
	case Scrumban:
		plan.iterate(p.IterationWeeks)
		plan.flow(p)
	case Checklist:
		plan.flow(p)
		plan.WIPLimit = 0
		plan.Steps = []string{"agree what done means", "do it", "hand it over", "requester confirms"}
	default:
		plan.flow(p)
	}
	plan.date(start)
	return plan
}

func (p *Plan) date(start time.Time) {
	if start.IsZero() {
		p.Notes = append(p.Notes, "dates follow when the start is known")
		return
	}
	for i := range p.Milestones {
		p.Milestones[i].Due = start.AddDate(0, 0, 7*p.Milestones[i].Week)
	}
}

// known reads a size that may be unknown; an impossible one, negative or not finite, is unknown.
func known(v *float64) (float64, bool) {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) || *v < 0 {
		return 0, false
	}
	return *v, true
}
