package outlook

import (
	"context"
	"slices"
	"sync"
	"time"

	"leanpmo/internal/forecast"
)

const (
	// keptFor is how old the facts behind a forecast may be: nobody can tell seconds in a date months away, and counting a queue of
	// thousands for every page is dear.
	keptFor = 5 * time.Second
	// placesKept bounds the forecasts remembered for a portfolio: one for each length of the queue somebody asked about.
	placesKept = 10_000
)

// Outlook forecasts from facts that are at most some seconds old, and remembers what it has computed for as long as they hold. It is
// safe for use by many goroutines.
type Outlook struct {
	facts Facts
	now   func() time.Time

	mu    sync.Mutex
	bases map[string]fresh[*basis] // by portfolio: there are few
	ahead map[string]fresh[int]
}

type fresh[T any] struct {
	value T
	at    time.Time
}

// New makes an outlook on facts.
func New(f Facts) *Outlook {
	return &Outlook{facts: f, now: time.Now, bases: map[string]fresh[*basis]{}, ahead: map[string]fresh[int]{}}
}

// QueueAhead counts what a new request would come after.
func (o *Outlook) QueueAhead(ctx context.Context, portfolio string) (int, error) {
	return look(o, o.ahead, portfolio, func(int) (int, error) { return o.facts.QueueAhead(ctx, portfolio) })
}

// basis is what forecasts of a portfolio rest on today. It outlives a look that finds the same.
func (o *Outlook) basis(ctx context.Context, portfolio string, now time.Time) (*basis, error) {
	return look(o, o.bases, portfolio, func(known *basis) (*basis, error) {
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

// look asks, with what is known, when that is no longer fresh. A failed look is not kept.
func look[T any](o *Outlook, answers map[string]fresh[T], portfolio string, ask func(known T) (T, error)) (T, error) {
	o.mu.Lock()
	known, ok := answers[portfolio]
	o.mu.Unlock()
	if ok && o.now().Sub(known.at) < keptFor {
		return known.value, nil
	}
	value, err := ask(known.value)
	if err != nil {
		return value, err
	}
	o.mu.Lock()
	answers[portfolio] = fresh[T]{value, o.now()}
	o.mu.Unlock()
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
