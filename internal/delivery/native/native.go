// Package native implements the delivery API on our own database, for teams without a tool.
package native

import (
	"context"
	"errors"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// Store stores the work items; *store.Store implements it.
type Store interface {
	OpenWork(ctx context.Context, w store.WorkItem, at time.Time) (item store.WorkItem, created bool, err error)
	WorkByKey(ctx context.Context, key string) (store.WorkItem, error)
	Work(ctx context.Context, id string) (store.WorkItem, error)
	ChangeWork(ctx context.Context, id string, c store.WorkChange, at time.Time) (store.WorkItem, error)
}

// Backend implements delivery.Backend.
type Backend struct {
	store Store
	now   func() time.Time
}

// New makes a backend on a store.
func New(s Store) *Backend { return &Backend{store: s, now: time.Now} }

// Open opens the item, once for each key.
func (b *Backend) Open(ctx context.Context, key string, n delivery.New) (delivery.Item, bool, error) {
	w, created, err := b.store.OpenWork(ctx, store.WorkItem{Key: key, Request: n.Request, Ref: n.Ref, Title: n.Title, Summary: n.Summary, Team: n.Team,
		Approach: n.Approach, Milestones: n.Milestones, Link: n.Link}, b.now())
	return itemOf(w), created, asProblem(err)
}

// Get reads one item.
func (b *Backend) Get(ctx context.Context, id string) (delivery.Item, error) {
	w, err := b.store.Work(ctx, id)
	return itemOf(w), asProblem(err)
}

// Find reads the item opened under a key.
func (b *Backend) Find(ctx context.Context, key string) (delivery.Item, bool, error) {
	w, err := b.store.WorkByKey(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return delivery.Item{}, false, nil
	}
	return itemOf(w), err == nil, asProblem(err)
}

// Change changes one item.
func (b *Backend) Change(ctx context.Context, id string, p delivery.Patch) (delivery.Item, error) {
	w, err := b.store.ChangeWork(ctx, id, store.WorkChange{Title: p.Title, Summary: p.Summary, Status: p.Status, Reason: p.Reason}, b.now())
	return itemOf(w), asProblem(err)
}

func itemOf(w store.WorkItem) delivery.Item {
	item := delivery.Item{ID: w.ID, Key: w.Key, Request: w.Request, URL: w.Link, Title: w.Title, Status: w.Status, Labels: []string{w.Team}, UpdatedAt: w.ChangedAt}
	if p := w.Progress; p != nil {
		item.Percent, item.Health = p.Percent, p.Health
	}
	return item
}

func asProblem(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return problem.Wrap(err, problem.NotFound, "there is no such work item")
	case errors.Is(err, store.ErrUnavailable):
		return problem.Wrap(err, problem.Unavailable, "the database cannot be reached")
	}
	return err
}
