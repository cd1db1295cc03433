package api

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// inProgress gives the store n requests that as many teams pulled on the same day, and a past of cycle times from 1 to 20 days.
func (b *bundle) inProgress(n int, age time.Duration) (refs string) {
	b.finishedEveryThirdDay()
	b.store.cycles = nil
	for days := range 20 {
		b.store.cycles = append(b.store.cycles, float64(days+1))
	}
	clear(b.store.rows)
	for i := range n {
		state := inReview(fmt.Sprintf("018f0000-0000-7000-8000-%012d", i+1), int64(i+1), "sam")
		state.Stage, state.Status, state.Questions = pmo.StageExecution, pmo.StatusOpen, nil
		state.Pull, state.PulledAt = &pmo.Pull{}, now.Add(-age)
		b.store.rows[state.ID] = store.Row{Request: state}
		refs += fmt.Sprintf(",R-%d", i+1)
	}
	return refs[1:]
}

// TestSeveralTeamsAreJoint: the chance that n teams are all done by a day is that of one to the power of n.
func TestSeveralTeamsAreJoint(t *testing.T) {
	chance := func(n int) float64 {
		b := setup(t)
		refs := b.inProgress(n, 0)
		status, doc, _ := b.call(t, "sam", "GET", "/v1/forecast?request="+refs+"&by="+now.AddDate(0, 0, 17).Format(time.DateOnly), "")
		require.Equal(t, 200, status, doc)
		require.Len(t, doc["items"], n)
		require.EqualValues(t, n, doc["open"])
		if n > 1 {
			alone := doc["alone"].(map[string]any)
			require.Equal(t, now.AddDate(0, 0, 17).Format(time.DateOnly), alone["p85"])
			require.InDelta(t, math.Pow(.85, float64(n)), alone["chance"], .0006)
			require.Greater(t, doc["p85"], alone["p85"], "never the day of the worst")
		}
		return doc["wanted"].(map[string]any)["chance"].(float64)
	}
	for n := 1; n <= 5; n++ {
		require.InDelta(t, math.Pow(.85, float64(n)), chance(n), .0006)
	}
}

// TestSharedPeopleAreSaid: requests of two teams of which one person is the same are not independent.
func TestSharedPeopleAreSaid(t *testing.T) {
	b := setup(t)
	refs := b.inProgress(2, 0)
	for i, team := range []string{"falcon", "otter"} {
		id := fmt.Sprintf("018f0000-0000-7000-8000-%012d", i+1)
		row := b.store.rows[id]
		row.Assignment = &pmo.Assignment{Team: team}
		b.store.rows[id] = row
	}
	b.store.forecastTeams = []forecast.Team{{ID: "falcon", People: []string{"lea", "ann"}}, {ID: "otter", People: []string{"ann"}}}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/forecast?request="+refs+"&by="+now.AddDate(0, 0, 17).Format(time.DateOnly), "")
	require.Equal(t, true, doc["shared_people"])
	require.Contains(t, doc["words"], "The same people work on some of them")
	require.InDelta(t, .70, doc["wanted"].(map[string]any)["chance"], .0006, "not .7225")
}

// TestWhatWillRankAboveIsSaid with the forecast of a request that waits.
func TestWhatWillRankAboveIsSaid(t *testing.T) {
	b := setup(t)
	b.inProgress(1, 0)
	id := "018f0000-0000-7000-8000-000000000001"
	row, rank := b.store.rows[id], 2
	row.Stage, row.Pull, row.PulledAt, row.Rank = pmo.StagePrioritization, nil, time.Time{}, &rank
	b.store.rows[id] = row
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/forecast", "")
	require.NotContains(t, doc, "above_per_week")
	b = setup(t)
	b.inProgress(1, 0)
	b.store.rows[id] = row
	b.store.arrivals = forecast.Arrivals{Days: 70, Places: []float64{.05, .1, .15, .2, .25, .9}}
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/forecast", "")
	require.InDelta(t, .5, doc["above_per_week"], 1e-9, "five of the six ranked above the second of three: in ten weeks")
	require.Contains(t, doc["words"], "About 0.5 a week are expected to come and rank above it.")
}

