package pmo

import (
	"fmt"
	"time"
)

// Approaches lists the ways of working a request may be worked in, lightest first. What each means is internal/approach's.
func Approaches() []string {
	return []string{"checklist", "kanban", "scrum", "scrumban", "continuous_delivery", "exploratory", "program", "xp", "hybrid", "predictive"}
}

// Plan is how the work will be done: of the weight its approach needs, no heavier. Which fields an approach uses is internal/approach's.
type Plan struct {
	Approach   string      `json:"approach,omitempty"`
	Summary    string      `json:"summary,omitempty"` // omitted when empty: in a counter-proposal that a Go client sends, an empty text would clear it
	Milestones []Milestone `json:"milestones,omitzero" maxItems:"50"`
	Iterations int         `json:"iterations,omitempty"`
	WeeksEach  int         `json:"weeks_each,omitempty"` // length of an iteration
	SLE        string      `json:"sle,omitempty"`        // service-level expectation: a period and a probability
	// Conditions say how the plan answers what approvers asked for.
	Conditions []PlanCondition `json:"conditions,omitempty" maxItems:"50"`
	AgreedAt   time.Time       `json:"agreed_at,omitzero"`
	// Clear names the fields that a counter-proposal empties. The doors set it, as in Merge.
	Clear []string `json:"clear,omitempty" hidden:"true"`

	// Since 0.9.
	Version        int              `json:"version,omitempty" doc:"Grows with every proposal; a proposal names the one it is based on"`
	Start          Date             `json:"start,omitempty" doc:"The first day of the work; no milestone lies before it"`
	Due            Date             `json:"due,omitempty" doc:"Express: when it is done"`
	Owner          string           `json:"owner,omitempty" maxLength:"200" doc:"Express: who sees to it"`
	Goal           string           `json:"goal,omitempty" maxLength:"4000" doc:"The product goal, or the question that experiments answer"`
	DoneWhen       []string         `json:"done_when,omitempty" maxItems:"50" doc:"Definition of done: what is true of every finished item"`
	IterationRange *IterationRange  `json:"iteration_range,omitempty" doc:"How many iterations it may take"`
	Expectation    *PlanExpectation `json:"expectation,omitempty" doc:"The service-level expectation in numbers; sle has the words of a plan without them"`
	WIPLimit       int              `json:"wip_limit,omitempty" doc:"How many items are in progress at the same time, at most"`
	Classes        []ServiceClass   `json:"classes,omitempty" maxItems:"50" doc:"Classes of service and how each is treated"`
	ReplenishDays  int              `json:"replenish_days,omitempty" doc:"Days between two replenishments"`
	ReviewDays     int              `json:"review_days,omitempty" doc:"Days between two reviews with the requester"`
	WorkPackages   []WorkPackage    `json:"work_packages,omitempty" maxItems:"50" doc:"What is planned, with estimates and dependencies"`
	Budget         *Budget          `json:"budget,omitempty"`
	Seam           *Seam            `json:"seam,omitempty" doc:"Hybrid: which part is planned, which is agile, and how they meet"`
	Risks          []Risk           `json:"risks,omitempty" maxItems:"50"`
}

// Agreed reports whether requester and team have signed the plan.
func (p *Plan) Agreed() bool { return p != nil && !p.AgreedAt.IsZero() }

// Health is how the team sees it.
type Health string

// Health: green as planned, amber needs attention, red needs a decision; unknown after silence. Which of them holds is in health.go.
const (
	HealthGreen   Health = "green"
	HealthAmber   Health = "amber"
	HealthRed     Health = "red"
	HealthUnknown Health = "unknown"
)

// Progress is what the team's reports say. Percent, health, risks and blocker stay until a report changes them.
type Progress struct {
	By           string    `json:"by"`
	At           time.Time `json:"at"`                   // when the latest report arrived
	HappenedAt   time.Time `json:"happened_at,omitzero"` // when what it says happened, if before that
	Percent      *int      `json:"percent,omitempty"`    // 0 to 100
	Health       Health    `json:"health"`
	HealthBefore Health    `json:"health_before,omitempty"` // while it is unknown: the one reported last
	Note         string    `json:"note,omitempty"`
	Risks        []Risk    `json:"risks,omitempty"`
	Blocked      string    `json:"blocked,omitempty"` // why it cannot go on; empty when it can
	// EarnedValue is the latest measurement of planned work against the budget of its plan.
	EarnedValue *EarnedValue `json:"earned_value,omitempty"`
	Measure     *Measure     `json:"measure,omitempty"`
	Done        bool         `json:"done,omitempty"`
	Silent      bool         `json:"silent,omitempty"` // the team did not answer how it goes; since 0.10
}

// Measure counts work in the unit of an agile plan.
type Measure struct {
	Unit  MeasureUnit `json:"unit" enum:"items,points"`
	Done  float64     `json:"done"`
	Total float64     `json:"total"`
}

// MeasureUnit is what is counted.
type MeasureUnit string

// The units of a measure.
const (
	MeasureItems  MeasureUnit = "items"
	MeasurePoints MeasureUnit = "points"
)

// percent is how much of it is done.
func (m Measure) percent() int { return int(100 * m.Done / m.Total) }

// Words say the measure.
func (m Measure) Words() string { return fmt.Sprintf("%g of %g %s", m.Done, m.Total, m.Unit) }

// Risk is something that may happen and what it would cost.
type Risk struct {
	Text        string `json:"text" minLength:"1"`
	Probability int    `json:"probability,omitempty" minimum:"0" maximum:"5" doc:"1 to 5; 0 where it is not known"`
	Impact      int    `json:"impact,omitempty" minimum:"0" maximum:"5" doc:"1 to 5; 0 where it is not known"`
}
