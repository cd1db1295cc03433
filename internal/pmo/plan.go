package pmo

import (
	"fmt"
	"strings"
	"time"
)

// Approaches lists the ways of working a request may be worked in, lightest first. What each means is internal/approach's.
func Approaches() []string {
	return []string{"checklist", "kanban", "scrum", "scrumban", "continuous_delivery", "exploratory", "program", "xp", "hybrid", "predictive"}
}

// Plan is how the work will be done: of the weight its approach needs, no heavier.
type Plan struct {
	Approach   string      `json:"approach,omitempty"`
	Summary    string      `json:"summary,omitempty"` // omitted when empty: in a counter-proposal that a Go client sends, an empty text would clear it
	Milestones []Milestone `json:"milestones,omitzero"`
	Iterations int         `json:"iterations,omitempty"`
	WeeksEach  int         `json:"weeks_each,omitempty"` // length of an iteration
	SLE        string      `json:"sle,omitempty"`        // service-level expectation: a period and a probability
	// Conditions say how the plan answers what approvers asked for.
	Conditions []PlanCondition `json:"conditions,omitempty" maxItems:"50"`
	AgreedAt   time.Time       `json:"agreed_at,omitzero"`
	// Clear names the fields that a counter-proposal empties. The doors set it, as in Merge.
	Clear []string `json:"clear,omitempty" hidden:"true"`
}

// Agreed reports whether requester and team have signed the plan.
func (p *Plan) Agreed() bool { return p != nil && !p.AgreedAt.IsZero() }

// Counter is the plan that a counter-proposal makes of the present one, which may be nil: what it does not mention stays, and what it clears
// is empty. Nobody has agreed on it yet.
func (p *Plan) Counter(proposal Plan) Plan {
	var plan Plan
	if p != nil {
		plan = *p
	}
	plan.AgreedAt = time.Time{}
	plan.clear(proposal.Clear)
	if proposal.Summary != "" {
		plan.Summary = proposal.Summary
	}
	if proposal.Milestones != nil {
		plan.Milestones = proposal.Milestones
	}
	if proposal.Iterations != 0 {
		plan.Iterations = proposal.Iterations
	}
	if proposal.WeeksEach != 0 {
		plan.WeeksEach = proposal.WeeksEach
	}
	if proposal.SLE != "" {
		plan.SLE = proposal.SLE
	}
	plan.Conditions = withConditions(plan.Conditions, proposal.Conditions)
	return plan
}

// clear empties fields of the plan.
func (p *Plan) clear(fields []string) {
	for _, field := range fields {
		switch field {
		case "summary":
			p.Summary = ""
		case "milestones":
			p.Milestones = nil
		case "iterations":
			p.Iterations = 0
		case "weeks_each":
			p.WeeksEach = 0
		case "sle":
			p.SLE = ""
		}
	}
}

// CheckCounter returns why a counter-proposal makes no plan, or nil. The API asks it; the process takes what was recorded before it was asked.
func (r *Request) CheckCounter(proposal Plan, approach string) *Refusal {
	base := r.Plan
	if approach != "" && approach != r.Approach.Name() {
		base = nil // another approach needs another plan
	}
	plan := base.Counter(proposal)
	switch {
	case strings.TrimSpace(plan.Summary) == "":
		return invalid("/data/plan/summary", "says how the work is done")
	case plan.Iterations < 0 || plan.Iterations == 0 && plan.WeeksEach > 0:
		return invalid("/data/plan/iterations", "is more than 0: how many iterations of %d weeks", plan.WeeksEach)
	case plan.WeeksEach < 0 || plan.WeeksEach == 0 && plan.Iterations > 0:
		return invalid("/data/plan/weeks_each", "is more than 0: how long is each of the %d iterations", plan.Iterations)
	}
	for i, milestone := range plan.Milestones {
		if strings.TrimSpace(milestone.Name) == "" {
			return invalid(fmt.Sprintf("/data/plan/milestones/%d/name", i), "says what is reached")
		}
		if !milestone.Due.Valid() {
			return invalid(fmt.Sprintf("/data/plan/milestones/%d/due", i), "is a date like 2027-03-31")
		}
	}
	return r.checkPlanConditions(plan, proposal.Conditions)
}

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
	Probability int    `json:"probability,omitempty" minimum:"0" maximum:"5" doc:"1 to 5; 0 where it is not known"`
	Impact      int    `json:"impact,omitempty" minimum:"0" maximum:"5" doc:"1 to 5; 0 where it is not known"`
}
