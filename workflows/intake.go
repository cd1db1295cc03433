package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// admit checks the form and derives the facts, at intake and again when they belong to another content; at intake it gives the number. See
// pmo/intake.go and pmo/facts.go.
func (r *requestWorkflow) admit(ctx workflow.Context) {
	s := r.state
	applyIfUnchanged(r, ctx, contract.ActivityAdmit, "the form is checked", contract.AdmitInput{
		ID: s.ID, Requester: s.Requester, SubmittedAt: s.SubmittedAt, Content: s.ContentToAssess(), Number: s.AssessedBefore(),
	}, func(a pmo.Admission) {
		s.Admit(a, workflow.Now(ctx))
	})
}
