package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/history"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// forecastFacts are what the fake knows for forecasts, beside what was finished.
type forecastFacts struct {
	cycles        []float64
	arrivals      forecast.Arrivals
	forecastTeams []forecast.Team
}

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

// FlowIDs takes the filter and has none but those of the requests whose kind and team it names.
func (f *fakeStore) FlowIDs(_ context.Context, filter store.Filter, _ time.Time) (ids []string, err error) {
	f.filter = filter
	for _, r := range f.flow {
		if (filter.Kind == "" || r.Kind == filter.Kind) && (filter.Team == "" || r.Team == filter.Team) {
			ids = append(ids, r.ID)
		}
	}
	return ids, f.fails()
}

func (f *fakeStore) FinishedByDay(context.Context, string, time.Time, string) (map[pmo.Date]int, error) {
	byDay := map[pmo.Date]int{}
	for _, at := range f.finished {
		byDay[pmo.Date(at.Format(time.DateOnly))]++
	}
	return byDay, f.fails()
}

func (f *fakeStore) ImportedCycles(context.Context, string, time.Time) ([]flow.Imported, error) {
	return f.importedCycles, f.fails()
}

// Cycles are those of the lengths in days that the fake has.
func (f *fakeStore) Cycles(_ context.Context, _ string, since time.Time) ([]forecast.Cycle, error) {
	var list []forecast.Cycle
	for _, days := range f.cycles {
		list = append(list, forecast.Cycle{From: since, Until: since.Add(time.Duration(days * float64(24*time.Hour)))})
	}
	return list, f.fails()
}

func (f *fakeStore) Arrivals(context.Context, string, time.Time, time.Time) (forecast.Arrivals, error) {
	return f.arrivals, f.fails()
}

func (f *fakeStore) ForecastTeams(context.Context) ([]forecast.Team, error) {
	return f.forecastTeams, f.fails()
}

func (f *fakeStore) Prerequisites(context.Context) ([]forecast.Prerequisite, error) {
	return f.prerequisites, f.fails()
}

func (f *fakeStore) Demand(context.Context, string, time.Time) (forecast.Demand, error) {
	return forecast.Demand{Waiting: 3, Undecided: 4, Accepted: 12, Decided: 20}, f.fails()
}

func (f *fakeStore) Import(ctx context.Context, _, _ string, items []history.Item, dry bool, _ string, _ time.Time) (store.Imported, error) {
	done := store.Imported{Added: len(items)}
	if dry {
		return done, f.fails()
	}
	f.imported = append(f.imported, items...)
	return done, f.KeepKey(ctx, done)
}

func (f *fakeStore) ImportedSources(context.Context) ([]store.ImportedSource, error) {
	return []store.ImportedSource{{Portfolio: "core", Source: "jira", Items: len(f.imported)}}, f.fails()
}

func (f *fakeStore) RemoveImport(ctx context.Context, _, _, _ string, _ time.Time) (int64, error) {
	f.imported = nil
	return 0, f.KeepKey(ctx, struct{}{})
}

// List has more than one page, but for what is chosen to be forecast together.
func (f *fakeStore) List(_ context.Context, filter store.Filter) (store.Page[store.Item], error) {
	f.filter = filter
	page := store.Page[store.Item]{}
	if f.listMore || filter.Limit != wire.MostSelected {
		page.Next = "more"
	}
	for _, row := range f.rows {
		if len(filter.Only) > 0 && !slices.Contains(filter.Only, row.ID) && !slices.Contains(filter.Only, pmo.Ref(row.Number)) {
			continue
		}
		item := store.Item{ID: row.ID, Number: row.Number, Title: row.Content.Title, Stage: row.Stage, Status: row.Status, Outcome: row.Outcome, Portfolio: row.Portfolio, Rank: row.Rank,
			Themes: []string{}, WaitingOn: row.WaitingOn()}
		if row.Delivered() {
			item.AcceptedAt = &row.AcceptedAt
		}
		if row.Pulled() {
			item.PulledAt = &row.PulledAt
		}
		if row.Assignment != nil {
			item.Team = row.Assignment.Team
		}
		page.Items = append(page.Items, item)
	}
	slices.SortFunc(page.Items, func(a, b store.Item) int { return cmp.Compare(a.Number, b.Number) })
	return page, f.fails()
}
