package cache

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// needing is a portfolio in which requests need others.
type needing struct {
	steady
	needs []forecast.Prerequisite
}

func (n needing) Prerequisites(context.Context) ([]forecast.Prerequisite, error) { return n.needs, nil }

var needingAt = time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)

func waitingRequest(id string) pmo.Request {
	return pmo.Request{ID: id, Portfolio: "core", Status: pmo.StatusOpen, Stage: pmo.StagePrioritization}
}

// worked is a request that was pulled some days ago.
func worked(id string, days int) pmo.Request {
	r := waitingRequest(id)
	r.Stage, r.Pull, r.PulledAt = pmo.StageExecution, &pmo.Pull{}, needingAt.AddDate(0, 0, -days)
	return r
}

func forecastA(t *testing.T, rules utc, needs ...forecast.Prerequisite) Answer {
	t.Helper()
	a := waitingRequest("a")
	found, err := New(needing{needs: needs}, rules).ForRequest(t.Context(), &a, Place{Rank: 1, WIPLimit: 4, Counted: true}, needingAt)
	require.NoError(t, err)
	return found
}

// TestWhatARequestNeedsComesFirst: it is pulled when what it needs is delivered, and not before its own turn.
func TestWhatARequestNeedsComesFirst(t *testing.T) {
	free := forecastA(t, utc{})
	needsB := forecast.Prerequisite{NeededBy: "a", Request: worked("b", 1)}
	one := forecastA(t, utc{}, needsB)
	require.Greater(t, one.Finish.P85.Days, free.Finish.P85.Days)
	require.Contains(t, one.Finish.Sentence, "What it needs has to come first, and counts.")
	limit, _ := utc{}.ForecastNeeds("core")
	b := worked("b", 1)
	ofB, err := New(steady{}, utc{}).ForRequest(t.Context(), &b, Place{WIPLimit: limit, Counted: true}, needingAt)
	require.NoError(t, err)
	for day := range 60 {
		require.InDelta(t, free.Start.Distribution().Within(day)*ofB.Finish.Distribution().Within(day), one.Start.Distribution().Within(day), 1e-12, "both have to be")
	}
	// b needs c, which waits: a comes after both.
	b = waitingRequest("b")
	chain := forecastA(t, utc{}, forecast.Prerequisite{NeededBy: "a", Request: b, Rank: 2}, forecast.Prerequisite{NeededBy: "b", Request: waitingRequest("c"), Rank: 3})
	only := forecastA(t, utc{}, forecast.Prerequisite{NeededBy: "a", Request: b, Rank: 2})
	require.Greater(t, chain.Start.P50.Days, only.Start.P50.Days)

	circle := forecastA(t, utc{}, forecast.Prerequisite{NeededBy: "a", Request: b, Rank: 2}, forecast.Prerequisite{NeededBy: "b", Request: waitingRequest("a"), Rank: 1})
	require.Equal(t, only.Finish.P85, circle.Finish.P85, "a cycle ends")
}

// TestThePolicyLoosensWhatIsNeeded: that others have begun, or nothing.
func TestThePolicyLoosensWhatIsNeeded(t *testing.T) {
	free, begun := forecastA(t, utc{}), utc{need: forecast.NeedBegun}
	needsB, needsC := forecast.Prerequisite{NeededBy: "a", Request: worked("b", 1)}, forecast.Prerequisite{NeededBy: "a", Request: waitingRequest("c"), Rank: 40}
	require.Equal(t, free.Finish.P85, forecastA(t, utc{need: forecast.NeedNothing}, needsB, needsC).Finish.P85)
	require.Equal(t, free.Finish.P85, forecastA(t, begun, needsB).Finish.P85, "it has begun")
	c := forecastA(t, begun, needsC).Start.P85.Days
	require.Greater(t, c, free.Start.P85.Days)
	require.Less(t, c, forecastA(t, utc{}, needsC).Start.P85.Days, "its beginning is enough")
	a := worked("a", 2)
	found, err := New(needing{needs: []forecast.Prerequisite{needsC}}, utc{}).ForRequest(t.Context(), &a, Place{WIPLimit: 4, Counted: true}, needingAt)
	require.NoError(t, err)
	require.NotContains(t, found.Finish.Sentence, "What it needs", "one that was pulled waits no more")
}
