package workflows

import "go.temporal.io/sdk/workflow"

// signalReceivers proves that the coroutines that receive signals exist. The SDK counts a signal as handled when it hands it to a waiting
// receiver, although the receiver's coroutine has not run yet. Coroutines run in the order they were created, so only one created after
// the receivers sees what became of the signals of this workflow task.
type signalReceivers struct{}

// startContinueAsNewWatch starts the coroutine that wakes the main one when a new execution may take over. The parameter makes sure that
// it is created after the signal receivers.
func (r *requestWorkflow) startContinueAsNewWatch(ctx workflow.Context, _ signalReceivers) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.Await(ctx, func() bool { return r.handledSeq >= 0 && !r.continueAsNew && r.canContinueAsNew(ctx) }) == nil {
			r.continueAsNew = true
		}
	})
}

// canContinueAsNew reports whether a new execution may take over now: the server suggests it and nothing is pending.
func (r *requestWorkflow) canContinueAsNew(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !r.state.Closed() && r.projectedSeq == r.state.Seq &&
		r.fallbacks == 0 && r.pendingChecks == 0 && !r.syncingWorkItem &&
		workflow.AllHandlersFinished(ctx) && len(workflow.GetUnhandledSignalNames(ctx)) == 0
}
