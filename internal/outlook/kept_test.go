package outlook

import (
	"context"
	"errors"
	"testing"
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
	facts, now := &counted{}, time.Unix(0, 0)
	o := New(facts)
	o.now = func() time.Time { return now }
	ahead := func(portfolio string) int {
		n, err := o.QueueAhead(t.Context(), portfolio)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, ahead("core"))
	require.Equal(t, 1, ahead("core"))
	require.Equal(t, 2, ahead("other"), "each portfolio has its own")
	now = now.Add(keptFor)
	require.Equal(t, 3, ahead("core"), "old facts are asked for again")
	for range 2 {
		_, err := o.ForPlace(t.Context(), "core", 3, now)
		require.NoError(t, err)
	}
	require.Equal(t, 4, facts.asked)
}

func TestNoFailureIsKept(t *testing.T) {
	facts := &counted{fails: errors.New("away")}
	o := New(facts)
	_, err := o.QueueAhead(t.Context(), "core")
	require.Error(t, err)
	_, err = o.ForPlace(t.Context(), "core", 3, time.Unix(0, 0))
	require.Error(t, err)
	facts.fails = nil
	n, err := o.QueueAhead(t.Context(), "core")
	require.NoError(t, err)
	require.Equal(t, 3, n)
	_, err = o.ForPlace(t.Context(), "core", 3, time.Unix(0, 0))
	require.NoError(t, err)
}

// TestForecastsAreRememberedWhileTheyHold: not longer than the day, and not over a completion.
func TestForecastsAreRememberedWhileTheyHold(t *testing.T) {
	facts, now := &counted{finished: 1}, time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	o := New(facts)
	o.now = func() time.Time { return now }
	known := func() *basis {
		_, err := o.ForPlace(t.Context(), "core", 3, now)
		require.NoError(t, err)
		b, err := o.basis(t.Context(), "core", now)
		require.NoError(t, err)
		return b
	}
	first := known()
	require.Len(t, first.places, 1)
	now = now.Add(keptFor)
	require.Same(t, first, known(), "looked again, and found the same")
	now, facts.finished = now.Add(keptFor), 2
	second := known()
	require.NotSame(t, first, second)
	require.Less(t, second.place(9).P85.Days, first.place(9).P85.Days)
	now = now.Add(day)
	require.NotSame(t, second, known(), "dates of another day")
}

func TestPlacesAreBounded(t *testing.T) {
	b := &basis{places: map[int]*place{}}
	for ahead := range placesKept + 10 {
		b.at(ahead)
	}
	require.LessOrEqual(t, len(b.places), placesKept)
}
