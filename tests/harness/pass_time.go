package harness

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// PassTimeOfWork lets time pass for a request in execution that has no open question: it begins its workflow anew from its state, as a long history is
// begun anew, with the agreement on its plan and its stage so much earlier. Days cannot be waited for, and a cadence of a plan is in days.
func (e *Environment) PassTimeOfWork(t *testing.T, id string, by time.Duration) {
	t.Helper()
	state, err := e.Engine.Snapshot(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, pmo.StageExecution, state.Stage)
	require.Empty(t, state.OpenQuestions())
	require.True(t, state.Plan.Agreed())
	for _, at := range []*time.Time{&state.Plan.AgreedAt, &state.StageSince, &state.StartedAt, &state.PulledAt} {
		*at = at.Add(-by)
	}
	_, err = e.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: contract.RequestWorkflowID(id), TaskQueue: contract.QueueMain,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING}, contract.WorkflowRequest, contract.RequestInput{ID: id, Digest: state.Digest, State: &state})
	require.NoError(t, err)
}
