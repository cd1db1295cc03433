package outlook

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// counted are facts that count how often they are asked.
type counted struct {
	asked int
	fails error
}

func (c *counted) Finished(context.Context, string, time.Time) ([]time.Time, error) {
	c.asked++
	return []time.Time{{}}, c.fails
}

func (c *counted) QueueAhead(context.Context, string) (int, error) {
	c.asked++
	return c.asked, c.fails
}

func TestKeptAsksOnceWhileFresh(t *testing.T) {
	facts, now := &counted{}, time.Unix(0, 0)
	k := Kept(facts).(*kept)
	k.now = func() time.Time { return now }
	ahead := func(portfolio string) int {
		n, err := k.QueueAhead(t.Context(), portfolio)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, ahead("core"))
	require.Equal(t, 1, ahead("core"))
	require.Equal(t, 2, ahead("other"), "each portfolio has its own")
	now = now.Add(keptFor)
	require.Equal(t, 3, ahead("core"), "old facts are asked for again")
	_, err := k.Finished(t.Context(), "core", now)
	require.NoError(t, err)
	_, err = k.Finished(t.Context(), "core", now)
	require.NoError(t, err)
	require.Equal(t, 4, facts.asked)
}

func TestKeptKeepsNoFailure(t *testing.T) {
	facts := &counted{fails: errors.New("away")}
	k := Kept(facts)
	_, err := k.QueueAhead(t.Context(), "core")
	require.Error(t, err)
	facts.fails = nil
	n, err := k.QueueAhead(t.Context(), "core")
	require.NoError(t, err)
	require.Equal(t, 2, n)
}
