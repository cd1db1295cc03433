package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// itemHarness runs the workflow of one work item and collects what it reports to its request.
type itemHarness struct {
	*harness
	reports []pmo.WorkItemReport
}

func newItemHarness(t *testing.T) *itemHarness {
	h := &itemHarness{harness: newHarness(t, newActivitiesFake())}
	h.OnSignalExternalWorkflow(mock.Anything, contract.RequestWorkflowID("r9"), "", contract.SignalWorkItem, mock.Anything).
		Return(func(_, _, _, _ string, arg any) error {
			report, ok := arg.(pmo.WorkItemReport)
			require.True(t, ok)
			h.reports = append(h.reports, report)
			return nil
		})
	return h
}

func wanted(status pmo.WorkStatus) contract.WorkItemWanted {
	return contract.WorkItemWanted{State: pmo.WorkItemState{Key: "r9/1", Status: status, Title: "Vehicle booking"}, Summary: "bookings"}
}

func (h *itemHarness) run(in contract.WorkItemInput) {
	in.Request, in.Number, in.Team = "r9", 9, "falcon"
	h.ExecuteWorkflow(contract.WorkflowWorkItem, in)
	require.True(h.t, h.IsWorkflowCompleted())
}

func (h *itemHarness) want(w contract.WorkItemWanted) {
	h.then(func() { h.SignalWorkflow(contract.SignalWanted, w) })
}

func TestWorkItemFollowsWhatIsWanted(t *testing.T) {
	h := newItemHarness(t)
	h.want(wanted(pmo.WorkOnHold))
	h.want(wanted(pmo.WorkOpen))
	h.want(wanted(pmo.WorkClosed))
	h.run(contract.WorkItemInput{Wanted: wanted(pmo.WorkOpen)})
	require.NoError(t, h.GetWorkflowError())
	require.Len(t, h.activities.tool.opens, 1)
	require.Equal(t, []pmo.WorkStatus{pmo.WorkOnHold, pmo.WorkOpen, pmo.WorkClosed}, h.activities.tool.statuses())
	require.Len(t, h.reports, 4)
	for _, report := range h.reports {
		require.Equal(t, "item-r9/1", report.ID)
	}
}

// TestWorkItemReportsOnlyTheNewest: while the tool does not answer, another state is wanted. The first call is cancelled, and because it may
// have reached the tool, the item is looked for by its key.
func TestWorkItemReportsOnlyTheNewest(t *testing.T) {
	h := newItemHarness(t)
	h.activities.tool.answer = func(int32) error {
		if len(h.activities.tool.updates) == 0 {
			return errTool
		}
		return nil
	}
	h.want(wanted(pmo.WorkCancelled))
	h.run(contract.WorkItemInput{Wanted: wanted(pmo.WorkOpen)})
	require.NoError(t, h.GetWorkflowError())
	require.Len(t, h.reports, 1)
	require.Equal(t, pmo.WorkCancelled, h.reports[0].State.Status)
	require.Nil(t, h.reports[0].Fault)
	require.Empty(t, h.activities.tool.updates[0].Work, "looked for by its key")
}

func TestWorkItemRetriesUntilTheToolAnswers(t *testing.T) {
	h := newItemHarness(t)
	h.activities.tool.answer = func(attempt int32) error {
		if attempt < 4 {
			return errTool
		}
		return nil
	}
	h.at(time.Hour, func() { h.SignalWorkflow(contract.SignalWanted, wanted(pmo.WorkClosed)) })
	h.run(contract.WorkItemInput{Wanted: wanted(pmo.WorkOpen)})
	require.NoError(t, h.GetWorkflowError())
	require.Len(t, h.activities.tool.opens, 4)
	require.Len(t, h.reports, 2)
	for _, in := range h.activities.tool.opens {
		require.Equal(t, "r9/1", in.Key, "every attempt under one key")
	}
}

func TestWorkItemEndsWhenTheToolRefuses(t *testing.T) {
	h := newItemHarness(t)
	h.activities.tool.answer = refusing
	h.run(contract.WorkItemInput{Wanted: wanted(pmo.WorkOpen)})
	require.NoError(t, h.GetWorkflowError())
	require.Len(t, h.reports, 1)
	require.Equal(t, "no such project", h.reports[0].Fault.Reason)
}

// TestWorkItemOfAnEndedRequestReportsSoon: the tool gets a minute, not a day.
func TestWorkItemOfAnEndedRequestReportsSoon(t *testing.T) {
	h := newItemHarness(t)
	h.activities.tool.answer = away
	final := wanted(pmo.WorkClosed)
	final.Final = true
	h.run(contract.WorkItemInput{ID: "item-1", Wanted: final})
	require.NoError(t, h.GetWorkflowError())
	require.Less(t, h.Now().Sub(begin), 2*time.Minute)
	require.NotNil(t, h.reports[0].Fault)
}

func TestWorkItemContinuesAsNewWhileNothingIsPending(t *testing.T) {
	h := newItemHarness(t)
	h.then(func() { h.SetContinueAsNewSuggested(true) })
	h.want(wanted(pmo.WorkOnHold))
	h.run(contract.WorkItemInput{Wanted: wanted(pmo.WorkOpen)})
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, h.GetWorkflowError(), &again)
	var next contract.WorkItemInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	require.Equal(t, "item-r9/1", next.ID)
	require.Equal(t, pmo.WorkOnHold, next.Wanted.State.Status)
	require.True(t, next.Reported)

	h = newItemHarness(t)
	h.want(wanted(pmo.WorkClosed))
	h.run(next)
	require.Empty(t, h.activities.tool.opens, "it goes on with the item there is")
	require.Equal(t, []pmo.WorkStatus{pmo.WorkClosed}, h.activities.tool.statuses())
}

func TestWorkItemEndsWithoutARequest(t *testing.T) {
	h := newHarness(t, newActivitiesFake())
	h.OnSignalExternalWorkflow(mock.Anything, contract.RequestWorkflowID("r9"), "", contract.SignalWorkItem, mock.Anything).Return(errGone)
	h.ExecuteWorkflow(contract.WorkflowWorkItem, contract.WorkItemInput{Request: "r9", Wanted: wanted(pmo.WorkOpen)})
	require.True(t, h.IsWorkflowCompleted(), "nobody wants anything any more")
	require.NoError(t, h.GetWorkflowError())
}

// TestRequestEndsWithoutAReport: a work item's workflow that was terminated does not keep its request from ending.
func TestRequestEndsWithoutAReport(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.report = func(pmo.WorkItemReport) {}
	s.toExecution().fromExecution()
	end := s.run(input())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	require.Contains(t, end.Work.Fault, "did not report in time")
	require.Less(t, s.activities.entries[len(s.activities.entries)-1].At.Sub(end.ClosedAt), 10*time.Minute)
}
