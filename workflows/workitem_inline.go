package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// callToolInline serves requests that began before ChangeWorkItemWorkflow: they call the tool from a coroutine of their own, one call at a
// time. It never returns.
func (r *requestWorkflow) callToolInline(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, func() bool {
			_, needed := r.state.WorkItemWanted()
			return needed && r.idle()
		})
		state, _ := r.state.WorkItemWanted()
		r.syncingWorkItem = true
		if w := r.state.Work; state.Status == pmo.WorkOpen && (w == nil || w.Key != state.Key || w.ID == "") {
			r.openInline(ctx, state)
		} else {
			r.updateInline(ctx, state)
		}
		r.syncingWorkItem = false
	}
}

func (r *requestWorkflow) openInline(ctx workflow.Context, state pmo.WorkItemState) {
	s := r.state
	in := contract.OpenWorkInput{Key: state.Key, ID: s.ID, Number: s.Number, Title: state.Title, Summary: s.WorkItemSummary(),
		Team: s.Assignment.Team, Approach: s.Approach.Name(), Milestones: s.WorkItemMilestones()}
	var opened contract.OpenedWork
	err := r.callInline(ctx, state, contract.ActivityOpenWork, callSummary(state, true), in, &opened)
	switch {
	case err == nil:
		s.MarkOpened(state, opened.ID, opened.URL, workflow.Now(ctx))
	case temporal.IsCanceledError(err):
		s.MarkCallAbandoned(state)
	default:
		s.MarkNotOpened(state, faultOf(err), workflow.Now(ctx))
	}
}

func (r *requestWorkflow) updateInline(ctx workflow.Context, state pmo.WorkItemState) {
	s := r.state
	in := contract.UpdateWorkInput{Key: state.Key, Work: s.Work.ID, Title: state.Title, Summary: s.WorkItemSummary(), Status: state.Status, Reason: state.Reason}
	var updated contract.UpdatedWork
	err := r.callInline(ctx, state, contract.ActivityUpdateWork, callSummary(state, false), in, &updated)
	switch {
	case err == nil:
		s.MarkUpdated(state, updated.ID, updated.Missing, workflow.Now(ctx))
	case temporal.IsCanceledError(err):
		s.MarkCallAbandoned(state)
	default:
		s.MarkNotUpdated(state, faultOf(err), workflow.Now(ctx))
	}
}

// callInline calls the tool until it has answered, patience is over, or another state is wanted.
func (r *requestWorkflow) callInline(ctx workflow.Context, state pmo.WorkItemState, activity, summary string, in, out any) error {
	patience, final := toolPatience, r.state.Closed()
	if final {
		patience = toolFinalPatience
	}
	ctx, cancel := workflow.WithCancel(integrationOptions(ctx, summary, patience))
	defer cancel()
	call := workflow.ExecuteActivity(ctx, activity, in)
	if err := workflow.Await(ctx, func() bool {
		return call.IsReady() || r.idle() && (r.state.WorkItemCallOutdated(state) || r.state.Closed() && !final)
	}); err != nil {
		return err
	}
	if !call.IsReady() {
		cancel()
	}
	return call.Get(ctx, out)
}
