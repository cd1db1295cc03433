package workflows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"leanpmo/internal/contract"
	"leanpmo/workflows"
)

// rankings is a portfolio of a test: what a run finds, and the slots it gets back.
type rankings struct {
	done     contract.PrioritizationResult
	fails    int // attempts that fail first
	asked    []contract.RankInput
	returned []contract.SlotInput
}

func newRun(t *testing.T, r *rankings) *testsuite.TestWorkflowEnvironment {
	s := newHarness(t, newActivitiesFake())
	s.RegisterActivityWithOptions(func(_ context.Context, in contract.RankInput) (contract.PrioritizationResult, error) {
		r.asked = append(r.asked, in)
		if len(r.asked) <= r.fails {
			return contract.PrioritizationResult{}, errors.New("the database is away")
		}
		return r.done, nil
	}, activity.RegisterOptions{Name: contract.ActivityRank})
	s.RegisterActivityWithOptions(func(_ context.Context, in contract.SlotInput) error {
		r.returned = append(r.returned, in)
		return nil
	}, activity.RegisterOptions{Name: contract.ActivityReturnSlot})
	return s.TestWorkflowEnvironment
}

func expectSignal(env *testsuite.TestWorkflowEnvironment, request, signal string, err error) {
	env.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID(request), "", signal, mock.Anything).Return(err).Once()
}

func TestPrioritizationSignalsPulledAndWaitingRequests(t *testing.T) {
	r := &rankings{fails: 2, done: contract.PrioritizationResult{ID: "r", Pulled: []string{"a", "gone", "b"}, WaitForTeam: []string{"c", "lost"}, Words: "2 pulled"}}
	env := newRun(t, r)
	expectSignal(env, "a", contract.SignalPulled, nil)
	expectSignal(env, "gone", contract.SignalPulled, errGone)
	expectSignal(env, "b", contract.SignalPulled, nil)
	expectSignal(env, "c", contract.SignalCapacity, nil)
	expectSignal(env, "lost", contract.SignalCapacity, errGone)

	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})

	require.NoError(t, env.GetWorkflowError())
	env.AssertExpectations(t)
	var done contract.PrioritizationResult
	require.NoError(t, env.GetWorkflowResult(&done))
	require.Equal(t, r.done, done)
	require.Len(t, r.asked, 3)
	require.Equal(t, r.asked[0], r.asked[2], "a repeated attempt is the same run at the same moment")
	require.Equal(t, contract.RequestWorkflowID(requestID), r.asked[0].ID, "named by its workflow")
	require.Equal(t, []contract.SlotInput{{Portfolio: "core", RequestID: "gone", PrioritizationID: r.asked[0].ID}}, r.returned, "only the unknown one's slot comes back")
}

func TestDryRunSignalsNobody(t *testing.T) {
	r := &rankings{done: contract.PrioritizationResult{Pulled: []string{"a"}, WaitForTeam: []string{"b"}}}
	env := newRun(t, r)
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "now", Dry: true})
	require.NoError(t, env.GetWorkflowError(), "a signal nobody expects would fail the run")
	require.Empty(t, r.returned)
}

func TestPrioritizationThatCannotRank(t *testing.T) {
	env := newRun(t, &rankings{})
	env.OnActivity(contract.ActivityRank, mock.Anything, mock.Anything).
		Return(contract.PrioritizationResult{}, temporal.NewNonRetryableApplicationError("no such portfolio", "not_found", nil))
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "nowhere"})
	require.ErrorContains(t, env.GetWorkflowError(), "no such portfolio")
}

// TestRegistered: workflow types answer to their durable names only.
func TestRegistered(t *testing.T) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	workflows.Register(env)
	require.Panics(t, func() { env.ExecuteWorkflow("request", contract.RequestInput{}) })
}
