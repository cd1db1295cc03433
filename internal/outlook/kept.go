package outlook

import (
	"context"
	"slices"
	"sync"
	"time"

	"leanpmo/internal/forecast"
)

const (
	// keptFor is how old the facts behind a forecast may be before they are looked up again: nobody can tell seconds in a date months
	// away, and counting a queue of thousands for every page is dear.
	keptFor = 5 * time.Second
	// staleFor is how old they may be while somebody looks them up: no reader waits for that, unless nobody has asked for a while.
	staleFor = 15 * time.Second
	// lookWithin bounds a look that nobody waits for.
	lookWithin = 5 * time.Second
	// placesKept bounds the forecasts remembered for a portfolio, one for each length of the queue somebody asked about: each holds a
	// chance for every day up to ten years, 30 kB at most.
	placesKept = 500
)

// Outlook forecasts from facts that are some seconds old, and remembers what it has computed for as long as they hold. It is safe for
// use by many goroutines.
type Outlook struct {
	facts Facts

	mu    sync.Mutex
	bases map[string]*fact[*basis] // by portfolio: there are few
	ahead map[string]*fact[int]
}

// fact is what was found at a moment; somebody may be looking again.
type fact[T any] struct {
	value   T
	at      time.Time
	looking bool
}

// New makes an outlook on facts.
func New(f Facts) *Outlook {
	return &Outlook{facts: f, bases: map[string]*fact[*basis]{}, ahead: map[string]*fact[int]{}}
}

// QueueAhead counts what a new request would come after.
func (o *Outlook) QueueAhead(ctx context.Context, portfolio string) (int, error) {
	return look(ctx, &o.mu, o.ahead, portfolio, func(ctx context.Context, _ int) (int, error) { return o.facts.QueueAhead(ctx, portfolio) })
}

// basis is what forecasts of a portfolio rest on today. It outlives a look that finds the same.
func (o *Outlook) basis(ctx context.Context, portfolio string, now time.Time) (*basis, error) {
	return look(ctx, &o.mu, o.bases, portfolio, func(ctx context.Context, known *basis) (*basis, error) {
		since := now.Add(-Window)
		finished, err := o.facts.FinishedByDay(ctx, portfolio, since)
		if err != nil {
			return nil, err
		}
		found := &basis{history: History(finished, since, now), options: forecast.Options{Start: now, Seed: seed(portfolio, now)}, places: map[int]*place{}}
		if known.says(found) {
			return known, nil
		}
		return found, nil
	})
}

// look answers what is known. When that is no longer fresh, one caller looks again, beside the answer or, where it is too old or
// nothing is known, before it. A failed look is not kept.
func look[T any](ctx context.Context, mu *sync.Mutex, facts map[string]*fact[T], portfolio string, ask func(ctx context.Context, known T) (T, error)) (T, error) {
	mu.Lock()
	known, ok := facts[portfolio]
	if !ok {
		known = &fact[T]{}
		facts[portfolio] = known
	}
	value, age, looks := known.value, time.Since(known.at), known.looking
	stale := age >= keptFor && age < staleFor
	known.looking = looks || stale
	mu.Unlock()
	again := func(ctx context.Context) (T, error) {
		found, err := ask(ctx, value)
		mu.Lock()
		defer mu.Unlock()
		known.looking = false
		if err == nil {
			known.value, known.at = found, time.Now()
		}
		return found, err
	}
	switch {
	case age >= staleFor:
		return again(ctx)
	case stale && !looks:
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookWithin)
			defer cancel()
			_, _ = again(ctx) // who needs it after the facts have grown too old hears of the fault
		}()
	}
	return value, nil
}

// basis is a history with the forecasts made from it.
type basis struct {
	history forecast.History
	options forecast.Options

	mu     sync.Mutex
	places map[int]*place
}

// place is the forecast for one length of the queue, computed once.
type place struct {
	sync.Once
	result forecast.Result
}

// says tells whether forecasts from both are the same: equal days of equal counts. No basis says nothing.
func (b *basis) says(other *basis) bool {
	return b != nil && b.options.Seed == other.options.Seed && slices.Equal(b.history.Counts, other.history.Counts)
}

func (b *basis) place(ahead int) forecast.Result {
	p := b.at(ahead)
	p.Do(func() { p.result = forecast.Finish(b.history, forecast.Queue{Ahead: ahead, Own: 1}, b.options) })
	return p.result
}

func (b *basis) at(ahead int) *place {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.places[ahead]
	if !known {
		if len(b.places) >= placesKept {
			clear(b.places)
		}
		p = &place{}
		b.places[ahead] = p
	}
	return p
}
