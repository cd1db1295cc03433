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
	if len(faults) > 0 && a.submittedBefore(ctx, person, key) {
		return nil
	}
	return fieldsOf(faults, at)
}

// submittedBefore reports whether there is a request that the person submitted under the key.
func (a *API) submittedBefore(ctx context.Context, person, key string) bool {
	if key == "" {
		return false
	}
	_, err := a.find(ctx, engine.SubmissionRequestID(person, key))
	return err == nil
}
