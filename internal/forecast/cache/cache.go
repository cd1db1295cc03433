package cache

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

const (
	// freshFor is how old cached data may be before it is read again: seconds make no difference to a date months away, and counting a
	// queue of thousands for every page is expensive.
	freshFor = 5 * time.Second
	// usableFor is how old cached data may be while it is read again in the background, so that readers do not wait for that.
	usableFor = 15 * time.Second
	// refreshWithin limits a read in the background.
	refreshWithin = 5 * time.Second
	// maxEntries limits the cached forecasts of a portfolio, one for each place in the queue: each holds a chance for every
	// day up to ten years, 30 kB at most.
	maxEntries = 500
)

// Cache forecasts from data that is some seconds old, and caches what it has computed until the data changes. It is safe for use by
// many goroutines.
type Cache struct {
	source    Source
	calendars Calendars

	mu          sync.Mutex
	byPortfolio map[string]*cached[*inputs] // there are few portfolios
	demand      map[string]*cached[forecast.Demand]
	needs       map[string]*cached[map[string][]forecast.Prerequisite]
	teams       map[string]*cached[map[string]forecast.Team]
}

// cached is a value with the time it was read; refreshing while a goroutine reads it again in the background.
type cached[T any] struct {
	value      T
	at         time.Time
	refreshing bool
}

// New makes a cache over a source, with the calendars of the portfolios.
func New(s Source, c Calendars) *Cache {
	return &Cache{source: s, calendars: c, byPortfolio: map[string]*cached[*inputs]{}, demand: map[string]*cached[forecast.Demand]{},
		needs: map[string]*cached[map[string][]forecast.Prerequisite]{}, teams: map[string]*cached[map[string]forecast.Team]{}}
}

// Demand counts what waits in a portfolio.
func (c *Cache) Demand(ctx context.Context, portfolio string, now time.Time) (forecast.Demand, error) {
	return lookup(ctx, &c.mu, c.demand, portfolio, func(ctx context.Context, _ forecast.Demand) (forecast.Demand, error) {
		return c.source.Demand(ctx, portfolio, now.Add(-cyclesWithin))
	})
}

// teamsOf are the teams by their id.
func (c *Cache) teamsOf(ctx context.Context) (map[string]forecast.Team, error) {
	return lookup(ctx, &c.mu, c.teams, everywhere, func(ctx context.Context, _ map[string]forecast.Team) (map[string]forecast.Team, error) {
		list, err := c.source.ForecastTeams(ctx)
		byID := make(map[string]forecast.Team, len(list))
		for _, t := range list {
			byID[t.ID] = t
		}
		return byID, err
	})
}

// inputs is the data for today's forecasts of a portfolio. It is kept, with its forecasts, when a new read finds the same.
func (c *Cache) inputs(ctx context.Context, portfolio string, now time.Time) (*inputs, error) {
	return lookup(ctx, &c.mu, c.byPortfolio, portfolio, func(ctx context.Context, known *inputs) (*inputs, error) {
		calendar := c.calendars.ForecastDays(portfolio)
		now := now.In(calendar.Zone)
		since := now.Add(-Window)
		found := &inputs{today: now.Format(time.DateOnly), calendar: calendar, off: calendar.DaysOff(), byQueue: map[forecast.Queue]*queueEntry{}}
		finished, err := c.source.FinishedByDay(ctx, portfolio, since, calendar.Zone.String())
		if err != nil {
			return nil, err
		}
		if found.cycles, err = c.source.Cycles(ctx, portfolio, now.Add(-cyclesWithin)); err != nil {
			return nil, err
		}
		if found.arrivals, err = c.source.Arrivals(ctx, portfolio, now.Add(-arrivalsWithin), now); err != nil {
			return nil, err
		}
		if found.teams, err = c.teamsOf(ctx); err != nil {
			return nil, err
		}
		found.history, found.options = history(finished, found.off, since, now), forecast.Options{Start: now, Blackout: blackout(found.off)}
		if known.equal(found) {
			return known, nil
		}
		found.learn()
		return found, nil
	})
}

