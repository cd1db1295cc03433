package outlook_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/outlook"
)

var now = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// facts are a portfolio that finished one request a day on the last days, and has a queue.
type facts struct {
	days, queue int
	fails       error
}

func (f facts) Finished(_ context.Context, _ string, since time.Time) ([]time.Time, error) {
	var list []time.Time
	for i := range f.days {
		list = append(list, now.AddDate(0, 0, -i-1))
	}
	return list, f.fails
}

func (f facts) QueueAhead(context.Context, string) (int, error) { return f.queue, f.fails }

func TestForNewComesAfterTheQueue(t *testing.T) {
	short, err := outlook.ForNew(t.Context(), facts{days: 40, queue: 1}, "core", now)
	require.NoError(t, err)
	long, err := outlook.ForNew(t.Context(), facts{days: 40, queue: 20}, "core", now)
	require.NoError(t, err)
	require.False(t, short.CannotForecast)
	require.Less(t, short.P85.Days, long.P85.Days)
	again, err := outlook.ForNew(t.Context(), facts{days: 40, queue: 20}, "core", now)
	require.NoError(t, err)
	require.Equal(t, long.P85, again.P85, "the same day says the same")
}

func TestThinHistoryIsNoForecast(t *testing.T) {
	out, err := outlook.ForNew(t.Context(), facts{days: 4}, "core", now)
	require.NoError(t, err)
	require.True(t, out.CannotForecast)
	require.NotEmpty(t, out.Why)
}

func TestHistoryCountsEmptyDaysToo(t *testing.T) {
	since := now.AddDate(0, 0, -9)
	history := outlook.History([]time.Time{since.Add(-48 * time.Hour), since.Add(time.Hour), now, now}, since, now)
	require.Len(t, history.Counts, 10)
	require.Equal(t, 1, history.Counts[0])
	require.Equal(t, 2, history.Counts[9])
}

func TestFaultsAreToldOn(t *testing.T) {
	_, err := outlook.ForNew(t.Context(), facts{fails: errors.New("away")}, "core", now)
	require.Error(t, err)
}
