package web

import (
	"slices"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// conditionRow is a condition of a request as pages show it, and what became of it.
type conditionRow struct{ ID, Text, By, Says string }

// Conditions are the conditions of a request, those that no longer count included.
func (t *reader) Conditions(r *wire.Request) []conditionRow {
	var rows []conditionRow
	for _, c := range r.Conditions {
		rows = append(rows, conditionRow{c.ID, c.Text, c.By, t.conditionSays(c, r.Plan)})
	}
	return rows
}

func (t *reader) conditionSays(c pmo.Condition, plan *pmo.Plan) string {
	switch {
	case c.Void != "":
		return t.T("conditions.void", "why", c.Void)
	case c.Met != nil && *c.Met:
		return t.T("conditions.met")
	case c.Met != nil:
		return t.T("conditions.not_met", "why", c.Reason)
	case c.Change:
		return t.T("conditions.on_change")
	case plan == nil:
		return ""
	}
	switch a := planAnswer(plan, c.ID); {
	case a.Milestone != "":
		return t.T("conditions.milestone", "name", a.Milestone)
	case a.Note != "":
		return t.T("conditions.note", "note", a.Note)
	}
	return t.T("conditions.open")
}

// planAnswer is how a plan answers a condition; empty where it does not.
func planAnswer(plan *pmo.Plan, id string) pmo.PlanCondition {
	if plan != nil {
		if i := slices.IndexFunc(plan.Conditions, func(a pmo.PlanCondition) bool { return a.ID == id }); i >= 0 {
			return plan.Conditions[i]
		}
	}
	return pmo.PlanCondition{}
}

// toFulfil are the conditions that plan and acceptance answer.
func toFulfil(r *wire.Request) []pmo.Condition {
	return slices.DeleteFunc(slices.Clone(r.Conditions), func(c pmo.Condition) bool { return !c.ToFulfil() })
}

// conditionControls ask for the conditions of an approval; or, of each condition, whether it is met.
func conditionControls(t *reader, view answerView) []control {
	if view.Option.Verdict == pmo.VerdictApproveConditions {
		return []control{{Apart: true, Name: "conditions", Type: typeLines, Label: t.T("field.conditions"), Help: t.T("help.conditions"), Required: true}}
	}
	met := []choice{{"yes", t.T("conditions.choose_met")}, {"no", t.T("conditions.choose_not_met")}}
	var controls []control
	for _, c := range toFulfil(view.Request) {
		controls = append(controls,
			control{Apart: true, Name: metControl(c.ID), Type: typeChoice, Label: t.T("conditions.judge", "id", c.ID, "text", c.Text), Choices: met, Required: true},
			control{Apart: true, Name: whyControl(c.ID), Type: typeText, Label: t.T("conditions.why_not", "id", c.ID)})
	}
	return controls
}

// planConditionControls ask how another plan answers each condition: by one of the milestones, or in a note. They show how it is answered now.
func planConditionControls(t *reader, r *wire.Request) []control {
	var milestones []choice
	if r.Plan != nil {
		for _, m := range r.Plan.Milestones {
			milestones = append(milestones, choice{m.Name, m.Name})
		}
	}
	var controls []control
	for _, c := range toFulfil(r) {
		now, label := planAnswer(r.Plan, c.ID), t.T("conditions.by_note", "id", c.ID, "text", c.Text)
		if len(milestones) > 0 {
			controls = append(controls, control{Apart: true, Name: milestoneControl(c.ID), Type: typeChoice, Choices: milestones, Value: now.Milestone,
				Label: t.T("conditions.by_milestone", "id", c.ID, "text", c.Text)})
		}
		controls = append(controls, control{Apart: true, Name: noteControl(c.ID), Type: typeText, Label: label, Value: now.Note})
	}
	return controls
}

// The names of the controls of a condition. They hold its id and not its place in the list, which may change while somebody fills in the page.
func metControl(id string) string       { return "conditions." + id + ".met" }
func whyControl(id string) string       { return "conditions." + id + ".reason" }
func milestoneControl(id string) string { return "plan.conditions." + id + ".milestone" }
func noteControl(id string) string      { return "plan.conditions." + id + ".note" }

// addConditions puts what the controls say about conditions into the data of a decision, and notes the place of each control in it. A
// condition that is not met without a reason is a fault.
func (v *answerView) addConditions(data *pmo.Data) (faults bool) {
	if c := v.control("conditions"); c != nil {
		for line := range strings.SplitSeq(c.Value, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				data.Conditions = append(data.Conditions, pmo.ConditionData{Text: line})
			}
		}
	}
	for _, c := range toFulfil(v.Request) {
		if met, why := v.control(metControl(c.ID)), v.control(whyControl(c.ID)); met != nil && met.Value != "" {
			said := pmo.ConditionData{ID: c.ID, Met: new(met.Value == "yes")}
			if !*said.Met {
				said.Reason = why.Value
			}
			if !*said.Met && why.Value == "" {
				why.Error, faults = "required", true
			}
			met.placed("conditions", len(data.Conditions), "met")
			why.placed("conditions", len(data.Conditions), "reason")
			data.Conditions = append(data.Conditions, said)
		}
		v.addPlanCondition(data, c.ID)
	}
	return faults
}

func (v *answerView) addPlanCondition(data *pmo.Data, id string) {
	milestone, note := v.control(milestoneControl(id)), v.control(noteControl(id))
	answer := pmo.PlanCondition{ID: id}
	if milestone != nil {
		answer.Milestone = milestone.Value
	}
	if note != nil {
		answer.Note = note.Value
	}
	if answer.Milestone == "" && answer.Note == "" {
		return
	}
	if data.Plan == nil {
		data.Plan = &pmo.Plan{}
	}
	milestone.placed("plan.conditions", len(data.Plan.Conditions), "milestone")
	note.placed("plan.conditions", len(data.Plan.Conditions), "note")
	data.Plan.Conditions = append(data.Plan.Conditions, answer)
}
