package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// execution agrees the plan with both sides, takes progress and changes, and chases silence, until the team says done.
func (r *run) execution(ctx workflow.Context) bool {
	s, now := r.state, workflow.Now(ctx)
	switch {
	case s.SkeletonNeeded():
		return r.draft(ctx)
	case r.asks(ctx, s.ChangeNeeded), r.asks(ctx, s.PlanNeeded):
		return true
	case r.asks(ctx, func() (pmo.QuestionSpec, bool) { return s.ReportNeeded(now) }):
		return true
	case s.DoneAt.IsZero():
		return false
	}
	return r.enter(ctx, pmo.StageClosure)
}

func (r *run) draft(ctx workflow.Context) bool {
	s := r.state
	return look(r, ctx, contract.ActivityRecommend, "draft a plan", r.recommendInput(ctx, s.Approach.Name()), func(a contract.Recommended) {
		s.Draft(a.Plan, workflow.Now(ctx))
	})
}
