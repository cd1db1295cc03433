package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func stageEntry(seq int64, stage pmo.Stage, hour int) pmo.Entry {
	return pmo.Entry{Seq: seq, Key: "stage_entered/" + string(stage) + "/*1~0", At: hours(hour), Event: pmo.EventStage, Stage: stage}
}

// What was accepted or closed is the past; what waited beside it is read too, and what is older is not.
func TestPastReadsWhatEndedAndWhatWaitedBesideIt(t *testing.T) {
	s := open(t)
	accepted := request("Accepted", inExecution("falcon"), func(r *pmo.Request) { r.PulledAt, r.AcceptedAt, r.Stage = hours(5), hours(30), pmo.StageClosure })
	again := stageEntry(3, pmo.StagePrioritization, 9) // after the pull
	again.Key = "stage_entered/prioritization/*2~0"
	project(t, s, accepted, stageEntry(1, pmo.StagePrioritization, 2), again)
	overridden := request("Closed", func(r *pmo.Request) {
		r.Status, r.Outcome, r.ClosedAt, r.PulledAt = pmo.StatusClosed, pmo.OutcomeCancelled, hours(40), hours(6)
	})
	pulled := pmo.Entry{Seq: 2, Key: "pulled@1", At: hours(6), Event: pmo.EventPulled, Actor: "petra"}
	project(t, s, overridden, stageEntry(1, pmo.StagePrioritization, 3), pulled)
	old := request("Old", func(r *pmo.Request) {
		r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeWithdrawn, hours(10)
	})
	project(t, s, old)
	project(t, s, request("Waits", waiting), stageEntry(1, pmo.StagePrioritization, 4))
	project(t, s, request("In review", func(r *pmo.Request) { r.Stage = pmo.StageReview }))

	ended, open, more, err := s.Past(t.Context(), hours(20), 10)
	require.NoError(t, err)
	require.Zero(t, more)
	require.Len(t, ended, 2)
	require.Equal(t, overridden.ID, ended[0].ID, "newest first")
	require.True(t, ended[0].Override)
	require.False(t, ended[1].Override)
	require.Equal(t, hours(2), ended[1].BacklogAt, "the last time before the pull")
	require.Len(t, open, 1)
	require.Equal(t, hours(4), open[0].BacklogAt)

	ended, _, more, err = s.Past(t.Context(), hours(0), 2)
	require.NoError(t, err)
	require.Len(t, ended, 2)
	require.Equal(t, 1, more)
}
