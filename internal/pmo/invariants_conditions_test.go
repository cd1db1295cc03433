package pmo_test

import (
	"fmt"
	"slices"

	"leanpmo/internal/pmo"
)

func conditionsStay(was, is *pmo.Request, _ seen) string {
	if len(is.Conditions) < len(was.Conditions) || len(is.Conditions) > 30 {
		return fmt.Sprintf("%d conditions became %d", len(was.Conditions), len(is.Conditions))
	}
	for i, c := range is.Conditions {
		switch {
		case c.ID != fmt.Sprintf("c%d", i+1):
			return c.ID + " is number " + fmt.Sprint(i+1)
		case i < len(was.Conditions) && (was.Conditions[i].Text != c.Text || was.Conditions[i].By != c.By):
			return c.ID + " is another one than before"
		case i < len(was.Conditions) && was.Conditions[i].Void != "" && c.Void == "":
			return c.ID + " was void and counts again"
		}
	}
	return ""
}

// toFulfil lists the conditions that count.
func toFulfil(r *pmo.Request) []pmo.Condition {
	return slices.DeleteFunc(slices.Clone(r.Conditions), func(c pmo.Condition) bool { return c.Void != "" || c.Change })
}

func agreedPlanAnswersConditions(was, is *pmo.Request, _ seen) string {
	if !is.Plan.Agreed() || was.Plan.Agreed() {
		return ""
	}
	return unansweredInPlan(is)
}

// unansweredInPlan names a condition that the plan answers neither by one of its milestones nor in a note.
func unansweredInPlan(r *pmo.Request) string {
	for _, c := range toFulfil(r) {
		answered := r.Plan != nil && slices.ContainsFunc(r.Plan.Conditions, func(a pmo.PlanCondition) bool {
			return a.ID == c.ID && (a.Note != "" || slices.ContainsFunc(r.Plan.Milestones, func(m pmo.Milestone) bool { return m.Name == a.Milestone }))
		})
		if !answered {
			return c.ID + " is not answered by the plan"
		}
	}
	return ""
}

func acceptanceJudgesConditions(was, is *pmo.Request, _ seen) string {
	if was.Delivered() || !is.Delivered() {
		return ""
	}
	for _, c := range toFulfil(is) {
		if c.Met == nil || !*c.Met && c.Reason == "" {
			return "accepted, and nothing is said of " + c.ID
		}
	}
	return ""
}
