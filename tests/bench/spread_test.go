package bench

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// spread calls f for 0 to n-1 from so many clients at once and returns how long each call took, in order of duration. The first error
// ends it.
func spread(clients, n int, f func(i int) error) (times []time.Duration, took time.Duration, err error) {
	var (
		next   atomic.Int64
		failed atomic.Pointer[error]
		all    sync.WaitGroup
	)
	times = make([]time.Duration, n)
	began := time.Now()
	for range min(clients, n) {
		all.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				from := time.Now()
				if err := f(i); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
				times[i] = time.Since(from)
			}
		})
	}
	all.Wait()
	took = time.Since(began)
	slices.Sort(times)
	if cause := failed.Load(); cause != nil {
		err = *cause
	}
	return times, took, err
}

// quantile reads sorted durations, in milliseconds.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := min(int(q*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[at].Microseconds()) / 1000
}
