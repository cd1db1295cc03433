package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// checkMerge sees that the requests in which this one goes on have not ended. See pmo/merge.go.
func (r *requestWorkflow) checkMerge(ctx workflow.Context) {
	s := r.state
	in := contract.CheckMergeInput{ID: s.ID, Into: slices.Clone(s.Merge.Into), Seq: s.Seq}
	applyIfUnchanged(r, ctx, contract.ActivityCheckMerge, "the requests it goes on in are checked", in, func(found pmo.MergeCheck) {
		s.FinishMerge(found, workflow.Now(ctx))
	})
}
