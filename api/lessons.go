package api

import (
	"context"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// lessonsEach is how many lessons of one similar request are shown.
const lessonsEach = 2

// lessonsOf are the latest lessons of similar requests, of the most similar first.
func (a *API) lessonsOf(ctx context.Context, similar []pmo.Similar) ([]wire.Learned, error) {
	list := []wire.Learned{}
	var ids []string
	for _, s := range similar[:min(len(similar), mostSimilar)] {
		ids = append(ids, s.ID)
	}
	found, err := a.Store.Learned(ctx, ids, lessonsEach)
	for _, l := range found {
		list = append(list, wire.Learned{Ref: pmo.Ref(l.Number), ID: l.ID, Title: l.Title, Lesson: l.Lesson})
	}
	return list, err
}
