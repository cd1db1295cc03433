package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// fakeResources keeps resources; held is what requests hold of them.
type fakeResources struct {
	shared []pmo.Resource
	held   []store.TeamHold
}

func (f *fakeStore) Resources(context.Context) ([]pmo.Resource, error) { return f.shared, f.fails() }

func (f *fakeStore) find(id string) *pmo.Resource {
	if at := slices.IndexFunc(f.shared, func(r pmo.Resource) bool { return r.ID == id }); at >= 0 {
		return &f.shared[at]
	}
	return nil
}

func (f *fakeStore) PutResource(ctx context.Context, r pmo.Resource, _ string, _ time.Time, check func(*pmo.Resource, []store.TeamHold) error) (pmo.Resource, error) {
	before := f.find(r.ID)
	if err := check(before, f.held); err != nil {
		return r, err
	}
	if before == nil && r.Revision != 0 || before != nil && before.Revision != r.Revision {
		return r, store.ErrConflict
	}
	if before == nil && len(f.shared) >= store.MostResources {
		return r, store.ErrFull
	}
	r.Revision++
	if before == nil {
		f.shared = append(f.shared, r)
	} else {
		*before = r
	}
	return r, f.KeepKey(ctx, r)
}

func (f *fakeStore) PutResources(ctx context.Context, list []pmo.Resource, actor string, at time.Time, answer any, check func([]store.ResourceChange) error) error {
	var changes []store.ResourceChange
	for _, r := range list {
		changes = append(changes, store.ResourceChange{Before: f.find(r.ID), Then: r, Holds: f.held})
	}
	if err := check(changes); err != nil {
		return err
	}
	for _, r := range list {
		if _, err := f.PutResource(ctx, r, actor, at, func(*pmo.Resource, []store.TeamHold) error { return nil }); err != nil {
			return err
		}
	}
	return f.KeepKey(ctx, answer)
}

func (f *fakeStore) WantResources(_ context.Context, id, _ string, _ []string, check func(store.TeamHold, []store.TeamHold, []pmo.Resource) error) error {
	if at := slices.IndexFunc(f.held, func(h store.TeamHold) bool { return h.RequestID == id }); at >= 0 {
		return check(f.held[at], f.held, f.shared)
	}
	return f.fails()
}

func (f *fakeStore) DropResource(ctx context.Context, id, _, _ string, _ time.Time, check func(*pmo.Resource, []store.TeamHold) error) error {
	if err := check(f.find(id), f.held); err != nil {
		return err
	}
	f.shared = slices.DeleteFunc(f.shared, func(r pmo.Resource) bool { return r.ID == id })
	return f.KeepKey(ctx, nil)
}
