package workflows_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
	"leanpmo/workflows"
)

// rankings is a portfolio of a test: what a run finds, and the slots it gets back.
type rankings struct {
	done     contract.PrioritizationResult
	fails    int // attempts that fail first
	asked    []contract.RankInput
	returned []contract.SlotInput
	cancelAt int // the attempt during which the run is cancelled; its result is lost
	cancel   func()
	lost     error
}

func newRun(t *testing.T, r *rankings) *testsuite.TestWorkflowEnvironment {
	s := newHarness(t, newActivitiesFake())
	s.RegisterActivityWithOptions(func(_ context.Context, in contract.RankInput) (contract.PrioritizationResult, error) {
		r.asked = append(r.asked, in)
		if len(r.asked) == r.cancelAt {
			r.cancel()
			return contract.PrioritizationResult{}, r.lost
		}
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
	r := &rankings{fails: 2, done: contract.PrioritizationResult{ID: "r", Pulled: []string{"a", "gone", "b"}, WaitForTeam: []string{"c", "lost"}, Words: "2 pulled",
		LostPlaces: []contract.LostPlace{{RequestID: "d", Team: "falcon", Says: "Falcon is full"}},
		NoRoom:     []contract.NoRoom{{RequestID: "e", NoRoom: pmo.NoRoom{Team: "falcon", Why: "Falcon has less."}}, {RequestID: "f", NoRoom: pmo.NoRoom{Team: "otter", Why: "Otter has less."}}},
		HasRoom:    []contract.HasRoom{{RequestID: "g", Team: "falcon"}}}}
	env := newRun(t, r)
	expectSignal(env, "a", contract.SignalPulled, nil)
	expectSignal(env, "gone", contract.SignalPulled, errGone)
	expectSignal(env, "b", contract.SignalPulled, nil)
	expectSignal(env, "c", contract.SignalCapacity, nil)
	expectSignal(env, "lost", contract.SignalCapacity, errGone)
	env.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID("d"), "", contract.SignalCapacity,
		mock.MatchedBy(func(p contract.Pulled) bool { return p.Lost == "falcon" && p.Says == "Falcon is full" })).Return(nil).Once()
	for id, fits := range map[string]func(contract.Pulled) bool{
		"e": func(p contract.Pulled) bool {
			return p.NoRoom != nil && p.NoRoom.Team == "falcon" && p.Says == "Falcon has less." && !p.At.IsZero()
		},
		"f": func(p contract.Pulled) bool { return p.NoRoom != nil && p.NoRoom.Team == "otter" },
		"g": func(p contract.Pulled) bool { return p.NoRoom == nil && p.HasRoom == "falcon" },
	} {
		env.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID(id), "", contract.SignalCapacity, mock.MatchedBy(fits)).Return(nil).Once()
	}

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

// TestCancelledRunTellsOfTheSlotsItGave: the attempt under way committed, and its result was lost with the cancellation.
func TestCancelledRunTellsOfTheSlotsItGave(t *testing.T) {
	r := &rankings{cancelAt: 1, lost: errors.New("the connection broke during the commit"), done: contract.PrioritizationResult{ID: "r", Pulled: []string{"a", "gone"}}}
	env := newRun(t, r)
	r.cancel = env.CancelWorkflow
	expectSignal(env, "a", contract.SignalPulled, nil)
	expectSignal(env, "gone", contract.SignalPulled, errGone)

	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})

	require.NoError(t, env.GetWorkflowError(), "it had committed: the cancellation came too late")
	env.AssertExpectations(t)
	require.True(t, r.asked[len(r.asked)-1].Abandon)
	require.Len(t, r.returned, 1)
}

func TestRunCancelledBeforeItRanked(t *testing.T) {
	r := &rankings{cancelAt: 1, lost: errors.New("rolled back"), done: contract.PrioritizationResult{ID: "r", Abandoned: true, Words: "Cancelled before it ranked core."}}
	env := newRun(t, r)
	r.cancel = env.CancelWorkflow
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})
	require.True(t, temporal.IsCanceledError(errors.Unwrap(env.GetWorkflowError())) || temporal.IsCanceledError(env.GetWorkflowError()))
}