// lookup returns the cached value. When it is no longer fresh, one caller starts a read in the background; when it is too old or
// absent, the caller reads first. A failed read is not cached.
func lookup[T any](ctx context.Context, mu *sync.Mutex, entries map[string]*cached[T], portfolio string, read func(ctx context.Context, known T) (T, error)) (T, error) {
	mu.Lock()
	entry, ok := entries[portfolio]
	if !ok {
		entry = &cached[T]{}
		entries[portfolio] = entry
	}
	value, age, refreshing := entry.value, time.Since(entry.at), entry.refreshing
	stale := age >= freshFor && age < usableFor
	entry.refreshing = refreshing || stale
	mu.Unlock()
	refresh := func(ctx context.Context) (T, error) {
		found, err := read(ctx, value)
		mu.Lock()
		defer mu.Unlock()
		entry.refreshing = false
		if err == nil {
			entry.value, entry.at = found, time.Now()
		}
		return found, err
	}
	switch {
	case age >= usableFor:
		return refresh(ctx)
	case stale && !refreshing:
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshWithin)
			defer cancel()
			_, _ = refresh(ctx) // if the fault lasts, a caller gets it once the cached value is too old
		}()
	}
	return value, nil
}

// inputs is a history with the forecasts made from it.
type inputs struct {
	today    string
	calendar forecast.Calendar
	off      []pmo.Date // days off of the portfolio
	history  forecast.History
	cycles   []forecast.Cycle
	arrivals forecast.Arrivals
	teams    map[string]forecast.Team
	options  forecast.Options

	model    *forecast.Model
	work     forecast.Work                       // of all that was finished
	workOf   func(team string) (w forecast.Work) // of one team, where it has finished enough
	backtest func() forecast.Backtest            // computed once

	mu      sync.Mutex
	byQueue map[forecast.Queue]*queueEntry
}

// learn makes the model, and what finished work says about how long work takes.
func (i *inputs) learn() {
	i.model = forecast.Learn(i.history, i.options)
	i.backtest = sync.OnceValue(func() forecast.Backtest { return forecast.RollingOrigin(i.history, i.options) })
	byTeam := map[string]forecast.Work{}
	for id, team := range i.teams {
		off := i.calendar.DaysOff(team.Absences...)
		if w := i.worked(off, func(c forecast.Cycle) bool { return c.Team == id }); len(w) >= forecast.MinCycles {
			byTeam[id] = forecast.Work{Days: w, Team: id, Off: blackout(off)}
		} else if len(off) > len(i.off) {
			byTeam[id] = forecast.Work{Days: i.worked(i.off, nil), Off: blackout(off)}
		}
	}
	i.work = forecast.Work{Days: i.worked(i.off, nil)}
	i.workOf = func(team string) forecast.Work {
		if w, own := byTeam[team]; own {
			return w
		}
		return i.work
	}
}

// worked are the days that finished requests took, days off left out; of all when only is nil.
func (i *inputs) worked(off []pmo.Date, only func(forecast.Cycle) bool) []float64 {
	var days []float64
	for _, c := range i.cycles {
		if only == nil || only(c) {
			days = append(days, i.calendar.Worked(off, c.From, c.Until))
		}
	}
	return days
}

// queueEntry is the forecast for one place in the queue, computed once. One that is pulled has no start.
type queueEntry struct {
	sync.Once
	start, finish forecast.Result
	part          forecast.Part // what finish is made of
}

// equal reports whether forecasts from both are the same: same day, same work, same days off, same teams. A nil receiver equals nothing.
func (i *inputs) equal(other *inputs) bool {
	return i != nil && i.today == other.today && slices.Equal(i.history.Counts, other.history.Counts) && slices.EqualFunc(i.cycles, other.cycles, sameCycle) &&
		i.arrivals.Same(other.arrivals) && i.calendar.Works == other.calendar.Works && slices.Equal(i.off, other.off) && reflect.DeepEqual(i.teams, other.teams)
}

func sameCycle(a, b forecast.Cycle) bool {
	return a.Team == b.Team && a.From.Equal(b.From) && a.Until.Equal(b.Until)
}

func (i *inputs) forecast(q forecast.Queue) *queueEntry {
	e := i.entry(q)
	e.Do(func() {
		e.part = i.model.Split(q, i.workOf(q.Team))
		e.part.People = i.teams[q.Team].People
		e.finish = e.part.Finish(i.options)
		switch {
		case q.Pulled:
		case e.part.Own.Done: // too few cycle times: what is shared is the end
			e.start = i.model.Start(q)
		default:
			e.start = e.part.Shared
		}
	})
	return e
}

func (i *inputs) entry(q forecast.Queue) *queueEntry {
	i.mu.Lock()
	defer i.mu.Unlock()
	e, known := i.byQueue[q]
	if !known {
		if len(i.byQueue) >= maxEntries {
			clear(i.byQueue)
		}
		e = &queueEntry{}
		i.byQueue[q] = e
	}
	return e
}
