package api

import (
	"context"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Learned has a lesson of the first of the requests.
func (f *fakeStore) Learned(_ context.Context, ids []string, _ int) ([]store.Learned, error) {
	if len(ids) == 0 {
		return nil, f.fails()
	}
	return []store.Learned{{ID: ids[0], Number: 1, Title: "Before", Lesson: pmo.Lesson{By: "theo", Observation: "vendors leave", Cause: "no contract", Recommendation: "sign first"}}}, f.fails()
}
