package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// admit gives the number, checks the form and chooses the lane. See pmo/intake.go for the stage.
func (r *requestWorkflow) admit(ctx workflow.Context) {
	s := r.state
	applyIfUnchanged(r, ctx, contract.ActivityAdmit, "check the form", contract.AdmitInput{
		ID: s.ID, Requester: s.Requester, SubmittedAt: s.SubmittedAt, Content: s.Content,
	}, func(a pmo.Admission) {
		s.Admit(a, workflow.Now(ctx))
	})
}
