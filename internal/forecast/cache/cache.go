package cache

import (
	"context"
	"slices"
	"sync"
	"time"

	"leanpmo/internal/forecast"
)

const (
	// freshFor is how old the facts behind a forecast may be before they are looked up again: nobody can tell seconds in a date months
	// away, and counting a queue of thousands for every page is dear.
	freshFor = 5 * time.Second
	// usableFor is how old they may be while somebody looks them up: no reader waits for that, unless nobody has asked for a while.
	usableFor = 15 * time.Second
	// refreshWithin bounds a look that nobody waits for.
	refreshWithin = 5 * time.Second
	// maxEntries bounds the forecasts remembered for a portfolio, one for each length of the queue somebody asked about: each holds a
	// chance for every day up to ten years, 30 kB at most.
	maxEntries = 500
)

// Cache forecasts from facts that are some seconds old, and remembers what it has computed for as long as they hold. It is safe for
// use by many goroutines.
type Cache struct {
	source Source

	mu          sync.Mutex
	byPortfolio map[string]*cached[*inputs] // by portfolio: there are few
	ahead       map[string]*cached[int]
}

// cached is what was found at a moment; somebody may be looking again.
type cached[T any] struct {
	value      T
	at         time.Time
	refreshing bool
}

// New makes a cache over a source.
func New(f Source) *Cache {
	return &Cache{source: f, byPortfolio: map[string]*cached[*inputs]{}, ahead: map[string]*cached[int]{}}
}

// QueueAhead counts what a new request would come after.
func (o *Cache) QueueAhead(ctx context.Context, portfolio string) (int, error) {
	return lookup(ctx, &o.mu, o.ahead, portfolio, func(ctx context.Context, _ int) (int, error) { return o.source.QueueAhead(ctx, portfolio) })
}

// inputs is what forecasts of a portfolio rest on today. It outlives a look that finds the same.
func (o *Cache) inputs(ctx context.Context, portfolio string, now time.Time) (*inputs, error) {
	return lookup(ctx, &o.mu, o.byPortfolio, portfolio, func(ctx context.Context, known *inputs) (*inputs, error) {
		since := now.Add(-Window)
		finished, err := o.source.FinishedByDay(ctx, portfolio, since)
		if err != nil {
			return nil, err
		}
		found := &inputs{history: History(finished, since, now), options: forecast.Options{Start: now, Seed: seed(portfolio, now)}, byQueueLength: map[int]*queueEntry{}}
		if known.equal(found) {
			return known, nil
		}
		return found, nil
	})
}

// lookup answers what is known. When that is no longer fresh, one caller looks again, beside the answer or, where it is too old or
// nothing is known, before it. A failed look is not kept.
func lookup[T any](ctx context.Context, mu *sync.Mutex, facts map[string]*cached[T], portfolio string, ask func(ctx context.Context, known T) (T, error)) (T, error) {
	mu.Lock()
	known, ok := facts[portfolio]
	if !ok {
		known = &cached[T]{}
		facts[portfolio] = known
	}
	value, age, looks := known.value, time.Since(known.at), known.refreshing
	stale := age >= freshFor && age < usableFor
	known.refreshing = looks || stale
	mu.Unlock()
	again := func(ctx context.Context) (T, error) {
		found, err := ask(ctx, value)
		mu.Lock()
		defer mu.Unlock()
		known.refreshing = false
		if err == nil {
			known.value, known.at = found, time.Now()
		}
		return found, err
	}
	switch {
	case age >= usableFor:
		return again(ctx)
	case stale && !looks:
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshWithin)
			defer cancel()
			_, _ = again(ctx) // who needs it after the facts have grown too old hears of the fault
		}()
	}
	return value, nil
}

// inputs is a history with the forecasts made from it.
type inputs struct {
	history forecast.History
	options forecast.Options

	mu            sync.Mutex
	byQueueLength map[int]*queueEntry
}

// queueEntry is the forecast for one length of the queue, computed once.
type queueEntry struct {
	sync.Once
	result forecast.Result
}

// equal tells whether forecasts from both are the same: equal days of equal counts. No basis says nothing.
func (b *inputs) equal(other *inputs) bool {
	return b != nil && b.options.Seed == other.options.Seed && slices.Equal(b.history.Counts, other.history.Counts)
}

func (b *inputs) finish(ahead int) forecast.Result {
	p := b.entry(ahead)
	p.Do(func() { p.result = forecast.Finish(b.history, forecast.Queue{Ahead: ahead, Own: 1}, b.options) })
	return p.result
}

func (b *inputs) entry(ahead int) *queueEntry {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.byQueueLength[ahead]
	if !known {
		if len(b.byQueueLength) >= maxEntries {
			clear(b.byQueueLength)
		}
		p = &queueEntry{}
		b.byQueueLength[ahead] = p
	}
	return p
}
