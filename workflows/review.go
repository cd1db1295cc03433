package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// review asks the groups of the route, order by order, until all have agreed. What else they may say (reject, defer, duplicate,
// answered, need_info) takes effect where it is said: internal/pmo/review.go.
func (r *run) review(ctx workflow.Context) bool {
	s := r.state
	switch {
	case s.Route == nil:
		return r.route(ctx)
	case s.ReviewPassed():
		return r.approved(ctx)
	case r.asks(ctx, s.InfoNeeded):
		return true
	}
	for _, question := range s.ReviewNeeded() {
		return r.put(ctx, question)
	}
	return false
}

func (r *run) route(ctx workflow.Context) bool {
	s := r.state
	return look(r, ctx, contract.ActivityRoute, "find the way through review", pmo.RouteInput{
		ID: s.ID, Portfolio: s.Portfolio, Lane: s.Lane, Severity: s.Severity, Requester: s.Requester, Content: s.Content,
	}, func(route pmo.Route) {
		s.SetRoute(route, workflow.Now(ctx))
	})
}

// approved goes on to the backlog; a change reviewed after the pull goes back to work.
func (r *run) approved(ctx workflow.Context) bool {
	r.state.TakeReviewedChange(workflow.Now(ctx))
	if !r.state.Pulled() {
		return r.enter(ctx, pmo.StagePrioritization)
	}
	return r.enter(ctx, pmo.StageExecution)
}
