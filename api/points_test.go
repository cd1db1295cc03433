package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const pointsOfA = "/v1/requests/R-1/points"

func TestPointsAreSpentOutOfABudgetAndTakenBack(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "ana", "PUT", pointsOfA, `{"points":12}`)
	require.Equal(t, http.StatusOK, status, doc)
	require.EqualValues(t, 12, doc["points"])
	mine := doc["mine"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"approvers", 40.0, 12.0, 28.0}, []any{mine["group"], mine["points"], mine["spent"], mine["left"]})
	require.Equal(t, "put 12 points of approvers of 2027-Q1 on it", b.store.discussion.noted[0].Text)
	require.Equal(t, pmo.EventPointsSpent, b.store.discussion.noted[0].Event)
	status, doc, _ = b.call(t, "ana", "PUT", pointsOfA, `{"points":41}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/points"}, pointers(doc))
	status, doc, _ = b.call(t, "bo", "PUT", pointsOfA, `{"points":3}`)
	require.Equal(t, []string{"/group"}, pointers(doc), "two groups of his have points")
	require.Equal(t, http.StatusUnprocessableEntity, status)
	for who, body := range map[string]string{"sam": `{"points":1}`, "ana": `{"points":1,"group":"finance"}`} {
		status, doc, _ = b.call(t, who, "PUT", pointsOfA, body)
		require.Equal(t, http.StatusForbidden, status, doc)
	}
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1", "")
	require.EqualValues(t, 12, doc["points"].(map[string]any)["points"], "all who may read it see them")
	status, doc, _ = b.call(t, "ana", "PUT", pointsOfA, `{"points":0}`)
	require.Equal(t, http.StatusOK, status)
	require.EqualValues(t, 0, doc["points"])
	require.Equal(t, "took back the points of approvers of 2027-Q1", b.store.discussion.noted[1].Text)
}

func TestPointsOfAPeriodAreSeenAndNotWhatOthersHaveLeft(t *testing.T) {
	b := setup(t)
	_, _, _ = b.call(t, "ana", "PUT", pointsOfA, `{"points":12}`)
	_, doc, _ := b.call(t, "sam", "GET", "/v1/points", "")
	require.Equal(t, "2027-Q1", doc["period"].(map[string]any)["id"])
	budget := doc["budgets"].([]any)[0].(map[string]any)
	require.EqualValues(t, 12, budget["spent"])
	require.NotContains(t, budget, "left")
	request := doc["requests"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"R-1", 12.0}, []any{request["ref"], request["points"]})
	for _, who := range []string{"bo", "petra"} {
		_, doc, _ = b.call(t, who, "GET", "/v1/points", "")
		require.EqualValues(t, 28, doc["budgets"].([]any)[0].(map[string]any)["left"], who)
	}

	b.store.points.stakes = append(b.store.points.stakes, store.Stake{Holder: "group:approvers", Period: "2027-Q1", RequestID: requestB, Number: 2, Title: "Secret", Points: 5, By: "rita"})
	_, doc, _ = b.call(t, "kai", "GET", "/v1/points", "")
	require.Len(t, doc["requests"], 1, "the confidential one is not for kai")
	require.EqualValues(t, 12, doc["budgets"].([]any)[0].(map[string]any)["spent"], "and stands in no sum that he sees")
	for _, method := range []string{"GET", "PUT"} {
		body := ""
		if method == "PUT" {
			body = `{"points":1}`
		}
		status, _, _ := b.call(t, "kai", method, "/v1/requests/R-2/points", body)
		require.Equal(t, http.StatusNotFound, status)
	}
	_, doc, _ = b.call(t, "petra", "GET", "/v1/points", "")
	require.Len(t, doc["requests"], 2)
}

func TestPointsOfGroupsAreNotPutOnConfidentialRequests(t *testing.T) {
	b := setup(t)
	state := b.engine.states[requestA]
	state.Content.Confidential, state.Watchers = true, []string{"ana"}
	b.engine.states[requestA] = state
	row := b.store.rows[requestA]
	row.Request = state
	b.store.rows[requestA] = row
	status, doc, _ := b.call(t, "ana", "PUT", pointsOfA, `{"points":1}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/group"}, pointers(doc))
	_, doc, _ = b.call(t, "ana", "GET", pointsOfA, "")
	require.Empty(t, doc["mine"])
}

func TestPointsAreFixedOnceARequestIsPulledOrHasEnded(t *testing.T) {
	for name, change := range map[string]func(*pmo.Request){
		"pulled": func(r *pmo.Request) {
			r.Stage, r.Pull, r.PulledAt = pmo.StageExecution, &pmo.Pull{Run: "r", At: now}, now
		},
		"ended": func(r *pmo.Request) { r.Status, r.Outcome = pmo.StatusClosed, pmo.OutcomeRejected },
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			state := b.engine.states[requestA]
			change(&state)
			b.engine.states[requestA] = state
			row := b.store.rows[requestA]
			row.Request = state
			b.store.rows[requestA] = row
			status, doc, _ := b.call(t, "ana", "PUT", pointsOfA, `{"points":1}`)
			require.Equal(t, http.StatusConflict, status, doc)
			_, doc, _ = b.call(t, "ana", "GET", pointsOfA, "")
			require.NotEmpty(t, doc["closed"])
			require.Empty(t, doc["mine"])
		})
	}
}
