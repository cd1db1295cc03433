// Package cache computes forecasts on read: it passes a portfolio's finished work and its queue to internal/forecast and caches the
// result in memory. Forecasts are never stored; a forecast that was sent to a person is a ledger entry.
package cache

import (
	"context"
	"hash/fnv"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Window is how far back finished work is counted: recent enough to be representative of the coming work.
const Window = 120 * 24 * time.Hour

const day = 24 * time.Hour

// Source supplies finished work and queue lengths; the store implements it.
type Source interface {
	// FinishedByDay counts what was finished since a moment, by day in UTC.
	FinishedByDay(ctx context.Context, portfolio string, since time.Time) (map[pmo.Date]int, error)
	// QueueAhead counts the requests that a new one would come after.
	QueueAhead(ctx context.Context, portfolio string) (int, error)
}

// ForNew is the forecast for a request that joins the end of the portfolio's queue now.
func (c *Cache) ForNew(ctx context.Context, portfolio string, now time.Time) (forecast.Result, error) {
	ahead, err := c.QueueAhead(ctx, portfolio)
	if err != nil {
		return forecast.Result{}, err
	}
	return c.ForQueue(ctx, portfolio, ahead, now)
}

// ForQueue is the forecast for a request with so many others to be finished before it. It stays the same all day, until a request is
// finished.
func (c *Cache) ForQueue(ctx context.Context, portfolio string, ahead int, now time.Time) (forecast.Result, error) {
	in, err := c.inputs(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	return in.finish(ahead), nil
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
