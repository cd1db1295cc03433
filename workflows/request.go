package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Request is one request from submission to closure, however many months that takes.
func Request(ctx workflow.Context, in contract.RequestInput) (contract.RequestResult, error) {
	r := newRequestWorkflow(ctx, in)
	for !r.state.Closed() {
		if err := r.perform(ctx, r.state.NextStep(workflow.Now(ctx))); err != nil {
			return r.exit(ctx, err)
		}
	}
	return r.finish(ctx)
}

// perform does the next step of the process. What the steps are, stage by stage, is pmo.Request.NextStep; the stage files here do what a
// step needs from outside.
func (r *requestWorkflow) perform(ctx workflow.Context, step pmo.Step) error {
	switch step.Action {
	case pmo.ActionWait:
		return r.wait(ctx)
	case pmo.ActionAdmit:
		r.admit(ctx)
	case pmo.ActionRoute:
		r.route(ctx)
	case pmo.ActionRecommend:
		r.recommend(ctx)
	case pmo.ActionFindTeam:
		r.findTeam(ctx)
	case pmo.ActionDraftPlan:
		r.draftPlan(ctx)
	case pmo.ActionCheckMerge:
		r.checkMerge(ctx)
	case pmo.ActionOpenQuestion:
		r.openQuestion(ctx, step.Question)
	case pmo.ActionContinue: // the state moved by itself
	}
	return ctx.Err()
}

// requestWorkflow is one execution of Request: its state, and what is not carried over continue-as-new.
//
// Several coroutines share it: the main one performs steps and waits; one for each signal; one that projects to the read model; one that
// updates what the Temporal UI shows; one that keeps the work item up to date; one that watches for continue-as-new; and one for each
// update being handled. Only one runs at a time, and each of the fields below has one writer.
type requestWorkflow struct {
	state      *pmo.Request
	timer      deadlineTimer // set by the main coroutine alone
	attributes attributes    // the search attributes last set, by updateVisibility

	// keepEarlierTimer is the version of contract.ChangeKeepEarlierTimer; constant after newRequestWorkflow.
	keepEarlierTimer bool
	// handledSeq is state.Seq while the main coroutine waits with every step up to that seq performed, and -1 while it performs steps.
	handledSeq int64
	// fallbacks counts steps that wait in an ordinary activity for the database. While there is one, the process counts as idle.
	fallbacks int
	// pendingChecks counts signals that were received and are still being checked: the sender of a decision, or who may answer. No
	// continue-as-new while there is one.
	pendingChecks int
	// syncingWorkItem is true while a message to the work item's workflow, or a call to the tool, is under way. No continue-as-new then.
	syncingWorkItem bool
	// projectedSeq is the last state.Seq the read model has. The workflow neither ends nor continues as new while state.Seq is greater.
	projectedSeq int64
	// ahead is what intake found for the steps that follow it at once; nil where it found nothing. Set by the main coroutine alone.
	ahead *pmo.Ahead
	// publishedSeq is the last state.Seq the Temporal UI shows.
	publishedSeq int64
	// continueAsNew wakes the main coroutine; only that one decides. Set by watchContinueAsNew, reset by wait.
	continueAsNew bool
}

// newRequestWorkflow restores or begins the state and registers every handler before anything blocks.
//
// Call GetVersion here when a change affects every workflow task, and elsewhere where the change takes effect.
func newRequestWorkflow(ctx workflow.Context, in contract.RequestInput) *requestWorkflow {
	r := &requestWorkflow{state: in.State, handledSeq: -1, projectedSeq: -1, publishedSeq: -1}
	if r.state == nil {
		r.state = pmo.New(in.ID, in.Digest, in.Submission)
	}
	if in.CountEntries {
		r.state.StartEntryCounts() // before the handlers, which take at once the commands that came with the first task
	}
	r.registerHandlers(ctx)
	receivers := r.startSignalReceivers(ctx)
	r.state.Process = pmo.ProcessVersion(workflow.GetVersion(ctx, contract.ChangeProcess, workflow.DefaultVersion, workflow.Version(pmo.LatestProcess)))
	r.keepEarlierTimer = r.state.Process >= pmo.Process05 ||
		workflow.GetVersion(ctx, contract.ChangeKeepEarlierTimer, workflow.DefaultVersion, 1) == 1
	if r.keepEarlierTimer {
		r.state.StartEntryCounts()
	}
	workflow.Go(ctx, r.updateVisibility)
	workflow.Go(ctx, r.project)
	workflow.Go(ctx, r.syncWorkItem)
	r.startContinueAsNewWatch(ctx, receivers)
	return r
}

// idle reports whether every step that follows from the state has been performed, or a step waits for the database.
func (r *requestWorkflow) idle() bool { return r.handledSeq == r.state.Seq || r.fallbacks > 0 }

// awaitIdle lets a handler answer with what followed from its command, without waiting for a database that is unreachable.
func (r *requestWorkflow) awaitIdle(ctx workflow.Context) {
	_ = workflow.Await(ctx, func() bool { return r.idle() || r.state.Closed() })
}

// wait blocks until somebody acts or the deadline timer fires. It returns errContinueAsNew when a new execution should take over.
func (r *requestWorkflow) wait(ctx workflow.Context) error {
	now := workflow.Now(ctx)
	due, what := r.state.NextDue(now)
	if !due.IsZero() && !due.After(now) {
		r.state.FireDue(now)
		return ctx.Err()
	}
	if r.keepEarlierTimer {
		// The timer may be kept while what is due changes, so its name must stay true: what is due is in the details.
		what = "next look at what is due, at the latest on " + minute(due)
	}
	r.timer.set(ctx, due, what, r.keepEarlierTimer)
	seq := r.state.Seq
	r.handledSeq = seq
	err := workflow.Await(ctx, func() bool { return r.state.Seq != seq || r.timer.fired() || r.continueAsNew })
	suggested := r.continueAsNew
	r.handledSeq, r.continueAsNew = -1, false
	switch {
	case err != nil:
		return err
	case r.state.Seq == seq && suggested && r.canContinueAsNew(ctx):
		return errContinueAsNew
	}
	r.state.FireDue(workflow.Now(ctx))
	return nil
}
