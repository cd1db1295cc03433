package cache

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// known is a portfolio of which more is known: arrivals, and teams with a past of their own.
type known struct {
	steady
	arrivals forecast.Arrivals
	cycles   []forecast.Cycle
	teams    []forecast.Team
}

func (k known) Arrivals(context.Context, string, time.Time, time.Time) (forecast.Arrivals, error) {
	return k.arrivals, nil
}

func (k known) Cycles(_ context.Context, _ string, since time.Time) ([]forecast.Cycle, error) {
	return k.cycles, nil
}

func (k known) ForecastTeams(context.Context) ([]forecast.Team, error) { return k.teams, nil }

// weekdays is a calendar of Monday to Friday.
type weekdays struct{ holidays []pmo.Date }

func (weekdays) ForecastNeeds(string) (int, forecast.Need) { return 4, forecast.NeedDelivered }

func (w weekdays) ForecastDays(string) forecast.Calendar {
	return forecast.Calendar{Zone: time.UTC, Works: [7]bool{false, true, true, true, true, true, false}, Holidays: w.holidays}
}

var queueAt = time.Date(2027, 3, 17, 12, 0, 0, 0, time.UTC) // a Wednesday

// spans are so many cycles of a team of the same length in days, which ended in the last days.
func spans(team string, n int, days float64) []forecast.Cycle {
	var list []forecast.Cycle
	for i := range n {
		until := queueAt.AddDate(0, 0, -7*i-1)
		list = append(list, forecast.Cycle{Team: team, From: until.Add(-time.Duration(days * float64(day))), Until: until})
	}
	return list
}

func ask(t *testing.T, source Source, calendars Calendars, r pmo.Request, place Place) Answer {
	t.Helper()
	r.Portfolio, r.Status = "core", pmo.StatusOpen
	place.WIPLimit, place.Counted = 5, true
	found, err := New(source, calendars).ForRequest(t.Context(), &r, place, queueAt)
	require.NoError(t, err)
	return found
}

func inWork(team string, since time.Time) pmo.Request {
	return pmo.Request{Stage: pmo.StageExecution, Pull: &pmo.Pull{}, PulledAt: since, Assignment: &pmo.Assignment{Team: team}}
}

func TestArrivalsPushBackWhatTheyRankAbove(t *testing.T) {
	arrived := forecast.Arrivals{Days: 182}
	for i := range 91 {
		arrived.Places = append(arrived.Places, float64(i)/91)
	}
	waits := pmo.Request{Stage: pmo.StagePrioritization}
	for _, rank := range []int{1, 10, 20} {
		without, with := ask(t, known{cycles: spans("falcon", 20, 4)}, utc{}, waits, Place{Rank: rank}), ask(t, known{cycles: spans("falcon", 20, 4), arrivals: arrived}, utc{}, waits, Place{Rank: rank})
		require.InDelta(t, 3.5*(float64(rank)-.5)/20, with.AbovePerWeek(), .11, "half a request a day comes, and ranks anywhere among twenty")
		require.LessOrEqual(t, without.Finish.P85.Days, with.Finish.P85.Days)
		if rank == 20 {
			require.Less(t, without.Finish.P85.Days, with.Finish.P85.Days)
			require.Contains(t, with.Finish.Sentence, "a week are expected to come and rank above it.")
			require.NotContains(t, without.Finish.Sentence, "expected to come")
		}
	}
	unranked := ask(t, known{arrivals: arrived}, utc{}, pmo.Request{Stage: pmo.StageReview}, Place{})
	require.InDelta(t, 1.8, unranked.AbovePerWeek(), 1e-9, "half of all")
	pulled := ask(t, known{arrivals: arrived}, utc{}, inWork("falcon", queueAt), Place{})
	require.Zero(t, pulled.AbovePerWeek(), "nobody comes before what has begun")
}

