package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestApproachOfARequest recommends from the answers as they are, and asks what can still change it.
func TestApproachOfARequest(t *testing.T) {
	b := setup(t)
	r := b.engine.states[requestA]
	yes := true
	r.Lane, r.Content.Size, r.Content.Context = pmo.LaneStandard, 12, pmo.WorkContext{People: 6, ProductOwner: &yes, Incremental: &yes, StableTeam: "yes", DontKnow: []string{"criticality"}}
	b.put(r)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/approach", "")
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, "scrum", doc["approach"])
	require.Equal(t, "agile", doc["life_cycle"])
	require.Equal(t, "low", doc["sure"])
	next := doc["next"].(map[string]any)
	require.NotEmpty(t, next["tells_apart"])
	require.NotContains(t, []any{"criticality", "people"}, next["question"], "what was asked is not asked again")
	require.Contains(t, doc["answers"], map[string]any{"question": "criticality", "says": "", "dont_know": true})
	require.Contains(t, doc["answers"], map[string]any{"question": "people", "says": "the whole effort takes 6 people"})
}

// TestWhatIfApproach answers one question after the other until none is left, as a person would, and never asks one twice.
func TestWhatIfApproach(t *testing.T) {
	b := setup(t)
	context, asked := map[string]any{}, map[string]bool{}
	for {
		status, doc, _ := b.call(t, "sam", "POST", "/v1/what-if/approach", jsonOf(t, map[string]any{"size": 12, "lane": "standard", "context": context}))
		require.Equal(t, http.StatusOK, status, doc)
		next, open := doc["next"].(map[string]any)
		if !open {
			require.Equal(t, "high", doc["sure"])
			require.Equal(t, []any{doc["approach"]}, doc["possible"])
			break
		}
		question := next["question"].(string)
		require.False(t, asked[question], question)
		asked[question] = true
		context[question] = next["options"].([]any)[0].(map[string]any)["value"]
	}
	require.NotEmpty(t, asked)

	status, doc, _ := b.call(t, "sam", "POST", "/v1/what-if/approach", `{"kind":"enhancment","context":{"trust":"maybe","dont_know":["peple"]}}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Len(t, doc["errors"], 3)
}
