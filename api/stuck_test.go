package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/internal/wire"
)

// TestStuckAsksForWhatConcernsTheCaller, with the days that are usual in each stage.
func TestStuckAsksForWhatConcernsTheCaller(t *testing.T) {
	b := setup(t)
	b.api.broken.Store(&broken{ended: 1, failing: 2})
	b.store.stuck = []store.StuckItem{{Item: store.Item{ID: requestA, Number: 1, Title: "A", Stage: pmo.StageReview}, Why: pmo.StuckOverUsual}, {Item: store.Item{Number: 2}, Why: pmo.StuckBlocked}}
	b.api.measured.last, b.api.measured.tried = measures{usual: map[pmo.Stage]float64{pmo.StageReview: 3}}, b.api.Now()
	status, doc, _ := b.call(t, "sam", "GET", "/v1/stuck?limit=5", "")
	require.Equal(t, 200, status, doc)
	items := doc["items"].([]any)
	require.Equal(t, "over_usual", items[0].(map[string]any)["why"])
	require.InDelta(t, 3, items[0].(map[string]any)["usual_days"], 0)
	require.NotContains(t, items[1], "usual_days")
	require.NotContains(t, doc, "ended")
	asked := b.store.stuckAsked
	require.False(t, asked.All)
	require.Equal(t, store.View{Viewer: "sam", Limit: 5}, asked.View)
	require.Equal(t, b.api.Now().Add(-72*time.Hour), asked.Usual[pmo.StageReview])
	_, doc, _ = b.call(t, "petra", "GET", "/v1/stuck", "")
	require.True(t, b.store.stuckAsked.All)
	require.Equal(t, []any{1.0, 2.0}, []any{doc["ended"], doc["failing"]})
}

// TestUsualDaysAreMeasuredInTheBackground: until they are known something is assumed, and few stays say nothing.
func TestUsualDaysAreMeasuredInTheBackground(t *testing.T) {
	b := setup(t)
	first := b.api.measured.latest(t.Context(), b.api.Now(), b.api.flows).usual
	require.InDelta(t, assumedUsual, first[pmo.StageReview], 0)
	require.Eventually(t, func() bool {
		b.api.measured.mu.Lock()
		defer b.api.measured.mu.Unlock()
		return b.api.measured.last.usual != nil
	}, testkit.Patience, time.Millisecond)
	usual := usualOf(wire.FlowReport{Stages: []wire.StageCount{{Stage: pmo.StageReview, Days: flow.Stats{N: 7, P85: 12}}, {Stage: pmo.StageIntake, Days: flow.Stats{N: 99, P85: 0.01}},
		{Stage: pmo.StageExecution, Days: flow.Stats{N: 6, P85: 12}}}})
	require.Equal(t, map[pmo.Stage]float64{pmo.StageIntake: leastUsual, pmo.StageReview: 12, pmo.StagePrioritization: assumedUsual, pmo.StageApproach: assumedUsual,
		pmo.StageAssignment: assumedUsual, pmo.StageExecution: assumedUsual, pmo.StageClosure: assumedUsual}, usual)
}

// TestAListHasTheForecastsOfItsRequests: the same as each of them alone has.
func TestAListHasTheForecastsOfItsRequests(t *testing.T) {
	b := setup(t)
	_, alone, _ := b.call(t, "petra", "GET", "/v1/requests/"+requestA+"/forecast", "")
	_, list, _ := b.call(t, "petra", "GET", "/v1/requests", "")
	require.NotContains(t, list["items"].([]any)[0], "forecast")
	_, list, _ = b.call(t, "petra", "GET", "/v1/requests?forecast=true&limit=200", "")
	require.Equal(t, mostForecastRows, b.store.filter.Limit)
	found := false
	for _, i := range list["items"].([]any) {
		if item := i.(map[string]any); item["id"] == requestA {
			found = true
			require.Equal(t, alone, item["forecast"])
		}
	}
	require.True(t, found)
}

