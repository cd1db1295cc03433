package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

type fakeStuck struct {
	fakeStrategy
	stuck       []store.StuckItem
	stuckAsked  store.Stuck
	work        []pmo.Entry
	agreedPlans []store.LedgerEntry
}

func (f *fakeStore) CompletionEntries(context.Context, string) ([]pmo.Entry, error) {
	return f.work, f.fails()
}

// Stuck keeps what it was asked for and answers what the test set.
func (f *fakeStore) Stuck(_ context.Context, ask store.Stuck) ([]store.StuckItem, bool, error) {
	f.stuckAsked = ask
	return f.stuck, false, f.fails()
}

func (f *fakeStore) InboxOf(_ context.Context, _ string, _ time.Time, requests []string) ([]store.InboxItem, error) {
	return slices.DeleteFunc(slices.Clone(f.inbox), func(i store.InboxItem) bool { return !slices.Contains(requests, i.RequestID) }), f.fails()
}
