package api

import (
	"context"
	"time"

	"leanpmo/internal/approach"
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

// Finished are five requests that were worked in another way than recommended.
func (f *fakeStore) Finished(_ context.Context, _ string, since time.Time) (list []approach.Finished, _ error) {
	for range 5 {
		at := since.AddDate(0, 0, 1)
		list = append(list, approach.Finished{Approach: "kanban", Recommended: "scrum", PulledAt: at, StartedAt: at, AcceptedAt: at.AddDate(0, 0, 10)})
	}
	return list, f.fails()
}
