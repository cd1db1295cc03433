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

// counted are facts that count how often they are asked.
type counted struct {
	asked    int
	finished int // on each of the last days
	fails    error
}

func (c *counted) FinishedByDay(_ context.Context, _ string, since time.Time) (map[pmo.Date]int, error) {
	c.asked++
	days := map[pmo.Date]int{}
	for i := range 30 {
		days[pmo.Date(since.UTC().AddDate(0, 0, i).Format(time.DateOnly))] = c.finished
	}
	return days, c.fails
}

func (c *counted) QueueAhead(context.Context, string) (int, error) {
	c.asked++
	return c.asked, c.fails
}

func TestFactsAreAskedOnceWhileFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		facts := &counted{}
		o := New(facts)
		ahead := func(portfolio string) int {
			n, err := o.QueueAhead(t.Context(), portfolio)
			require.NoError(t, err)
			return n
		}
		require.Equal(t, 1, ahead("core"))
		require.Equal(t, 1, ahead("core"))
		require.Equal(t, 2, ahead("other"), "each portfolio has its own")
		time.Sleep(freshFor)
		require.Equal(t, 1, ahead("core"), "nobody waits for a look at what is not that old")
		synctest.Wait()
		require.Equal(t, 3, ahead("core"), "somebody has looked meanwhile")
		time.Sleep(usableFor)
		require.Equal(t, 4, ahead("core"), "what is too old is looked up first")
		for range 2 {
			_, err := o.ForQueue(t.Context(), "core", 3, time.Now())
			require.NoError(t, err)
		}
		require.Equal(t, 5, facts.asked)
	})
}

func TestOneLooksForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		facts := &counted{}
		o := New(facts)
		_, _ = o.QueueAhead(t.Context(), "core")
		time.Sleep(freshFor)
		for range 10 {
			n, err := o.QueueAhead(t.Context(), "core")
			require.NoError(t, err)
			require.Equal(t, 1, n)
		}
		synctest.Wait()
		require.Equal(t, 2, facts.asked)
	})
}

func TestNoFailureIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		facts := &counted{fails: errors.New("away")}
		o := New(facts)
		_, err := o.QueueAhead(t.Context(), "core")
		require.Error(t, err)
		_, err = o.ForQueue(t.Context(), "core", 3, time.Now())
		require.Error(t, err)
		facts.fails = nil
		n, err := o.QueueAhead(t.Context(), "core")
		require.NoError(t, err)
		require.Equal(t, 3, n)
		time.Sleep(freshFor)
		facts.fails = errors.New("away again")
		n, err = o.QueueAhead(t.Context(), "core")
		require.NoError(t, err)
		require.Equal(t, 3, n, "what is known will do for a while")
		synctest.Wait()
		time.Sleep(usableFor)
		_, err = o.QueueAhead(t.Context(), "core")
		require.Error(t, err, "and no longer")
	})
}

// TestForecastsAreRememberedWhileTheyHold: not longer than the day, and not over a completion.
func TestForecastsAreRememberedWhileTheyHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		facts := &counted{finished: 1}
		o := New(facts)
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
		require.Same(t, first, known(), "looked again, and found the same")
		time.Sleep(usableFor)
		facts.finished = 2
		second := known()
		require.NotSame(t, first, second)
		require.Less(t, second.finish(9).P85.Days, first.finish(9).P85.Days)
		time.Sleep(day)
		require.NotSame(t, second, known(), "dates of another day")
	})
}

func TestPlacesAreBounded(t *testing.T) {
	b := &inputs{byQueueLength: map[int]*queueEntry{}}
	for ahead := range maxEntries + 10 {
		b.entry(ahead)
	}
	require.LessOrEqual(t, len(b.byQueueLength), maxEntries)
}
