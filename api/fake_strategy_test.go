package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/store"
)

// fakeStrategy is what strategy pages read.
type fakeStrategy struct {
	sized   map[string][]store.SizedWork // what has a slot or was delivered, by portfolio
	said    []store.KeyResultValue
	serving []store.Serving
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

func (f *fakeStore) WorkInProcess(_ context.Context, portfolio string) ([]store.SizedWork, error) {
	return slices.DeleteFunc(slices.Clone(f.sized[portfolio]), func(w store.SizedWork) bool { return !w.Delivered.IsZero() }), f.fails()
}

func (f *fakeStore) WorkMarks(ctx context.Context, portfolio string, since time.Time) (store.WorkMarks, error) {
	list, err := f.SizedWork(ctx, portfolio, since)
	delivered := slices.DeleteFunc(slices.Clone(list), func(w store.SizedWork) bool { return w.Delivered.IsZero() })
	return store.WorkMarks{InProcess: fmt.Sprint(list[:len(list)-len(delivered)]), Delivered: fmt.Sprint(delivered)}, err
}

func (f *fakeStore) SayKeyResult(ctx context.Context, v store.KeyResultValue) error {
	if err := f.fails(); err != nil {
		return err
	}
	f.said = append(f.said, v)
	return f.KeepKey(ctx, v)
}

func (f *fakeStore) KeyResults(context.Context, string, store.View) ([]store.KeyResultValue, error) {
	return f.said, f.fails()
}

func (f *fakeStore) KeyResultsOf(_ context.Context, id string) ([]store.KeyResultValue, error) {
	var found []store.KeyResultValue
	for _, v := range f.said {
		if v.RequestID == id {
			found = append(found, v)
		}
	}
	return found, f.fails()
}

func (f *fakeStore) Serving(context.Context, string, store.View) ([]store.Serving, error) {
	return f.serving, f.fails()
}

func (f *fakeStore) SizedWorkOf(_ context.Context, ids []string) ([]store.SizedWork, error) {
	var found []store.SizedWork
	for _, id := range ids {
		if row, known := f.rows[id]; known {
			found = append(found, store.SizedWork{ID: id, Content: row.Content})
		}
	}
	return found, f.fails()
}
