// Package outlook says if and when: it puts a portfolio's finished work and its queue into internal/forecast. Forecasts are
// computed when asked for and never stored; what was told to whom is a ledger entry.
package outlook

import (
	"context"
	"hash/fnv"
	"time"

	"leanpmo/internal/forecast"
)

// Window is how far back finished work is looked at: recent enough to be like what comes.
const Window = 120 * 24 * time.Hour

// Facts is where finished work and queue come from; the store.
type Facts interface {
	Finished(ctx context.Context, portfolio string, since time.Time) ([]time.Time, error)
	QueueAhead(ctx context.Context, portfolio string) (int, error)
}

// ForNew is the forecast for a request that joins the end of the portfolio's queue now.
func ForNew(ctx context.Context, f Facts, portfolio string, now time.Time) (forecast.Result, error) {
	ahead, err := f.QueueAhead(ctx, portfolio)
	if err != nil {
		return forecast.Result{}, err
	}
	return ForPlace(ctx, f, portfolio, ahead, now)
}

// ForPlace is the forecast for a request with so many others to be finished before it.
func ForPlace(ctx context.Context, f Facts, portfolio string, ahead int, now time.Time) (forecast.Result, error) {
	since := now.Add(-Window)
	finished, err := f.Finished(ctx, portfolio, since)
	if err != nil {
		return forecast.Result{}, err
	}
	queue := forecast.Queue{Ahead: ahead, Own: 1}
	return forecast.Finish(History(finished, since, now), queue, forecast.Options{Start: now, Seed: seed(portfolio, now)}), nil
}

// History counts finished work per calendar day from since to now, in UTC, days without any included.
func History(finished []time.Time, since, now time.Time) forecast.History {
	first := since.UTC().Truncate(24 * time.Hour)
	days := int(now.UTC().Sub(first)/(24*time.Hour)) + 1
	counts := make([]int, max(days, 1))
	for _, t := range finished {
		if day := int(t.UTC().Sub(first) / (24 * time.Hour)); day >= 0 && day < len(counts) {
			counts[day]++
		}
	}
	return forecast.History{Counts: counts, PeriodDays: 1}
}

// seed makes the forecast of a day repeatable.
func seed(portfolio string, now time.Time) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(portfolio + now.UTC().Format(time.DateOnly)))
	return h.Sum64()
}
