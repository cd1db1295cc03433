// Package ratelimit limits how often each of many callers may do something, in bounded memory.
package ratelimit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostKeys bounds the callers that are told apart; those beyond share one limit until others have been quiet.
const mostKeys = 10000

// Limiter limits each key. A nil Limiter limits nobody.
type Limiter struct {
	every rate.Limit
	burst int
	now   func() time.Time
	most  int

	mu     sync.Mutex
	byKey  map[string]*rate.Limiter
	others *rate.Limiter
}

// PerMinute makes a limiter: so many a minute for each key, and burst at once. Fewer than one a minute: nil, which limits nobody.
func PerMinute(n, burst int, now func() time.Time) *Limiter {
	return per(time.Minute, n, burst, now)
}

// PerHour makes a limiter like PerMinute: so many an hour for each key.
func PerHour(n, burst int, now func() time.Time) *Limiter { return per(time.Hour, n, burst, now) }

func per(length time.Duration, n, burst int, now func() time.Time) *Limiter {
	if n < 1 {
		return nil
	}
	l := &Limiter{every: rate.Limit(float64(n) / length.Seconds()), burst: max(burst, 1), now: now, most: mostKeys, byKey: map[string]*rate.Limiter{}}
	l.others = rate.NewLimiter(l.every, l.burst)
	return l
}

// Take takes one for a key, or says how long to wait until there is one.
func (l *Limiter) Take(key string) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	r := l.of(key, now).ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// of is the limit of a key.
func (l *Limiter) of(key string, now time.Time) *rate.Limiter {
	if found, known := l.byKey[key]; known {
		return found
	}
	if len(l.byKey) >= l.most {
		for other, limit := range l.byKey {
			if limit.TokensAt(now) >= float64(l.burst) { // as good as new
				delete(l.byKey, other)
			}
		}
	}
	if len(l.byKey) >= l.most {
		return l.others
	}
	l.byKey[key] = rate.NewLimiter(l.every, l.burst)
	return l.byKey[key]
}
