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

// arrivalsWithin is how far back it is counted how many requests came, and where they ranked: what people ask for changes within a year.
const arrivalsWithin = 182 * day

const day = 24 * time.Hour

// Source supplies finished work and what waits; the store implements it.
type Source interface {
	// FinishedByDay counts what was finished since a moment, by day in a time zone.
	FinishedByDay(ctx context.Context, portfolio string, since time.Time, zone string) (map[pmo.Date]int, error)
	// Cycles lists when the requests were pulled and accepted that were accepted since a moment.
	Cycles(ctx context.Context, portfolio string, since time.Time) ([]forecast.Cycle, error)
	// Arrivals lists the prioritizations since a moment that say which requests they ranked for the first time, and for how many days there
	// have been such.
	Arrivals(ctx context.Context, portfolio string, since, now time.Time) (forecast.Arrivals, error)
	// ForecastTeams lists the teams.
	ForecastTeams(ctx context.Context) ([]forecast.Team, error)
	// Prerequisites lists, of the requests that are neither pulled nor closed, what each needs that is neither delivered nor closed.
	Prerequisites(ctx context.Context) ([]forecast.Prerequisite, error)
	// Demand counts what waits, and what was decided since a moment.
	Demand(ctx context.Context, portfolio string, since time.Time) (forecast.Demand, error)
}

// Calendars say in which time zone a portfolio's days are, which days of the week are worked, and what the holidays are; the policy does.
type Calendars interface {
	ForecastDays(portfolio string) forecast.Calendar
	// ForecastNeeds is the WIP limit of a portfolio, and how far what a request of it needs must be before it is pulled.
	ForecastNeeds(portfolio string) (wipLimit int, need forecast.Need)
}

// ForNew is the forecast for a request that joins the end of the portfolio's queue now.
func (c *Cache) ForNew(ctx context.Context, portfolio string, wipLimit int, now time.Time) (forecast.Result, error) {
	d, err := c.Demand(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	in, err := c.inputs(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	q := forecast.Queue{Ahead: d.Ahead(), Above: in.arrivals.AboveUnranked(), InProgress: d.InProgress, WIPLimit: wipLimit}
	return in.forecast(q).finish, nil
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
	if err != nil || len(in.cycles) == 0 {
		return 0, 0, err
	}
	var sorted []float64 // in days of the calendar, as flow reports count
	for _, cycle := range in.cycles {
		sorted = append(sorted, cycle.Until.Sub(cycle.From).Hours()/24)
	}
	slices.Sort(sorted)
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

// history lists finished work for each whole day from since to yesterday, days without any included: today is not over. A day off on which
// nothing was finished is left out.
func history(finished map[pmo.Date]int, off []pmo.Date, since, now time.Time) forecast.History {
	var counts []int
	today := pmo.Date(now.Format(time.DateOnly))
	for at := since; ; at = at.AddDate(0, 0, 1) {
		d := pmo.Date(at.Format(time.DateOnly))
		if d >= today {
			return forecast.History{Counts: counts, PeriodDays: 1}
		}
		if _, isOff := slices.BinarySearch(off, d); finished[d] > 0 || !isOff {
			counts = append(counts, finished[d])
		}
	}
}

// blackout are days as times.
func blackout(dates []pmo.Date) []time.Time {
	days := make([]time.Time, 0, len(dates))
	for _, d := range dates {
		if at, err := d.Time(time.UTC); err == nil {
			days = append(days, at)
		}
	}
	return days
}
