package api

import (
	"context"
	"time"

	"leanpmo/internal/store"
)

// fakeStrategy is what strategy pages read.
type fakeStrategy struct {
	sized map[string][]store.SizedWork // what has a slot or was delivered, by portfolio
}

func (f *fakeStore) SizedWork(_ context.Context, portfolio string, since time.Time) ([]store.SizedWork, error) {
	var found []store.SizedWork
	for _, w := range f.sized[portfolio] {
		if w.Delivered.IsZero() || !w.Delivered.Before(since) {
			found = append(found, w)
		}
	}
	return found, f.fails()
}
