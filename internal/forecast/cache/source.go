// Package cache computes forecasts on read: it passes a portfolio's finished work and its queue to internal/forecast and caches the
// result in memory. Forecasts are never stored; a forecast that was sent to a person is a ledger entry.
package cache

import (
	"context"
	"math"
	"slices"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Window is how far back finished work is read. What is recent weighs more (forecast.Model); the rest says how well forecasts came true.
const Window = 3 * 365 * day

// cyclesWithin is how far back the times of finished requests are taken.
const cyclesWithin = 365 * day

const day = 24 * time.Hour

// Source supplies finished work and what waits; the store implements it.
type Source interface {
	// FinishedByDay counts what was finished since a moment, by day in a time zone.
	FinishedByDay(ctx context.Context, portfolio string, since time.Time, zone string) (map[pmo.Date]int, error)
	// CycleDays lists, ascending, how many days the requests took from pull to acceptance that were accepted since a moment.
	CycleDays(ctx context.Context, portfolio string, since time.Time) ([]float64, error)
	// Prerequisites lists, of the requests that are neither pulled nor closed, what each needs that is neither delivered nor closed.
	Prerequisites(ctx context.Context) ([]forecast.Prerequisite, error)
	// Demand counts what waits, and what was decided since a moment.
	Demand(ctx context.Context, portfolio string, since time.Time) (forecast.Demand, error)
}

// Calendars say in which time zone a portfolio's days are, and on which coming days nobody works although they are no weekend; the policy does.
type Calendars interface {
	ForecastDays(portfolio string) (zone *time.Location, holidays []pmo.Date)
	// ForecastNeeds is the WIP limit of a portfolio, and how far what a request of it needs must be before it is pulled.
	ForecastNeeds(portfolio string) (wipLimit int, need forecast.Need)
}

// ForNew is the forecast for a request that joins the end of the portfolio's queue now.
func (c *Cache) ForNew(ctx context.Context, portfolio string, wipLimit int, now time.Time) (forecast.Result, error) {
	d, err := c.Demand(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	return c.Finish(ctx, portfolio, forecast.Queue{Ahead: d.Ahead(), InProgress: d.InProgress, WIPLimit: wipLimit}, now)
}

// Finish is the forecast for a request at a place in the queue. It stays the same all day, until a request is finished.
func (c *Cache) Finish(ctx context.Context, portfolio string, q forecast.Queue, now time.Time) (forecast.Result, error) {
	in, err := c.inputs(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	return in.forecast(q).finish, nil
}

// CycleTime is within how many days the share p of the finished requests of a portfolio was done after they were pulled, and how many they are.
func (c *Cache) CycleTime(ctx context.Context, portfolio string, p float64, now time.Time) (days, finished int, err error) {
	in, err := c.inputs(ctx, portfolio, now)
	if err != nil || len(in.cycleDays) == 0 {
		return 0, 0, err
	}
	sorted := slices.Sorted(slices.Values(in.cycleDays))
	nearest := max(int(math.Ceil(p*float64(len(sorted))))-1, 0)
	return max(int(math.Ceil(sorted[nearest])), 1), len(sorted), nil
}

// Backtest is how forecasts would have come true on the portfolio's own history.
func (c *Cache) Backtest(ctx context.Context, portfolio string, now time.Time) (forecast.Backtest, error) {
	in, err := c.inputs(ctx, portfolio, now)
	if err != nil {
		return forecast.Backtest{}, err
	}
	return in.backtest(), nil
}

// history lists finished work for each whole day from since to yesterday, days without any included: today is not over.
func history(finished map[pmo.Date]int, since, now time.Time) forecast.History {
	var counts []int
	today := pmo.Date(now.Format(time.DateOnly))
	for at := since; ; at = at.AddDate(0, 0, 1) {
		d := pmo.Date(at.Format(time.DateOnly))
		if d >= today {
			return forecast.History{Counts: counts, PeriodDays: 1}
		}
		counts = append(counts, finished[d])
	}
}

// blackout are the days of holidays.
func blackout(holidays []pmo.Date) []time.Time {
	var days []time.Time
	for _, d := range holidays {
		if at, err := d.Time(time.UTC); err == nil {
			days = append(days, at)
		}
	}
	return days
}
