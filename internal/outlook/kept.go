package outlook

import (
	"context"
	"sync"
	"time"
)

// keptFor is how old the facts behind a forecast may be: nobody can tell seconds in a date months away, and counting a queue of
// thousands for every page is dear.
const keptFor = 5 * time.Second

// Kept answers from facts that are at most some seconds old. It is safe for use by many goroutines.
func Kept(f Facts) Facts {
	return &kept{facts: f, now: time.Now, finished: map[string]fresh[[]time.Time]{}, ahead: map[string]fresh[int]{}}
}

type kept struct {
	facts    Facts
	now      func() time.Time
	mu       sync.Mutex
	finished map[string]fresh[[]time.Time] // by portfolio: there are few
	ahead    map[string]fresh[int]
}

type fresh[T any] struct {
	value T
	at    time.Time
}

// Finished lists what was finished since a moment; moments within the kept time count as one.
func (k *kept) Finished(ctx context.Context, portfolio string, since time.Time) ([]time.Time, error) {
	return look(k, k.finished, portfolio, func() ([]time.Time, error) { return k.facts.Finished(ctx, portfolio, since) })
}

// QueueAhead counts what a new request would come after.
func (k *kept) QueueAhead(ctx context.Context, portfolio string) (int, error) {
	return look(k, k.ahead, portfolio, func() (int, error) { return k.facts.QueueAhead(ctx, portfolio) })
}

// look asks at most once while an answer is fresh; a failed look is not kept.
func look[T any](k *kept, answers map[string]fresh[T], portfolio string, ask func() (T, error)) (T, error) {
	k.mu.Lock()
	known, ok := answers[portfolio]
	k.mu.Unlock()
	if ok && k.now().Sub(known.at) < keptFor {
		return known.value, nil
	}
	value, err := ask()
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	answers[portfolio] = fresh[T]{value, k.now()}
	k.mu.Unlock()
	return value, nil
}