// TestRunCancelledWhileItTells: the signals of a committed run go out, and slots of the gone are given back, whatever happens to the run.
func TestRunCancelledWhileItTells(t *testing.T) {
	r := &rankings{done: contract.PrioritizationResult{ID: "r", Pulled: []string{"a", "gone"}}}
	env := newRun(t, r)
	env.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID("a"), "", contract.SignalPulled, mock.Anything).
		Run(func(mock.Arguments) { env.CancelWorkflow() }).Return(nil).Once()
	expectSignal(env, "gone", contract.SignalPulled, errGone)
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})
	require.NoError(t, env.GetWorkflowError())
	env.AssertExpectations(t)
	require.Len(t, r.returned, 1)
}

// TestRunTellsOfSlotsOfEarlierRuns: an earlier run was terminated between its transaction and its signals.
func TestRunTellsOfSlotsOfEarlierRuns(t *testing.T) {
	lost := contract.SlotInput{Portfolio: "core", RequestID: "b", PrioritizationID: "prioritization/lost", At: begin}
	r := &rankings{done: contract.PrioritizationResult{ID: "r", Untold: []contract.SlotInput{lost}}}
	env := newRun(t, r)
	env.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID("b"), "", contract.SignalPulled,
		contract.Pulled{PrioritizationID: "prioritization/lost", At: begin}).Return(nil).Once()
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})
	require.NoError(t, env.GetWorkflowError())
	env.AssertExpectations(t)
}

// TestARunTellsWhyItPulled: its result and its page begin with what it did, and each request hears why it was pulled.
func TestARunTellsWhyItPulled(t *testing.T) {
	why := "R-7 is at rank 1 of 3, and slot 2 of 5 is free and its turn has come"
	r := &rankings{done: contract.PrioritizationResult{ID: "r", Pulled: []string{"a"}, Why: []string{why}, Words: "Ranked 3 requests of core, 1 pulled: R-7 (rank 1)."}}
	env := newRun(t, r)
	env.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID("a"), "", contract.SignalPulled,
		mock.MatchedBy(func(p contract.Pulled) bool { return p.Says == why })).Return(nil).Once()
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})
	require.NoError(t, env.GetWorkflowError())
	env.AssertExpectations(t)

	data, err := json.Marshal(r.done)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(data), `{"words":"Ranked 3`), "%s", data)
	value, err := env.QueryWorkflow("__temporal_workflow_metadata")
	require.NoError(t, err)
	var metadata sdkpb.WorkflowMetadata
	require.NoError(t, value.Get(&metadata))
	require.Equal(t, r.done.Words+"\n\n- "+why, metadata.GetCurrentDetails())
}

// TestThePulledRequestSaysWhy: its ledger names rank and limit, where the run told them.
func TestThePulledRequestSaysWhy(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.toBacklog().then(func() {
		s.SignalWorkflow(contract.SignalPulled, contract.Pulled{Says: "R-42 is at rank 1 of 3", PrioritizationID: "run", At: s.Now()})
	}).check(func(state pmo.Request) { require.Equal(t, "R-42 is at rank 1 of 3", state.Pull.Why) }).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
	require.True(t, slices.ContainsFunc(s.activities.entries, func(e pmo.Entry) bool { return e.Text == "Pulled: R-42 is at rank 1 of 3." }))
}

// TestRunThatBeganBeforeCompensation keeps its commands: a cancellation ends it.
func TestRunThatBeganBeforeCompensation(t *testing.T) {
	r := &rankings{done: contract.PrioritizationResult{ID: "r", Pulled: []string{"a"}, Untold: []contract.SlotInput{{RequestID: "b"}}}}
	env := newRun(t, r)
	env.OnGetVersion(contract.ChangeRunCompensation, workflow.DefaultVersion, workflow.Version(1)).Return(workflow.DefaultVersion)
	expectSignal(env, "a", contract.SignalPulled, nil)
	env.ExecuteWorkflow(contract.WorkflowPrioritizationRun, contract.PrioritizationInput{Portfolio: "core", Cause: "schedule"})
	require.NoError(t, env.GetWorkflowError())
	env.AssertExpectations(t)
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
	env.SetTestTimeout(testkit.Patience) // three seconds are the default
	workflows.Register(env)
	require.Panics(t, func() { env.ExecuteWorkflow("request", contract.RequestInput{}) })
}
