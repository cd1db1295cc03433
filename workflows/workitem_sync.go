package workflows

import (
	"time"

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
	if r.state.Process < pmo.Process05 &&
		workflow.GetVersion(ctx, contract.ChangeWorkItemWorkflow, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
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

// sendToWorkItem sends a state to the item's workflow, which starts if it does not run. Sending holds nothing up while it is retried.
func (r *requestWorkflow) sendToWorkItem(ctx workflow.Context, state pmo.WorkItemState) {
	r.syncingWorkItem = true
	defer func() { r.syncingWorkItem = false }()
	before := r.state.Work // nil, or of another item
	mayExist := before != nil && before.Key == state.Key && before.MayExist
	r.state.MarkSent(state)
	in := contract.WorkItemFor(r.state, state, mayExist)
	summary := "the work item is to be " + string(state.Status)
	runWithFallback[contract.Nothing](ctx, nil, contract.ActivitySendWanted, summary, in)
}

// workItemReportWithin is how long a closed request waits for the report on its item, for which the item's workflow takes about a minute.
const workItemReportWithin = 5 * time.Minute

// awaitsWorkItemReport reports whether everything was sent and a report is outstanding.
func (r *requestWorkflow) awaitsWorkItemReport() bool {
	_, send := r.state.WorkItemToSend()
	return !r.syncingWorkItem && !send && !r.state.WorkItemUpToDate()
}

// awaitWorkItemReport waits for the outstanding report of a closed request. Without one in time the ledger says so. Its timer ends with the
// workflow, which ends next.
func (r *requestWorkflow) awaitWorkItemReport(ctx workflow.Context) error {
	timer := workflow.NewTimerWithOptions(ctx, workItemReportWithin, workflow.TimerOptions{Summary: "the report on the work item is waited for no longer than this"})
	err := workflow.Await(ctx, func() bool { return !r.awaitsWorkItemReport() || timer.IsReady() })
	if item := r.state.Work; err == nil && r.awaitsWorkItemReport() {
		fault := &pmo.SyncFault{Reason: "its workflow did not report in time"}
		r.state.MarkReported(pmo.WorkItemReport{State: item.Requested, ID: item.ID, MayExist: item.MayExist, Fault: fault}, workflow.Now(ctx))
	}
	return err
}
