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
	in := contract.AdmitInput{ID: s.ID, Requester: s.Requester, SubmittedAt: s.SubmittedAt, Content: s.ContentToAssess(), Number: s.AssessedBefore()}
	if s.Process >= pmo.Process08 && s.Number == 0 && s.Seq == 0 { // as it was submitted: Admit can tell what comes next
		in.Ahead = &contract.AheadInput{Process: s.Process, SubmittedBy: s.SubmittedBy, At: workflow.Now(ctx)}
	}
	applyIfUnchanged(r, ctx, contract.ActivityAdmit, "the form is checked", in, func(a pmo.Admission) {
		r.ahead = a.Ahead
		s.Admit(a, workflow.Now(ctx))
	})
}
