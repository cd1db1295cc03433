package pmo

import (
	"fmt"
	"strings"
	"time"
)

// Approach is the way of working.
type Approach struct {
	Recommended string   `json:"recommended"`
	RunnerUp    string   `json:"runner_up,omitempty"`
	Reasons     []string `json:"reasons"`
	Sensitivity []string `json:"flip,omitempty"` // what would change the recommendation
	Chosen      string   `json:"chosen,omitempty"`
	ChosenBy    string   `json:"chosen_by,omitempty"`
	Reason      string   `json:"reason,omitempty"` // why another one was chosen
	Policy      string   `json:"policy"`

	// What the recommendation says besides, since 0.9.
	LifeCycle   string   `json:"life_cycle,omitempty"`
	PlannedPart string   `json:"planned_part,omitempty"` // of a hybrid: which part is planned
	AgilePart   string   `json:"agile_part,omitempty"`   // and which is run in an agile way
	Mismatches  []string `json:"mismatches,omitempty"`   // answers that speak against it
	Sure        string   `json:"sure,omitempty"`         // high, medium or low
}

// Name is the approach in force: the chosen one, else the recommended.
func (a *Approach) Name() string {
	if a == nil {
		return ""
	}
	if a.Chosen != "" {
		return a.Chosen
	}
	return a.Recommended
}

// approachStep recommends a way of working; the delivery leads confirm it or choose another one.
func (r *Request) approachStep(now time.Time) Step {
	if r.Approach == nil {
		return Step{Action: ActionRecommend}
	}
	if step, open := r.toOpen(r.approachQuestion()); open {
		return step
	}
	if r.Approach.Chosen == "" {
		return Step{Action: ActionWait}
	}
	return r.moved(TriggerApproachConfirmed, now)
}

// Recommend stores the recommended way of working and its plan skeleton; by policy it may be confirmed without asking.
func (r *Request) Recommend(a Approach, p Plan, now time.Time) {
	r.Approach = &a
	r.Plan, r.PlanBy = &p, ""
	text := fmt.Sprintf("Recommended: %s, because %s.", a.Recommended, reasons(a.Reasons))
	if r.Rules.AutoApproach {
		a.Chosen, a.ChosenBy = a.Recommended, "policy"
		r.Approach = &a
		text += " Taken without asking, as the policy says for this lane."
	}
	r.meetPolicy(a.Policy)
	r.record(now, Entry{Event: EventRecommended, Text: text, Policy: a.Policy})
}

// renewRecommendation drops a recommendation that nobody has confirmed when an answer it rests on changed: the next one is made from the answers as
// they are then.
func (r *Request) renewRecommendation(changed []string, now time.Time) {
	if r.Process < Process09 || r.Stage != StageApproach || r.Approach == nil || r.Approach.Chosen != "" {
		return
	}
	if contains(changed, "context") || contains(changed, "size") || contains(changed, "kind") {
		r.Approach, r.Plan = nil, nil
		r.supersede(now, "the answers it rests on changed", KindApproach)
	}
}

// approachQuestion asks whether the recommended way of working is right; nil once one is chosen.
func (r *Request) approachQuestion() *QuestionSpec {
	if r.Approach == nil || r.Approach.Chosen != "" {
		return nil
	}
	return &QuestionSpec{Kind: KindApproach, Text: fmt.Sprintf("Work as %s? %s.", r.Approach.Recommended, reasons(r.Approach.Reasons))}
}

func (r *Request) approachSettled(q Question, reason string, now time.Time) {
	if r.Approach == nil {
		return
	}
	r.Approach.Chosen, r.Approach.ChosenBy = r.Approach.Recommended, q.SettledBy
	if q.Verdict == VerdictChoose {
		r.choose(q.Data.Approach, q.SettledBy, reason)
	}
}

// choose takes another way of working; the plan of the old one no longer fits and is made anew.
func (r *Request) choose(approach, by, reason string) {
	r.Approach.Chosen, r.Approach.ChosenBy, r.Approach.Reason = approach, by, reason
	if r.Plan == nil || r.Plan.Approach != approach {
		r.Plan = nil
	}
}

// reasons joins sentences into one.
func reasons(list []string) string {
	trimmed := make([]string, len(list))
	for i, s := range list {
		trimmed[i] = strings.TrimRight(s, ". ")
	}
	return strings.Join(trimmed, "; ")
}
