package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestThePMOSaysWhatAKeyResultIs(t *testing.T) {
	b := setup(t)
	const path = "/v1/key-results"
	status, doc, _ := b.call(t, "sam", "POST", path, `{"objective":"permits","key_result":"days","value":22}`)
	require.Equal(t, 403, status, doc)
	status, doc, _ = b.call(t, "petra", "POST", path, `{"objective":"permits","key_result":"days","value":22,"note":"counted","request":"R-1"}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, "R-1", doc["ref"])
	require.Equal(t, "petra", doc["by"])
	require.Len(t, b.store.said, 1)
	require.Equal(t, requestA, b.store.said[0].RequestID)
	require.Equal(t, "digital", b.store.said[0].Portfolio)
	for body, at := range map[string]string{`{"objective":"none","key_result":"days","value":1}`: "/objective", `{"objective":"permits","key_result":"none","value":1}`: "/key_result",
		`{"objective":"permits","key_result":"days","value":1,"request":"R-404"}`: "/request", `{"portfolio":"none","objective":"permits","key_result":"days","value":1}`: "/portfolio"} {
		status, doc, _ = b.call(t, "petra", "POST", path, body)
		require.Equal(t, 422, status, body)
		require.Equal(t, at, doc["errors"].([]any)[0].(map[string]any)["pointer"], body)
	}
}

func TestObjectivesStandOnTheStrategyAndOnTheRequest(t *testing.T) {
	b := setup(t)
	said := store.KeyResultValue{Portfolio: "digital", Objective: "permits", KeyResult: "days", Value: 20, By: "petra", At: now.AddDate(0, 0, -40), RequestID: requestA, Number: 1}
	b.store.said = []store.KeyResultValue{said, {Portfolio: "digital", Objective: "typing", KeyResult: "hours", Value: 240, By: "petra", At: now}}
	b.store.serving = []store.Serving{{ID: requestA, Number: 1, Title: "Permits", Stage: pmo.StageClosure, Outcome: pmo.OutcomeDelivered, Objectives: []string{"permits"}}}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/strategy", "")
	objectives := doc["objectives"].([]any)
	permits, typing := objectives[0].(map[string]any), objectives[1].(map[string]any)
	require.NotContains(t, permits, "progress", "one of its key results is unknown")
	days := permits["key_results"].([]any)[0].(map[string]any)
	require.EqualValues(t, 0.5, days["progress"])
	require.Equal(t, true, days["stale"])
	require.Equal(t, "R-1", days["said"].(map[string]any)["ref"])
	require.Equal(t, "R-1", permits["requests"].([]any)[0].(map[string]any)["ref"])
	require.EqualValues(t, 0.5, typing["progress"])
	require.Empty(t, typing["requests"])

	row := b.store.rows[requestA]
	row.Content.Objectives, row.Portfolio = []string{"permits", "gone"}, "digital"
	b.store.rows[requestA] = row
	for _, path := range []string{"/v1/requests/R-1", "/v1/requests/R-1/explanation"} {
		_, doc, _ = b.call(t, "sam", "GET", path, "")
		served := doc["objectives"].([]any)
		require.Len(t, served, 2, path)
		reported := served[0].(map[string]any)["reported"].([]any)
		require.Len(t, reported, 1)
		require.EqualValues(t, 20, reported[0].(map[string]any)["value"])
		require.Equal(t, "gone", served[1].(map[string]any)["name"], "the policy has it no more")
	}
}

func TestARequestNamesObjectivesOfThePolicy(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", `{"title":"Permits online","kind":"enhancement","objectives":["permit"]}`)
	require.Equal(t, 422, status, doc)
	require.Contains(t, jsonOf(t, doc), "did you mean permits")
	status, doc, _ = b.call(t, "sam", "POST", "/v1/requests", `{"title":"Permits online","kind":"enhancement","objectives":["permits"]}`)
	require.Equal(t, 201, status, doc)
}
