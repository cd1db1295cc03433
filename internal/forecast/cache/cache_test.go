package cache

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// counted is a source that counts how often it is read.
type counted struct {
	reads    int
	finished int // on each of the last days
	fails    error
	gate     chan struct{} // reads after the first wait for it; nil: they do not
}

func (c *counted) FinishedByDay(_ context.Context, _ string, since time.Time) (map[pmo.Date]int, error) {
	c.reads++
	days := map[pmo.Date]int{}
	for i := range 30 {
		days[pmo.Date(since.UTC().AddDate(0, 0, i).Format(time.DateOnly))] = c.finished
	}
	return days, c.fails
}

func (c *counted) QueueAhead(context.Context, string) (int, error) {
	c.reads++
	if c.gate != nil && c.reads > 1 {
		<-c.gate
	}
	return c.reads, c.fails
}

func TestSourceIsReadOnceWhileFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{}
		o := New(source)
		ahead := func(portfolio string) int {
			n, err := o.QueueAhead(t.Context(), portfolio)
			require.NoError(t, err)
			return n
		}
		require.Equal(t, 1, ahead("core"))
		require.Equal(t, 1, ahead("core"))
		require.Equal(t, 2, ahead("other"), "each portfolio has its own")
		time.Sleep(freshFor)
		require.Equal(t, 1, ahead("core"), "stale data is returned without waiting")
		synctest.Wait()
		require.Equal(t, 3, ahead("core"), "the background read has finished")
		time.Sleep(usableFor)
		require.Equal(t, 4, ahead("core"), "data that is too old is read first")
		for range 2 {
			_, err := o.ForQueue(t.Context(), "core", 3, time.Now())
			require.NoError(t, err)
		}
		require.Equal(t, 5, source.reads)
	})
}

func TestOneCallerRefreshes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{gate: make(chan struct{})}
		o := New(source)
		_, _ = o.QueueAhead(t.Context(), "core")
		time.Sleep(freshFor)
		for range 10 {
			n, err := o.QueueAhead(t.Context(), "core")
			require.NoError(t, err)
			require.Equal(t, 1, n)
		}
		close(source.gate)
		synctest.Wait()
		require.Equal(t, 2, source.reads)
	})
}

func TestNoFailureIsCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{fails: errors.New("away")}
		o := New(source)
		_, err := o.QueueAhead(t.Context(), "core")
		require.Error(t, err)
		_, err = o.ForQueue(t.Context(), "core", 3, time.Now())
		require.Error(t, err)
		source.fails = nil
		n, err := o.QueueAhead(t.Context(), "core")
		require.NoError(t, err)
		require.Equal(t, 3, n)
		time.Sleep(freshFor)
		source.fails = errors.New("away again")
		n, err = o.QueueAhead(t.Context(), "core")
		require.NoError(t, err)
		require.Equal(t, 3, n, "stale data is used for a while")
		synctest.Wait()
		time.Sleep(usableFor)
		_, err = o.QueueAhead(t.Context(), "core")
		require.Error(t, err, "and no longer")
	})
}

// TestForecastsAreCached until the day ends or a request is finished.
func TestForecastsAreCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{finished: 1}
		o := New(source)
		known := func() *inputs {
			_, err := o.ForQueue(t.Context(), "core", 3, time.Now())
			require.NoError(t, err)
			b, err := o.inputs(t.Context(), "core", time.Now())
			require.NoError(t, err)
			return b
		}
		first := known()
		require.Len(t, first.byQueueLength, 1)
		time.Sleep(usableFor)
		require.Same(t, first, known(), "read again, and found the same")
		time.Sleep(usableFor)
		source.finished = 2
		second := known()
		require.NotSame(t, first, second)
		require.Less(t, second.finish(9).P85.Days, first.finish(9).P85.Days)
		time.Sleep(day)
		require.NotSame(t, second, known(), "dates of another day")
	})
}

func TestEntriesAreLimited(t *testing.T) {
	b := &inputs{byQueueLength: map[int]*queueEntry{}}
	for ahead := range maxEntries + 10 {
		b.entry(ahead)
	}
	require.LessOrEqual(t, len(b.byQueueLength), maxEntries)
}
