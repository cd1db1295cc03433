package api

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAssignmentsNameOnlyWhatTheReaderMayRead: all that waits counts in the plan and in the loads; B is confidential, and its number is in no text.
func TestAssignmentsNameOnlyWhatTheReaderMayRead(t *testing.T) {
	b := setup(t)
	for id, number := range map[string]int64{requestA: 1, requestB: 2, requestC: 3} {
		row := b.store.rows[id]
		row.Request = inReview(id, number, "sam")
		b.store.rows[id] = row
	}
	b.store.unreadable = []string{requestB}
	status, doc, _ := b.call(t, "rita", "GET", "/v1/assignments?portfolio=digital", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, "Digital services", doc["name"])
	require.EqualValues(t, 1, doc["hidden"])
	require.EqualValues(t, 1, doc["served"])
	require.Equal(t, true, doc["exact"])
	proposals := doc["proposals"].([]any)
	require.Len(t, proposals, 2)
	first, second := proposals[0].(map[string]any), proposals[1].(map[string]any)
	require.Equal(t, "R-1", first["ref"])
	require.Nil(t, first["team"])
	require.Contains(t, first["why"], "the room of Falcon goes to another request, ranked before it")
	require.Equal(t, "falcon", first["later"].(map[string]any)["team"], "what is firm ends by its plan")
	require.Contains(t, second["why"], "no team covers cobol")

	team := doc["teams"].([]any)[0].(map[string]any)
	require.InDelta(t, .2, team["before"], 1e-9)
	require.InDelta(t, .6, team["after"], 1e-9)
	require.InDelta(t, 1.5, team["wait_factor"], 1e-9)
	waits := team["waits"].(map[string]any)
	require.InDelta(t, .6, waits["now"].(map[string]any)["load"], 1e-9)
	require.InDelta(t, 4, waits["next"].(map[string]any)["wait"], 1e-9, "two team-weeks more are 80 %")
	require.InDelta(t, 4, waits["ceiling"].(map[string]any)["wait"], 1e-9)
	require.InDelta(t, .5625, waits["pooled"], 1e-9, "of M/M/2 at 60 %")
	curve := doc["curve"].([]any)
	require.Len(t, curve, 40)
	require.InDelta(t, 1, curve[20].(map[string]any)["wait"], 1e-9, "at half load work waits as long as it takes")
	weeks := team["weeks"].([]any)
	require.Len(t, weeks, 8)
	require.Equal(t, map[string]any{"from": weeks[0].(map[string]any)["from"], "capacity": 10.0, "most": 8.0, "firm": 2.0, "held": 0.0, "proposed": 4.0, "wait_factor": weeks[0].(map[string]any)["wait_factor"]}, weeks[0])
	require.EqualValues(t, 0, weeks[7].(map[string]any)["firm"])
	require.EqualValues(t, 7, weeks[7].(map[string]any)["proposed"])

	b.store.unreadable = nil
	status, doc, _ = b.call(t, "petra", "GET", "/v1/assignments", "")
	require.Equal(t, 200, status, doc)
	require.Nil(t, doc["hidden"], "the PMO reads all")
	status, _, _ = b.call(t, "petra", "GET", "/v1/assignments?portfolio=nowhere", "")
	require.Equal(t, 422, status)
}
