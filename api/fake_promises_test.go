package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
	"leanpmo/internal/store"
)

// fakePromises keeps what was told.
type fakePromises struct {
	told     []promise.Promise
	outcomes []store.PromiseOutcome
}

func (f *fakeStore) RecordPromise(_ context.Context, p promise.Promise) error {
	if f.down {
		return f.fails()
	}
	if !slices.ContainsFunc(f.promises.told, func(q promise.Promise) bool { return q.RequestID == p.RequestID && q.Day == p.Day }) {
		f.promises.told = append(f.promises.told, p)
	}
	return nil
}

func (f *fakeStore) Promises(_ context.Context, id string, before pmo.Date, limit int) ([]promise.Promise, error) {
	var list []promise.Promise
	for _, p := range slices.Backward(f.promises.told) {
		if p.RequestID == id && (before == "" || p.Day < before) && len(list) < limit {
			list = append(list, p)
		}
	}
	return list, f.fails()
}

func (f *fakeStore) ToldPromises(_ context.Context, v store.View, since time.Time) (list []store.ToldPromise, err error) {
	for _, p := range f.promises.told {
		if r := f.rows[p.RequestID]; slices.Contains(p.To, v.Viewer) && p.Occasion != promise.Submitted && !p.ToldAt.Before(since) {
			list = append(list, store.ToldPromise{Promise: p, Number: r.Number, Title: r.Content.Title, Stage: r.Stage})
		}
	}
	return list, f.fails()
}

func (f *fakeStore) PromiseOutcomes(context.Context, string, time.Time) ([]store.PromiseOutcome, error) {
	return f.promises.outcomes, f.fails()
}
