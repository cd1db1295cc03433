package pmo

import "time"

// Approaches lists the ways of working a request may be worked in, lightest first. What each means is internal/approach's.
func Approaches() []string {
	return []string{"checklist", "kanban", "scrum", "scrumban", "continuous_delivery", "exploratory", "program", "xp", "hybrid", "predictive"}
}

// Plan is how the work will be done: of the weight its approach needs, no heavier.
type Plan struct {
	Approach   string      `json:"approach"`
	Summary    string      `json:"summary"`
	Milestones []Milestone `json:"milestones,omitempty"`
	Iterations int         `json:"iterations,omitempty"`
	WeeksEach  int         `json:"weeks_each,omitempty"` // length of an iteration
	SLE        string      `json:"sle,omitempty"`        // service-level expectation: a period and a probability
	AgreedAt   time.Time   `json:"agreed_at,omitzero"`
}

// Agreed reports whether requester and team have signed the plan.
func (p *Plan) Agreed() bool { return p != nil && !p.AgreedAt.IsZero() }

// Milestone is a dated point of a plan.
type Milestone struct {
	Name string `json:"name" minLength:"1"`
	Due  Date   `json:"due,omitempty"`
	Done bool   `json:"done,omitempty"`
}

// Health is how the team sees it.
type Health string

// Health by rule of thumb: green as planned, amber needs attention, red needs a decision; unknown after silence.
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
	Done         bool      `json:"done,omitempty"`
}

// Risk is something that may happen and what it would cost.
type Risk struct {
	Text        string `json:"text" minLength:"1"`
	Probability int    `json:"probability,omitempty"` // 1 to 5
	Impact      int    `json:"impact,omitempty"`      // 1 to 5
}