// TestARowOfAListForecastsLikeItsRequest: a line of a list has all that a forecast needs to know.
func TestARowOfAListForecastsLikeItsRequest(t *testing.T) {
	b := setup(t)
	rank := 7
	pulledAt := b.api.Now().AddDate(0, 0, -9)
	for name, r := range map[string]pmo.Request{
		"in review": {Stage: pmo.StageReview, Status: pmo.StatusOpen}, "waiting": {Stage: pmo.StagePrioritization, Status: pmo.StatusOpen},
		"pulled":    {Stage: pmo.StageExecution, Status: pmo.StatusOpen, Pull: &pmo.Pull{}, PulledAt: pulledAt},
		"delivered": {Stage: pmo.StageClosure, Status: pmo.StatusOpen, AcceptedAt: pulledAt}, "closed": {Stage: pmo.StageReview, Status: pmo.StatusClosed, Outcome: pmo.OutcomeRejected},
		"nobody has looked": {Stage: pmo.StageIntake, Status: pmo.StatusOpen},
	} {
		r.Content.WantedBy = "2027-09-09"
		item := store.Item{WantedBy: r.Content.WantedBy, Stage: r.Stage, Status: r.Status, Outcome: r.Outcome}
		if name != "nobody has looked" {
			r.Portfolio, item.Portfolio = "digital", "digital"
		}
		row := store.Row{Request: r}
		if name == "waiting" {
			row.Rank, item.Rank = &rank, &rank
		}
		if r.Pulled() {
			item.PulledAt = &pulledAt
		}
		if r.Delivered() {
			item.AcceptedAt = &pulledAt
		}
		listed := rowOf(&item)
		require.Equal(t, b.api.forecastOf(t.Context(), &r, &row, 28), b.api.forecastOf(t.Context(), &listed.Request, &listed, 28), name)
	}
}

// TestInboxOfSomeRequests answers only their questions, and nothing of what is no id.
func TestInboxOfSomeRequests(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	for _, id := range []string{requestA, "00000000-0000-7000-8000-0000000000ee"} {
		b.store.inbox = append(b.store.inbox, store.InboxItem{RequestID: id, Requester: "sam", For: "ana", Question: row.Questions[0], Facts: row.Request})
	}
	_, whole, _ := b.call(t, "ana", "GET", "/v1/inbox", "")
	_, some, _ := b.call(t, "ana", "GET", "/v1/inbox?request="+requestA+",R-1,00000000-0000-7000-8000-0000000000ff", "")
	require.NotEmpty(t, some["items"], some)
	require.Less(t, len(some["items"].([]any)), len(whole["items"].([]any)))
	for _, i := range some["items"].([]any) {
		require.Equal(t, requestA, i.(map[string]any)["request"].(map[string]any)["id"])
	}
	_, none, _ := b.call(t, "ana", "GET", "/v1/inbox?request=R-1", "")
	require.Empty(t, none["items"])
}

// TestARequestHasItsBurnUpOnceTheWorkHasBegun, where it is asked for.
func TestARequestHasItsBurnUpOnceTheWorkHasBegun(t *testing.T) {
	b := setup(t)
	b.store.work = []pmo.Entry{{Event: pmo.EventReported, At: b.api.Now(), Completion: &pmo.Completion{Unit: pmo.UnitPercent, Scope: 100, Done: 30}}}
	_, doc, _ := b.call(t, "petra", "GET", "/v1/requests/R-1?burn_up=true", "")
	require.NotContains(t, doc, "burn_up")
	row := b.store.rows[requestA]
	row.StartedAt = b.api.Now()
	b.store.rows[requestA] = row
	_, doc, _ = b.call(t, "petra", "GET", "/v1/requests/R-1", "")
	require.NotContains(t, doc, "burn_up")
	_, doc, _ = b.call(t, "petra", "GET", "/v1/requests/R-1?burn_up=true", "")
	burnUp := doc["burn_up"].(map[string]any)
	require.Equal(t, "percent", burnUp["unit"])
	require.InDelta(t, 30, burnUp["points"].([]any)[0].(map[string]any)["done"], 0)
}
