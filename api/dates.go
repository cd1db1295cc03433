package api

import (
	"context"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// dateFaults are the faults of a submission's dates, at the JSON pointer at. A submission repeated under its key has none: it was right
// when it was given, and its repetition gets the first answer, also when the date has passed since.
func (a *API) dateFaults(ctx context.Context, c pmo.Content, at, person, key string) []problem.Field {
	faults := a.Policy.Now().ValidateDates(c, a.Now())
	if len(faults) > 0 && key != "" {
		if _, err := a.find(ctx, engine.SubmissionRequestID(person, key)); err == nil {
			return nil
		}
	}
	return fieldsOf(faults, at)
}
