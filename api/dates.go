package api

import (
	"context"
	"fmt"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
)

// dateFaults are the faults of a submission's dates, at the JSON pointer at. A submission repeated under its key has none: it was right
// when it was given, and its repetition gets the first answer, also when the date has passed since.
func (a *API) dateFaults(ctx context.Context, c pmo.Content, at, person, key string) []problem.Field {
	faults := a.Policy.ValidateDates(c, a.Now())
	if len(faults) > 0 && key != "" {
		if _, err := a.find(ctx, engine.SubmissionRequestID(person, key)); err == nil {
			return nil
		}
	}
	return fieldsOf(faults, at)
}

// patchDateFaults are the faults of the dates that a patch changes; a date that has passed and stays as it is does not hinder others.
func (a *API) patchDateFaults(c pmo.Content, p pmo.Patch, at string) []problem.Field {
	if p.WantedBy == nil || *p.WantedBy == c.WantedBy {
		return nil
	}
	amended, _ := p.Apply(c)
	return fieldsOf(a.Policy.ValidateDates(amended, a.Now()), at)
}

// answerDateFaults are the faults of the other dates that come with a verdict.
func (a *API) answerDateFaults(d pmo.Data) []problem.Field {
	var fields []problem.Field
	check := func(date pmo.Date, pointer string) {
		if fault := policy.DateFault(date, a.Now()); fault != "" {
			fields = append(fields, problem.Field{Pointer: pointer, Detail: fault})
		}
	}
	check(d.Until, "/data/until")
	if d.Plan != nil {
		for i, m := range d.Plan.Milestones {
			check(m.Due, fmt.Sprintf("/data/plan/milestones/%d/due", i))
		}
	}
	return fields
}
