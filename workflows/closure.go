package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// errContinueAsNew asks for a new execution with the same state: the history has grown long.
var errContinueAsNew = errors.New("continue as new")

// exit ends this execution before the request has ended: it continues as new, or the workflow was cancelled from outside.
func (r *requestWorkflow) exit(ctx workflow.Context, err error) (contract.RequestResult, error) {
	if errors.Is(err, errContinueAsNew) {
		return contract.RequestResult{}, workflow.NewContinueAsNewError(ctx, contract.WorkflowRequest,
			contract.RequestInput{ID: r.state.ID, Digest: r.state.Digest, State: r.state})
	}
	if !temporal.IsCanceledError(err) {
		return contract.RequestResult{}, err
	}
	r.state.EndInTemporal("The workflow was cancelled in Temporal.", pmo.By{Via: "temporal"}, workflow.Now(ctx))
	if _, failed := r.finish(ctx); failed != nil {
		return contract.RequestResult{}, failed
	}
	return contract.RequestResult{}, err
}

// finish ends a closed request: everything is projected, published and answered before the workflow ends. The team's tool is waited for
// too, but not for long.
func (r *requestWorkflow) finish(ctx workflow.Context) (contract.RequestResult, error) {
	// A cancellation that comes now must not leave anything unprojected.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	r.dropTimer()
	r.notifyMergeTargets(ctx)
	done := func() bool {
		r.handledSeq = r.state.Seq // no step follows from anything any more
		return r.projectedSeq == r.state.Seq && r.published() && r.workItemUpToDate() && workflow.AllHandlersFinished(ctx)
	}
	err := workflow.Await(ctx, func() bool { return done() || r.awaitsWorkItemReport() })
	if err == nil && r.awaitsWorkItemReport() {
		err = r.awaitWorkItemReport(ctx)
	}
	if err == nil {
		err = workflow.Await(ctx, done)
	}
	return contract.RequestResult{Outcome: r.state.Outcome, Reason: r.state.Reason}, err
}

// dropTimer gives up the deadline timer: the server drops the timers of a workflow that has ended. Requests that began before
// ChangeKeepEarlierTimer cancelled theirs.
func (r *requestWorkflow) dropTimer() {
	if !r.keepEarlierTimer {
		r.timer.stop()
	}
	r.timer = deadlineTimer{}
}

// notifyMergeTargets makes the followers of a merged request watchers of the requests it goes on in, which take its conditions over. A target that is closed or unknown is
// no fault.
func (r *requestWorkflow) notifyMergeTargets(ctx workflow.Context) {
	for _, target := range r.state.MergedInto {
		watch := r.state.MergeNotice()
		if err := workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(target), "", contract.SignalWatch, watch).Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Warn("merge target not notified", "target", target, "error", err)
		}
	}
}