func TestSelectionsAreChosenAndCounted(t *testing.T) {
	b := setup(t)
	b.inProgress(3, 0)
	change := func(n int, f func(*pmo.Request)) {
		id := fmt.Sprintf("018f0000-0000-7000-8000-%012d", n)
		row := b.store.rows[id]
		f(&row.Request)
		b.store.rows[id] = row
	}
	change(1, func(r *pmo.Request) { r.AcceptedAt = now.AddDate(0, 0, -2) })
	change(2, func(r *pmo.Request) { r.Status, r.Outcome = pmo.StatusClosed, pmo.OutcomeWithdrawn })
	change(3, func(r *pmo.Request) { r.Stage, r.Pull, r.PulledAt = pmo.StageReview, nil, time.Time{} })
	_, doc, _ := b.call(t, "sam", "GET", "/v1/forecast?request=R-1,R-2,r-3", "")
	require.Equal(t, []any{1., 1., 1.}, []any{doc["open"], doc["delivered"], doc["ended"]})
	require.Equal(t, "R-3", doc["items"].([]any)[0].(map[string]any)["ref"])
	require.Equal(t, .591, doc["approved"], "12 of 20 were")
	require.Contains(t, doc["words"], "If all are approved; the chance of that is 59 %.")
	require.True(t, b.store.filter.Closed, "what is named may be closed")
	require.Equal(t, []string{"R-1", "R-2", "R-3"}, b.store.filter.Only)

	status, doc, _ := b.call(t, "sam", "GET", "/v1/forecast?theme=energy&team=otter&stage=execution", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, []any{"energy", "otter", pmo.StageExecution, false}, []any{b.store.filter.Theme, b.store.filter.Team, b.store.filter.Stage, b.store.filter.Closed})

	for query, pointer := range map[string]string{"request=R-1,R-99": "query/request/1", "request=R-1,nothing": "query/request/1", "by=soon": "query/by"} {
		status, doc, _ := b.call(t, "sam", "GET", "/v1/forecast?"+query, "")
		require.Equal(t, 422, status, query)
		require.Equal(t, pointer, doc["errors"].([]any)[0].(map[string]any)["pointer"], query)
	}
	b.store.listMore = true
	status, doc, _ = b.call(t, "sam", "GET", "/v1/forecast?team=otter", "")
	require.Equal(t, 422, status)
	require.Contains(t, fmt.Sprint(doc["errors"]), "more than 100")

}

func TestSelectionsWithoutAForecast(t *testing.T) {
	b := setup(t)
	_, doc, _ := b.call(t, "ana", "GET", "/v1/forecast?team=otter", "")
	require.Equal(t, true, doc["cannot_forecast"])
	require.Contains(t, doc["words"], "nothing was finished before today")
	require.NotContains(t, doc, "p85")
	clear(b.store.rows)
	_, doc, _ = b.call(t, "ana", "GET", "/v1/forecast?team=otter", "")
	require.Equal(t, "Nothing of it is open.", doc["words"])
}

// TestAForecastWaitsForWhatIsNeeded: of one request, in a list and in a selection alike.
func TestAForecastWaitsForWhatIsNeeded(t *testing.T) {
	days := func(b *bundle) (alone, listed, selected any) {
		_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/forecast", "")
		_, list, _ := b.call(t, "sam", "GET", "/v1/requests?forecast=true", "")
		_, both, _ := b.call(t, "sam", "GET", "/v1/forecast?request=R-1", "")
		return doc["p85"], list["items"].([]any)[0].(map[string]any)["forecast"].(map[string]any)["p85"], both["p85"]
	}
	setupOne := func(needs ...forecast.Prerequisite) *bundle {
		b := setup(t)
		b.inProgress(1, 0)
		for id, row := range b.store.rows {
			row.Stage, row.Pull, row.PulledAt = pmo.StagePrioritization, nil, time.Time{}
			b.store.rows[id] = row
			for i := range needs {
				needs[i].NeededBy = id
			}
		}
		b.store.prerequisites = needs
		return b
	}
	free, _, _ := days(setupOne())
	needed := inReview("018f0000-0000-7000-8000-000000000099", 99, "sam")
	alone, listed, selected := days(setupOne(forecast.Prerequisite{Request: needed}))
	require.Greater(t, alone, free)
	require.Equal(t, alone, listed)
	require.Equal(t, alone, selected)
}
