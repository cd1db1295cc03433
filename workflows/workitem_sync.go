package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// syncWorkItem keeps the item in the team's tool as the request wants it: opened once the plan is agreed, following holds and another team,
// ended with the request. It sends the wanted state to the item's own workflow (WorkItem), which reports by the signal SignalWorkItem. It
// runs beside the steps, which never wait for it, and only when the process is idle.
func (r *requestWorkflow) syncWorkItem(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // the item of a cancelled request ends too
	toSend := func() bool {
		_, send := r.state.WorkItemToSend()
		return send && r.idle()
	}
	_ = workflow.Await(ctx, toSend)
	if workflow.GetVersion(ctx, contract.ChangeWorkItemWorkflow, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		r.callToolInline(ctx)
	}
	for {
		_ = workflow.Await(ctx, toSend)
		state, _ := r.state.WorkItemToSend()
		r.sendToWorkItem(ctx, state)
	}
}

// workItemUpToDate reports whether nothing has to be sent and the last state was reported on.
func (r *requestWorkflow) workItemUpToDate() bool {
	return !r.syncingWorkItem && r.state.WorkItemUpToDate()
}

// sendToWorkItem sends a state to the item's workflow: by signal while it runs, else by starting it.
func (r *requestWorkflow) sendToWorkItem(ctx workflow.Context, state pmo.WorkItemState) {
	r.syncingWorkItem = true
	defer func() { r.syncingWorkItem = false }()
	before := r.state.Work // nil, or of another item
	mayExist := before != nil && before.Key == state.Key && before.MayExist
	r.state.MarkSent(state)
	wanted := contract.WorkItemWanted{State: state, Summary: r.state.WorkItemSummary(), Approach: r.state.Approach.Name(),
		Milestones: r.state.WorkItemMilestones(), Final: r.state.Closed()}
	item := *r.state.Work
	if item.Running && r.signalWorkItem(ctx, wanted) == nil {
		return
	}
	err := r.startWorkItem(ctx, contract.WorkItemInput{Request: r.state.ID, Number: r.state.Number, Team: item.Team, ID: item.ID, URL: item.URL,
		MayExist: mayExist, Wanted: wanted})
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		err = r.signalWorkItem(ctx, wanted)
	}
	if err != nil {
		workflow.GetLogger(ctx).Error("work item not synced", "key", state.Key, "error", err)
		fault := &pmo.SyncFault{Reason: "its workflow could not be started"}
		r.state.MarkReported(pmo.WorkItemReport{State: state, ID: item.ID, MayExist: item.MayExist, Fault: fault, Ended: true}, workflow.Now(ctx))
		return
	}
	r.state.MarkWorkItemRunning(state.Key)
}

func (r *requestWorkflow) signalWorkItem(ctx workflow.Context, wanted contract.WorkItemWanted) error {
	return workflow.SignalExternalWorkflow(ctx, contract.WorkItemWorkflowID(wanted.State.Key), "", contract.SignalWanted, wanted).Get(ctx, nil)
}

// startWorkItem starts the item's workflow. It is abandoned when the request's execution ends, so that continue-as-new leaves it alone.
func (r *requestWorkflow) startWorkItem(ctx workflow.Context, in contract.WorkItemInput) error {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: contract.WorkItemWorkflowID(in.Wanted.State.Key), TaskQueue: contract.QueueMain, ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary: fmt.Sprintf("Work item of R-%d for %s", in.Number, in.Team),
		TypedSearchAttributes: temporal.NewSearchAttributes(contract.AttrNumber.ValueSet(in.Number), contract.AttrTeam.ValueSet(in.Team),
			contract.AttrPortfolio.ValueSet(r.state.Portfolio)),
	})
	return workflow.ExecuteChildWorkflow(ctx, contract.WorkflowWorkItem, in).GetChildWorkflowExecution().Get(ctx, nil)
}

// workItemReportWithin is how long a closed request waits for the report on its item, for which the item's workflow takes about a minute.
const workItemReportWithin = 5 * time.Minute

// awaitsWorkItemReport reports whether everything was sent and a report is outstanding.
func (r *requestWorkflow) awaitsWorkItemReport() bool {
	_, send := r.state.WorkItemToSend()
	return !r.syncingWorkItem && !send && !r.state.WorkItemUpToDate()
}

// awaitWorkItemReport waits for the outstanding report of a closed request. Without one in time the ledger says so.
func (r *requestWorkflow) awaitWorkItemReport(ctx workflow.Context) error {
	timer := workflow.NewTimerWithOptions(ctx, workItemReportWithin, workflow.TimerOptions{Summary: "stop waiting for the team's tool"})
	err := workflow.Await(ctx, func() bool { return !r.awaitsWorkItemReport() || timer.IsReady() })
	if item := r.state.Work; err == nil && r.awaitsWorkItemReport() {
		fault := &pmo.SyncFault{Reason: "its workflow did not report in time"}
		r.state.MarkReported(pmo.WorkItemReport{State: item.Requested, ID: item.ID, MayExist: item.MayExist, Fault: fault}, workflow.Now(ctx))
	}
	return err
}
