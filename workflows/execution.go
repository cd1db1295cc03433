package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// draftPlan drafts a plan of the weight of the approach in force. See pmo/execution.go for the stage.
func (r *requestWorkflow) draftPlan(ctx workflow.Context) {
	s := r.state
	applyIfUnchanged(r, ctx, contract.ActivityRecommend, "a plan is drafted", r.recommendInput(ctx, s.Approach.Name()), func(a contract.Recommended) {
		s.Draft(a.Plan)
	})
}
