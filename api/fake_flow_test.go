package api

import (
	"context"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func (f *fakeStore) FlowEvents(context.Context, store.Filter, time.Time) ([]flow.Event, error) {
	return f.flowEvents, f.fails()
}

func (f *fakeStore) Flow(_ context.Context, filter store.Filter, _ time.Time) ([]store.FlowItem, error) {
	f.filter = filter
	return f.flow, f.fails()
}

func (f *fakeStore) FinishedByDay(context.Context, string, time.Time, string) (map[pmo.Date]int, error) {
	byDay := map[pmo.Date]int{}
	for _, at := range f.finished {
		byDay[pmo.Date(at.Format(time.DateOnly))]++
	}
	return byDay, f.fails()
}

func (f *fakeStore) CycleDays(context.Context, string, time.Time) ([]float64, error) {
	return nil, f.fails()
}

func (f *fakeStore) Demand(context.Context, string, time.Time) (forecast.Demand, error) {
	return forecast.Demand{Waiting: 3, Undecided: 4, Accepted: 12, Decided: 20}, f.fails()
}
