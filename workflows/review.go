package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// route finds the groups that have to approve, and in which order. See pmo/review.go for the stage.
func (r *requestWorkflow) route(ctx workflow.Context) {
	s := r.state
	if ahead := r.ahead.RouteAt(s.Seq); ahead != nil {
		s.SetRoute(*ahead, workflow.Now(ctx))
		return
	}
	applyIfUnchanged(r, ctx, contract.ActivityRoute, "the way through review is found", s.RouteInput(), func(route pmo.Route) {
		s.SetRoute(route, workflow.Now(ctx))
	})
}
