package demo

import (
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// Condition is what a story's first approver asks for, how the plan answers it, and what the acceptance says of it.
type Condition struct {
	Text      string `json:"text"`
	Milestone string `json:"milestone"` // of the plan, which answers it
	Note      string `json:"note"`      // or how it is met
	Unmet     string `json:"unmet"`     // why it is not met; empty: it is met
}

// decisionOn is what a person answers to a question: what the story's target demands, what its conditions and its team demand, or the default.
func (s *storyDriver) decisionOn(r *wire.Request, q *wire.OpenQuestion, person string) wire.Decision {
	if d, ok := s.overrides[q.Kind]; ok {
		return d
	}
	switch {
	case q.Kind == pmo.KindException && s.story.Team != "":
		return wire.Decision{Verdict: pmo.VerdictNameTeam, Reason: s.story.Reason, Data: pmo.Data{Team: s.story.Team}}
	case q.Kind == pmo.KindReview && s.asksForConditions(r, person):
		return s.approval()
	case q.Kind == pmo.KindPlan && len(unanswered(r)) > 0:
		return s.plan(r)
	case q.Kind == pmo.KindAcceptance:
		return s.acceptance(r)
	}
	return wire.Decision{Verdict: defaultVerdicts[q.Kind]}
}

// asksForConditions reports whether a person approves on the story's conditions: the first one who answers. The request as it was read may
// not show them yet, so the person is remembered; the same conditions of the same person are not added again.
func (s *storyDriver) asksForConditions(r *wire.Request, person string) bool {
	if s.asker == "" && len(s.story.Conditions) > 0 && len(r.Conditions) == 0 {
		s.asker = person
	}
	return s.asker == person
}

func (s *storyDriver) approval() wire.Decision {
	d := wire.Decision{Verdict: pmo.VerdictApproveConditions}
	for _, c := range s.story.Conditions {
		d.Data.Conditions = append(d.Data.Conditions, pmo.ConditionData{Text: c.Text})
	}
	return d
}

// plan counters with milestones and notes that answer the conditions.
func (s *storyDriver) plan(r *wire.Request) wire.Decision {
	plan := &pmo.Plan{}
	for _, c := range unanswered(r) {
		story := s.conditionOf(c)
		if story.Milestone != "" {
			plan.Milestones = append(plan.Milestones, pmo.Milestone{Name: story.Milestone})
		}
		plan.Conditions = append(plan.Conditions, pmo.PlanCondition{ID: c.ID, Milestone: story.Milestone, Note: story.Note})
	}
	if len(plan.Milestones) > 0 && r.Plan != nil {
		plan.Milestones = append(plan.Milestones, r.Plan.Milestones...) // a list replaces the one before
	}
	return wire.Decision{Verdict: pmo.VerdictCounter, Reason: "So that the plan answers what the approvers asked for", Data: pmo.Data{Plan: plan}}
}

// acceptance accepts and judges the conditions.
func (s *storyDriver) acceptance(r *wire.Request) wire.Decision {
	d := wire.Decision{Verdict: pmo.VerdictAccept}
	for _, c := range r.Conditions {
		if c.ToFulfil() {
			why := s.conditionOf(c).Unmet
			d.Data.Conditions = append(d.Data.Conditions, pmo.ConditionData{ID: c.ID, Met: new(why == ""), Reason: why})
		}
	}
	return d
}

// conditionOf is the story's condition with the text of one of the request.
func (s *storyDriver) conditionOf(c pmo.Condition) Condition {
	if i := slices.IndexFunc(s.story.Conditions, func(k Condition) bool { return k.Text == c.Text }); i >= 0 {
		return s.story.Conditions[i]
	}
	return Condition{Note: "As agreed with who asked for it"}
}

// unanswered are the conditions that the plan does not answer yet.
func unanswered(r *wire.Request) []pmo.Condition {
	return slices.DeleteFunc(slices.Clone(r.Conditions), func(c pmo.Condition) bool {
		return !c.ToFulfil() || r.Plan != nil && slices.ContainsFunc(r.Plan.Conditions, func(a pmo.PlanCondition) bool { return a.ID == c.ID })
	})
}
