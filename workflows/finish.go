package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// errContinue asks for a new run with the same state: the history has grown long.
var errContinue = errors.New("continue as new")

// renew wakes the process when a new run may take over. It is a coroutine of its own, started after those that receive signals:
// a signal handed to a waiting receiver is handled in the eyes of the SDK, though the receiver has not run yet, so only who runs
// after the receivers can tell that nothing is pending.
func (r *run) renew(ctx workflow.Context) {
	for workflow.Await(ctx, func() bool { return r.waiting && !r.renewing && r.renewable(ctx) }) == nil {
		r.renewing = true
	}
}

// renewable tells whether a new run may take over now: the server suggests it and nothing is pending.
func (r *run) renewable(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !r.state.Closed() && r.written == r.state.Seq && r.degraded+r.checking == 0 && !r.telling &&
		workflow.AllHandlersFinished(ctx) && len(workflow.GetUnhandledSignalNames(ctx)) == 0
}

// leave ends this run before the request has ended: it continues as new, or the workflow was cancelled from outside.
func (r *run) leave(ctx workflow.Context, err error) (contract.RequestResult, error) {
	if errors.Is(err, errContinue) {
		return contract.RequestResult{}, workflow.NewContinueAsNewError(ctx, contract.WorkflowRequest,
			contract.RequestInput{ID: r.state.ID, Digest: r.state.Digest, State: r.state})
	}
	if !temporal.IsCanceledError(err) {
		return contract.RequestResult{}, err
	}
	r.state.Close(pmo.OutcomeCancelled, "The workflow was cancelled in Temporal.", pmo.By{Via: "temporal"}, workflow.Now(ctx))
	if _, failed := r.finish(ctx); failed != nil {
		return contract.RequestResult{}, failed
	}
	return contract.RequestResult{}, err
}

// finish ends a closed request: everything is written and answered before the workflow closes. The team's tool is waited for too, but
// not for long.
func (r *run) finish(ctx workflow.Context) (contract.RequestResult, error) {
	// A cancellation that comes now comes too late to leave anything unwritten.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	r.endAlarm()
	r.tellHeirs(ctx)
	r.seen, r.waiting = r.state.Seq, true
	err := workflow.Await(ctx, func() bool {
		r.seen = r.state.Seq
		return r.written == r.state.Seq && r.shown() && r.toolKnows() && workflow.AllHandlersFinished(ctx)
	})
	return contract.RequestResult{Outcome: r.state.Outcome, Reason: r.state.Reason}, err
}

// endAlarm forgets the alarm: the server drops the timers of a workflow that has closed.
func (r *run) endAlarm() {
	if !r.patient {
		r.alarm.off()
	}
	r.alarm = alarm{}
}

// tellHeirs lets the people of a merged request go on watching where it goes on. A closed or unknown heir is nobody's fault.
func (r *run) tellHeirs(ctx workflow.Context) {
	for _, heir := range r.state.MergedInto {
		people := pmo.Watch{Header: pmo.Header{By: pmo.By{Via: "system", Actor: "merge of " + r.state.ID}}, Add: r.state.Followers()}
		if err := workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(heir), "", contract.SignalWatch, people).Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Warn("the request it goes on in was not told", "heir", heir, "error", err)
		}
	}
}
