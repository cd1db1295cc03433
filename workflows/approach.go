package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// recommend finds a way of working with its reasons, and a plan skeleton of its weight. See pmo/approach.go for the stage.
func (r *requestWorkflow) recommend(ctx workflow.Context) {
	s := r.state
	applyIfUnchanged(r, ctx, contract.ActivityRecommend, "a way of working is recommended", r.recommendInput(ctx, ""), func(a contract.Recommended) {
		s.Recommend(a.Approach, a.Plan, workflow.Now(ctx))
	})
}

func (r *requestWorkflow) recommendInput(ctx workflow.Context, chosen string) contract.RecommendInput {
	s := r.state
	return contract.RecommendInput{ID: s.ID, Portfolio: s.Portfolio, Lane: s.Lane, Content: s.Content, Chosen: chosen, At: workflow.Now(ctx)}
}
