package api

import (
	"context"
	"time"

	"leanpmo/internal/store"
)

// fakeWork is what has a slot or was delivered, by portfolio.
type fakeWork map[string][]store.SizedWork

func (f *fakeStore) SizedWork(_ context.Context, portfolio string, since time.Time) ([]store.SizedWork, error) {
	var found []store.SizedWork
	for _, w := range f.work[portfolio] {
		if w.Delivered.IsZero() || !w.Delivered.Before(since) {
			found = append(found, w)
		}
	}
	return found, f.fails()
}
