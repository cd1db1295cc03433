package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/store"
)

func (f *fakeStore) FlowRecords(context.Context, time.Time, time.Time) ([]flow.Record, error) {
	f.flowReads++
	return f.flow, f.fails()
}

func (f *fakeStore) FlowRecordsOf(_ context.Context, ids []string) ([]flow.Record, error) {
	return slices.DeleteFunc(slices.Clone(f.flow), func(r flow.Record) bool { return !slices.Contains(ids, r.ID) }), f.fails()
}

func (f *fakeStore) FeedEnd(context.Context) (string, error) { return "", f.fails() }

func (f *fakeStore) FlowChanged(_ context.Context, after string, _ int) ([]string, string, error) {
	if len(f.changed) == 0 {
		return nil, after, f.fails()
	}
	changed := f.changed
	f.changed = nil
	return changed, after + "+", f.fails()
}

func (f *fakeStore) Readable(_ context.Context, _ store.View, ids []string) ([]string, error) {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(f.unreadable, id) }), f.fails()
}
