package cache

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// backlogged is a portfolio before which ten thousand requests wait, with arrivals and holidays to come.
type backlogged struct{ steady }

func (backlogged) Demand(context.Context, string, time.Time) (forecast.Demand, error) {
	return forecast.Demand{InProgress: 12, Waiting: 10_000, Accepted: 12, Decided: 20}, nil
}

// Arrivals are half as many as are finished, and rank anywhere.
func (backlogged) Arrivals(context.Context, string, time.Time, time.Time) (forecast.Arrivals, error) {
	a := forecast.Arrivals{Days: 182}
	for i := range 182 {
		a.Places = append(a.Places, float64(i)/182)
	}
	return a, nil
}

var benchAt = time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)

// reforecast forecasts so many ranked requests anew, with nothing cached, and tells how likely each wanted date is kept.
func reforecast(tb testing.TB, first, last int) {
	c := New(backlogged{}, utc{holidays: []pmo.Date{"2027-03-26", "2027-03-29", "2027-05-01", "2027-12-24", "2027-12-25", "2027-12-31"}})
	for rank := first; rank <= last; rank++ {
		r := pmo.Request{Portfolio: "core", Status: pmo.StatusOpen, Stage: pmo.StagePrioritization}
		found, err := c.ForRequest(tb.Context(), &r, Place{Rank: rank, WIPLimit: 12, Counted: true}, benchAt)
		require.NoError(tb, err)
		require.False(tb, found.Finish.CannotForecast)
		found.Wanted(benchAt.AddDate(0, 6, 0))
	}
}

// BenchmarkOneBehindAThousand is the first forecast after a request was finished: the model is made anew too.
func BenchmarkOneBehindAThousand(b *testing.B) {
	for b.Loop() {
		reforecast(b, 1001, 1001)
	}
}

func BenchmarkTenThousand(b *testing.B) {
	for b.Loop() {
		reforecast(b, 1, 10_000)
	}
}

// computed is how long this process has computed, whatever else the machine does.
func computed(t *testing.T) time.Duration {
	var use syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// TestForecastsAreFastAndSmall holds the aims, ten thousand in 10 seconds and 200 MB, in time of computing with room for a machine that is shared.
func TestForecastsAreFastAndSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes seconds")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := computed(t)
	reforecast(t, 1, 10_000)
	spent := computed(t) - began
	runtime.ReadMemStats(&after)
	t.Logf("10,000 in %v of computing, %d MB allocated in all, %d MB taken from the system", spent, (after.TotalAlloc-before.TotalAlloc)>>20, (after.Sys-before.Sys)>>20)
	require.Less(t, (after.Sys-before.Sys)>>20, uint64(200))
	require.Less(t, spent, 30*time.Second)
}
