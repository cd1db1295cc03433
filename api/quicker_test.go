package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestQuickerThroughTheAPI: the answer to a submission and to a read says what the policy in force says, until the request is pulled.
func TestQuickerThroughTheAPI(t *testing.T) {
	b := setup(t)
	id := engine.SubmissionRequestID("sam", "k1")
	state := inReview(id, 42, "sam")
	state.Content = pmo.Content{Title: "Invoices by e-mail", Kind: "enhancement", Problem: "Paper gets lost"}
	state.Lane = pmo.LaneStandard
	b.engine.states[id] = state
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
	require.Equal(t, 201, status, doc)
	want := []any{}
	for _, sentence := range policy.Default().Quicker(state.Content) {
		want = append(want, sentence)
	}
	require.Contains(t, want[0], "with a size of at most 2 team-weeks (not stated yet)")
	require.Equal(t, want, doc["quicker"])

	for stage, says := range map[pmo.Stage]bool{pmo.StageIntake: true, pmo.StageReview: true, pmo.StagePrioritization: true, pmo.StageApproach: false, pmo.StageExecution: false} {
		row := b.store.rows[requestA]
		row.Lane, row.Stage = pmo.LaneStandard, stage
		b.store.rows[requestA] = row
		_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1", "")
		require.Equal(t, says, doc["quicker"] != nil, "%s: %v", stage, doc["quicker"])
	}
}
