package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

var errNotNow = problem.New(problem.Forbidden, "this command is not for you, or not for the request as it is now")

var errQuestionClosed = problem.New(problem.NotFound, "the question is not open any more, or there is none")

// optionControls are what an option of a question needs, and what may come with it. The names are those of the decision's data; reason is
// the decision's own.
func (s *Site) optionControls(r *http.Request, t *reader, rules *policy.Document, view answerView) ([]control, error) {
	var controls []control
	for _, need := range view.Option.Needs {
		added, err := s.needControls(r, t, rules, view, need)
		if err != nil {
			return nil, err
		}
		controls = append(controls, added...)
	}
	switch {
	case view.Question.Kind == pmo.KindPlan && view.Option.Verdict == pmo.VerdictCounter:
		controls = append(append(controls, planControls(t)...), planConditionControls(t, view.Request)...)
	case view.Question.Kind == pmo.KindReconfirm && view.Option.Verdict == pmo.VerdictStillNeed:
		controls = append(controls, control{Name: "patch.wanted_by", Type: typeDate, Label: t.T("field.wanted_by"), Help: t.T("help.still_needed")})
	case view.Question.Kind == pmo.KindAcceptance && view.Option.Verdict != pmo.VerdictRework:
		controls = append(controls, lessonControls(t)...)
	case view.Option.Verdict == pmo.VerdictWait:
		controls = append(controls, control{Name: "until", Type: typeDate, Label: t.T("field.until")})
	}
	return append(controls, control{Name: "reason", Type: typeArea, Label: t.T("field.reason"), Required: view.Option.Reason}), nil
}

func (s *Site) needControls(r *http.Request, t *reader, rules *policy.Document, view answerView, need string) ([]control, error) {
	c := control{Name: need, Type: typeText, Label: t.T("field." + need), Help: t.hint("help." + need), Required: true}
	switch need {
	case "review":
		var three []control
		for _, question := range []string{"changed", "learned", "differently"} {
			three = append(three, control{Name: "review." + question, Type: typeArea, Label: t.T("field.review." + question), Required: true})
		}
		return three, nil
	case "patch":
		return s.gapControls(t, rules, view.Request.Missing), nil
	case "conditions":
		return conditionControls(t, view), nil
	case "inputs":
		missing := view.Request.Content.Inputs.Missing(view.Request.NeededInputs)
		return slices.DeleteFunc(inputControls(t, rules), func(c control) bool { return !slices.Contains(missing, c.Name[len("inputs."):]) }), nil
	case "until":
		c.Type = typeDate
	case "approach":
		c.Type, c.Choices = typeChoice, approachChoices(t)
	case "remedy":
		c.Type, c.Choices = typeChoice, remedyChoices(t, &view.Question.Question)
	case "person":
		c.Type, c.Choices = typeChoice, s.people()
	case "team":
		teams, err := s.api.Teams(r.Context())
		if err != nil {
			return nil, err
		}
		c.Type = typeChoice
		for _, team := range teams.Value.Items {
			c.Choices = append(c.Choices, choice{team.ID, team.Name})
		}
	}
	return []control{c}, nil
}

// gapControls are the controls of the fields that a form still lacks.
func (s *Site) gapControls(t *reader, rules *policy.Document, gaps []pmo.Gap) []control {
	var controls []control
	for _, gap := range gaps {
		for _, c := range s.contentControls(t, rules, gap.Field, gap.Why, false) {
			c.Name = "patch." + c.Name
			controls = append(controls, c)
		}
	}
	return controls
}

func planControls(t *reader) []control {
	return []control{
		{Name: "approach", Type: typeChoice, Label: t.T("field.approach"), Choices: approachChoices(t)},
		{Name: "plan.summary", Type: typeArea, Label: t.T("field.plan.summary")},
		{Apart: true, Name: milestonesControl, Type: typeLines, Label: t.T("field.plan.milestones"), Help: t.T("help.plan.milestones")},
		{Name: "plan.iterations", Type: typeNumber, Label: t.T("field.plan.iterations")},
		{Name: "plan.weeks_each", Type: typeNumber, Label: t.T("field.plan.weeks_each")},
		{Name: "plan.sle", Type: typeText, Label: t.T("field.plan.sle")},
	}
}

func approachChoices(t *reader) []choice {
	var list []choice
	for _, name := range pmo.Approaches() {
		list = append(list, choice{name, t.Word("approach", name)})
	}
	return list
}

// control is the control with a name, or nil.
func (v *answerView) control(name string) *control {
	if i := slices.IndexFunc(v.Controls, func(c control) bool { return c.Name == name }); i >= 0 {
		return &v.Controls[i]
	}
	return nil
}

// decision is what the filled controls decide. A reason or a need that is missing is a fault.
func (v *answerView) decision() (out wire.Decision, faults bool, err error) {
	data, faults := document(v.Controls)
	faults = missing(v.Controls) || faults
	reason, _ := data["reason"].(string)
	delete(data, "reason")
	out = wire.Decision{Decision: v.Question.ID, Verdict: v.Option.Verdict, Reason: reason, OnBehalfOf: v.Behalf}
	body, err := json.Marshal(data)
	if err != nil {
		return out, false, fmt.Errorf("write the decision: %w", err)
	}
	if err := json.Unmarshal(body, &out.Data); err != nil {
		return out, false, fmt.Errorf("read the decision: %w", err)
	}
	faults = !v.addMilestones(&out.Data) || faults
	if lessons, ok := lessonsFrom(v.Controls); ok {
		out.Data.Lessons = append(out.Data.Lessons, lessons...)
	} else {
		faults = true
	}
	return out, v.addConditions(&out.Data) || faults, nil
}

const milestonesControl = "plan.milestones"

// addMilestones reads the milestones of another plan; false where a line cannot be read.
func (v *answerView) addMilestones(data *pmo.Data) bool {
	c := v.control(milestonesControl)
	if c == nil || c.Value == "" {
		return true
	}
	if data.Plan == nil {
		data.Plan = &pmo.Plan{}
	}
	read := readLines(data.Plan, &control{Name: "milestones", Type: typeLines, Value: c.Value})
	if !read {
		c.Error = "line"
	}
	return read
}
