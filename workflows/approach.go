package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// approach recommends a way of working with its reasons; the delivery leads accept it or choose another one.
func (r *run) approach(ctx workflow.Context) bool {
	s := r.state
	switch {
	case s.Approach == nil:
		return r.recommend(ctx)
	case r.asks(ctx, s.ApproachNeeded):
		return true
	case s.Approach.Chosen == "":
		return false
	}
	return r.enter(ctx, pmo.StageAssignment)
}

func (r *run) recommend(ctx workflow.Context) bool {
	s := r.state
	return look(r, ctx, contract.ActivityRecommend, "recommend a way of working", r.recommendInput(ctx, ""), func(a contract.Recommended) {
		s.Recommend(a.Approach, a.Plan, workflow.Now(ctx))
	})
}

func (r *run) recommendInput(ctx workflow.Context, chosen string) contract.RecommendInput {
	s := r.state
	return contract.RecommendInput{ID: s.ID, Portfolio: s.Portfolio, Lane: s.Lane, Content: s.Content, Chosen: chosen, At: workflow.Now(ctx)}
}