func TestATeamWithEnoughPastIsForecastFromIt(t *testing.T) {
	source := known{teams: []forecast.Team{{ID: "falcon"}, {ID: "otter"}}, cycles: slices.Concat(spans("falcon", 10, 4), spans("otter", 9, 20), spans("", 5, 20))}
	falcon, otter := ask(t, source, utc{}, inWork("falcon", queueAt), Place{}), ask(t, source, utc{}, inWork("otter", queueAt), Place{})
	require.Equal(t, []int{4, 4}, []int{falcon.Finish.P50.Days, falcon.Finish.P95.Days})
	require.Equal(t, "falcon", falcon.Finish.Basis.Team)
	require.Contains(t, falcon.Finish.Sentence, "from how long 10 finished items of team falcon took")
	require.Equal(t, 20, otter.Finish.P85.Days, "nine are too few: those of the portfolio")
	require.Empty(t, otter.Finish.Basis.Team)
	require.Equal(t, 24, otter.Finish.Basis.Samples)
}

// TestDaysOffCountNowhere: neither in what finished work took, nor in an age, nor in the days to come.
func TestDaysOffCountNowhere(t *testing.T) {
	source := known{teams: []forecast.Team{{ID: "falcon"}}, cycles: spans("falcon", 12, 5)}
	plain := ask(t, source, weekdays{}, inWork("falcon", queueAt.AddDate(0, 0, -3)), Place{})
	require.Equal(t, []int{3, 2}, []int{plain.Queue.Age, plain.Finish.P85.Days})
	yesterday := weekdays{holidays: []pmo.Date{"2027-03-16"}}
	off := ask(t, source, yesterday, inWork("falcon", queueAt.AddDate(0, 0, -3)), Place{})
	require.Equal(t, 2, off.Queue.Age, "the holiday made it no older")
	require.Equal(t, 3, off.Finish.P85.Days)
	tomorrow := weekdays{holidays: []pmo.Date{"2027-03-18", "2027-03-20"}}
	off = ask(t, source, tomorrow, inWork("falcon", queueAt.AddDate(0, 0, -3)), Place{})
	require.Equal(t, 3, off.Finish.P85.Days, "a holiday on a Saturday takes nothing away")
	in, err := New(source, yesterday).inputs(t.Context(), "core", queueAt)
	require.NoError(t, err)
	before, err := New(source, weekdays{}).inputs(t.Context(), "core", queueAt)
	require.NoError(t, err)
	require.Equal(t, len(before.history.Counts), len(in.history.Counts), "something was finished on it, so that it was worked")
	require.InDelta(t, 4.5, slices.Min(in.work.Days), 1e-9, "it ended at noon of the holiday")

	source.teams[0].Absences = []pmo.Absence{{From: "2027-03-18", Until: "2027-03-24", WholeTeam: true}}
	away := ask(t, source, weekdays{}, inWork("falcon", queueAt.AddDate(0, 0, -3)), Place{})
	require.Equal(t, 4, away.Finish.P85.Days, "Thursday and Friday are off, the weekend counts as ever, and then it is done")
	require.Equal(t, 2, plain.Finish.P85.Days)
}

// TestSharedPeopleAreKnown from the teams of a selection.
func TestSharedPeopleAreKnown(t *testing.T) {
	source := known{cycles: spans("", 20, 10), teams: []forecast.Team{{ID: "falcon", People: []string{"lea", "ann"}}, {ID: "otter", People: []string{"ann"}}, {ID: "heron", People: []string{"bo"}}}}
	falcon, otter, heron := ask(t, source, utc{}, inWork("falcon", queueAt), Place{}), ask(t, source, utc{}, inWork("otter", queueAt), Place{}), ask(t, source, utc{}, inWork("heron", queueAt), Place{})
	shared, apart := All([]Answer{falcon, otter}), All([]Answer{falcon, heron})
	require.True(t, shared.SharedPeople)
	require.False(t, apart.SharedPeople)
	for d := range 15 {
		require.LessOrEqual(t, shared.Finish.Distribution().Within(d), apart.Finish.Distribution().Within(d))
	}
}
