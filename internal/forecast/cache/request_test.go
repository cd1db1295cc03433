package cache

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// steady finishes two requests a day, each after ten days.
type steady struct{}

func (steady) FinishedByDay(_ context.Context, _ string, since time.Time, _ string) (map[pmo.Date]int, error) {
	days := map[pmo.Date]int{}
	for at := since; at.Before(since.Add(Window)); at = at.AddDate(0, 0, 1) {
		days[pmo.Date(at.Format(time.DateOnly))] = 1 + at.YearDay()%3
	}
	return days, nil
}

func (steady) Cycles(_ context.Context, _ string, since time.Time) ([]forecast.Cycle, error) {
	var list []forecast.Cycle
	for days := 2; days <= 20; days += 2 {
		list = append(list, forecast.Cycle{Team: "falcon", From: since, Until: since.AddDate(0, 0, days)})
	}
	return list, nil
}

func (steady) Arrivals(context.Context, string, time.Time, time.Time) (forecast.Arrivals, error) {
	return forecast.Arrivals{}, nil
}

func (steady) ForecastTeams(context.Context) ([]forecast.Team, error) {
	return []forecast.Team{{ID: "falcon"}}, nil
}

func (steady) Demand(context.Context, string, time.Time) (forecast.Demand, error) {
	return forecast.Demand{InProgress: 5, Waiting: 20, Undecided: 10, Accepted: 12, Decided: 20}, nil
}

func (steady) Prerequisites(context.Context) ([]forecast.Prerequisite, error) { return nil, nil }

func TestForRequest(t *testing.T) {
	at := time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)
	c := New(steady{}, utc{})
	answer := func(r *pmo.Request, place Place) Answer {
		place.WIPLimit = 5
		found, err := c.ForRequest(t.Context(), r, place, at)
		require.NoError(t, err)
		require.False(t, found.Finish.CannotForecast, found.Finish.Why)
		return found
	}
	submitted := answer(&pmo.Request{Portfolio: "core", Status: pmo.StatusOpen, Stage: pmo.StageReview}, Place{Counted: true})
	require.True(t, submitted.Undecided)
	require.InDelta(t, .5909, submitted.Approval(), 5e-5)
	require.Equal(t, 20+5, submitted.Queue.Ahead, "all that wait, and 13/22 of the nine others that are not decided")
	pulled, known := submitted.PulledWithin(PullWithin)
	require.True(t, known)
	require.LessOrEqual(t, pulled, submitted.Approval())
	require.InDelta(t, submitted.Approval()*submitted.Start.ChanceWithin(PullWithin).P, pulled, 1e-12)
	wanted := submitted.Wanted(at.AddDate(0, 0, 30))
	require.InDelta(t, submitted.Approval()*wanted.When.P, wanted.Overall.P, 1e-12)

	ranked := answer(&pmo.Request{Portfolio: "core", Status: pmo.StatusOpen, Stage: pmo.StagePrioritization}, Place{Counted: true, Rank: 3})
	require.Equal(t, 2, ranked.Queue.Ahead)
	require.Less(t, ranked.Finish.P85.Days, submitted.Finish.P85.Days)
	require.LessOrEqual(t, ranked.Start.P85.Days, ranked.Finish.P85.Days)

	worked := answer(&pmo.Request{Portfolio: "core", Status: pmo.StatusOpen, Pull: &pmo.Pull{}, PulledAt: at.AddDate(0, 0, -13)}, Place{Counted: true})
	require.Equal(t, 13, worked.Queue.Age)
	require.Equal(t, []int{3, 7}, []int{worked.Finish.P50.Days, worked.Finish.P95.Days}, "of those that took longer than 13 days: 14, 16, 18 and 20")
	_, known = worked.PulledWithin(PullWithin)
	require.False(t, known, "it is")
	require.Equal(t, forecast.MaxChance, worked.Wanted(at.AddDate(0, 0, 7)).Overall.P, "it is approved, and all were done by then")
}
