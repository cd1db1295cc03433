// Package cache computes forecasts on read: it puts a portfolio's finished work and its queue into internal/forecast. Forecasts are
// computed when asked for and never stored; what was told to whom is a ledger entry.
package cache

import (
	"context"
	"hash/fnv"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Window is how far back finished work is looked at: recent enough to be like what comes.
const Window = 120 * 24 * time.Hour

const day = 24 * time.Hour

// Source is where finished work and queue come from; the store.
type Source interface {
	// FinishedByDay counts what was finished since a moment, by day in UTC.
	FinishedByDay(ctx context.Context, portfolio string, since time.Time) (map[pmo.Date]int, error)
	// QueueAhead counts what a new request would come after.
	QueueAhead(ctx context.Context, portfolio string) (int, error)
}

// ForNew is the forecast for a request that joins the end of the portfolio's queue now.
func (o *Cache) ForNew(ctx context.Context, portfolio string, now time.Time) (forecast.Result, error) {
	ahead, err := o.QueueAhead(ctx, portfolio)
	if err != nil {
		return forecast.Result{}, err
	}
	return o.ForQueue(ctx, portfolio, ahead, now)
}

// ForQueue is the forecast for a request with so many others to be finished before it. It is the same all day, unless something is
// finished.
func (o *Cache) ForQueue(ctx context.Context, portfolio string, ahead int, now time.Time) (forecast.Result, error) {
	basis, err := o.inputs(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	return basis.finish(ahead), nil
}

// History lists finished work per calendar day from since to now, in UTC, days without any included.
func History(finished map[pmo.Date]int, since, now time.Time) forecast.History {
	first, today := since.UTC().Truncate(day), now.UTC().Truncate(day)
	var counts []int
	for at := first; !at.After(today); at = at.Add(day) {
		counts = append(counts, finished[pmo.Date(at.Format(time.DateOnly))])
	}
	return forecast.History{Counts: counts, PeriodDays: 1}
}

// seed makes the forecast of a day repeatable.
func seed(portfolio string, now time.Time) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(portfolio + now.UTC().Format(time.DateOnly)))
	return h.Sum64()
}
