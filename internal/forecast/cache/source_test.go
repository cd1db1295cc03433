package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
)

var now = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// facts is a source of a portfolio that finished one request a day on the last days, and has a queue.
type facts struct {
	days, queue int
	fails       error
}

func (f facts) FinishedByDay(context.Context, string, time.Time) (map[pmo.Date]int, error) {
	byDay := map[pmo.Date]int{}
	for i := range f.days {
		byDay[date(now.AddDate(0, 0, -i-1))] = 1
	}
	return byDay, f.fails
}

func date(t time.Time) pmo.Date { return pmo.Date(t.Format(time.DateOnly)) }

func (f facts) QueueAhead(context.Context, string) (int, error) { return f.queue, f.fails }

func TestForNewComesAfterTheQueue(t *testing.T) {
	short, err := cache.New(facts{days: 40, queue: 1}).ForNew(t.Context(), "core", now)
	require.NoError(t, err)
	long, err := cache.New(facts{days: 40, queue: 20}).ForNew(t.Context(), "core", now)
	require.NoError(t, err)
	require.False(t, short.CannotForecast)
	require.Less(t, short.P85.Days, long.P85.Days)
	again, err := cache.New(facts{days: 40, queue: 20}).ForNew(t.Context(), "core", now)
	require.NoError(t, err)
	require.Equal(t, long.P85, again.P85, "the same day says the same")
}

func TestThinHistoryIsNoForecast(t *testing.T) {
	out, err := cache.New(facts{days: 4}).ForNew(t.Context(), "core", now)
	require.NoError(t, err)
	require.True(t, out.CannotForecast)
	require.NotEmpty(t, out.Why)
}

func TestHistoryCountsEmptyDaysToo(t *testing.T) {
	since := now.AddDate(0, 0, -9)
	history := cache.History(map[pmo.Date]int{date(since.AddDate(0, 0, -2)): 5, date(since): 1, date(now): 2}, since, now)
	require.Len(t, history.Counts, 10)
	require.Equal(t, 1, history.Counts[0])
	require.Equal(t, 2, history.Counts[9])
}

func TestFaultsAreReturned(t *testing.T) {
	_, err := cache.New(facts{fails: errors.New("away")}).ForNew(t.Context(), "core", now)
	require.Error(t, err)
}
