package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// tellTool keeps the tool the team plans its days with abreast: its work item is opened once the plan is agreed, follows holds and
// another team, and ends with the request. It runs beside the stages, which never wait for it, and only when the process has come to
// rest; one call at a time.
func (r *run) tellTool(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a cancelled request ends in the tool too
	for {
		_ = workflow.Await(ctx, func() bool { return r.quiet() && !r.toolKnows() })
		step, _ := r.state.WorkItemSyncNeeded()
		r.telling = true
		if step.Status == pmo.WorkOpen && !r.hasWork(step) {
			r.openWork(ctx, step)
		} else {
			r.updateWork(ctx, step)
		}
		r.telling = false
	}
}

func (r *run) toolKnows() bool {
	_, needed := r.state.WorkItemSyncNeeded()
	return !needed && !r.telling
}

// hasWork tells whether the tool is known to have the item.
func (r *run) hasWork(step pmo.WorkItemState) bool {
	w := r.state.Work
	return w != nil && w.Key == step.Key && w.ID != ""
}

func (r *run) openWork(ctx workflow.Context, step pmo.WorkItemState) {
	s := r.state
	in := contract.OpenWorkInput{Key: step.Key, ID: s.ID, Number: s.Number, Title: step.Title, Summary: s.WorkItemSummary(),
		Team: s.Assignment.Team, Approach: s.Approach.Name(), Milestones: s.WorkItemMilestones()}
	var opened contract.OpenedWork
	err := r.call(ctx, step, contract.ActivityOpenWork, "open the work item", in, &opened)
	switch {
	case err == nil:
		s.MarkWorkItemOpened(step, opened.ID, opened.URL, workflow.Now(ctx))
	case temporal.IsCanceledError(err):
		s.MarkSyncAbandoned(step)
	default:
		s.MarkWorkItemNotOpened(step, faultOf(err), workflow.Now(ctx))
	}
}

func (r *run) updateWork(ctx workflow.Context, step pmo.WorkItemState) {
	s := r.state
	in := contract.UpdateWorkInput{Key: step.Key, Work: s.Work.ID, Title: step.Title, Summary: s.WorkItemSummary(), Status: step.Status, Reason: step.Reason}
	var updated contract.UpdatedWork
	err := r.call(ctx, step, contract.ActivityUpdateWork, "set the work item to "+string(step.Status), in, &updated)
	switch {
	case err == nil:
		s.MarkSynced(step, updated.ID, updated.Missing, workflow.Now(ctx))
	case temporal.IsCanceledError(err):
		s.MarkSyncAbandoned(step)
	default:
		s.MarkNotSynced(step, faultOf(err), workflow.Now(ctx))
	}
}

// call tells the tool, until it has heard, patience is over, or something else is to be told.
func (r *run) call(ctx workflow.Context, step pmo.WorkItemState, activity, summary string, in, out any) error {
	patience, leaving := toolPatience, r.state.Closed()
	if leaving {
		patience = toolFarewell
	}
	ctx, cancel := workflow.WithCancel(outside(ctx, summary, patience))
	defer cancel()
	answer := workflow.ExecuteActivity(ctx, activity, in)
	if err := workflow.Await(ctx, func() bool {
		return answer.IsReady() || r.quiet() && (r.state.WorkItemSyncOutdated(step) || r.state.Closed() && !leaving)
	}); err != nil {
		return err
	}
	if !answer.IsReady() {
		cancel()
	}
	return answer.Get(ctx, out)
}

// faultOf reads why a call was given up. What the activity knew of it comes in the details.
func faultOf(err error) pmo.SyncFault {
	fault := pmo.SyncFault{Reason: "it did not answer in time"}
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		if app.Details(&fault) != nil || fault.Reason == "" {
			fault.Reason = app.Message()
		}
	}
	return fault
}
