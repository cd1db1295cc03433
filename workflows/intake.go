package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// intake gives the number, checks the form, chooses the lane; gaps go back to the requester, the sponsor confirms.
func (r *run) intake(ctx workflow.Context) bool {
	s := r.state
	switch {
	case !s.Admitted:
		return r.admit(ctx)
	case r.asks(ctx, s.ClarifyNeeded), r.asks(ctx, s.SponsorNeeded):
		return true
	case len(s.OpenQuestions()) > 0:
		return false
	}
	return r.enter(ctx, pmo.StageReview)
}

func (r *run) admit(ctx workflow.Context) bool {
	s := r.state
	return look(r, ctx, contract.ActivityAdmit, "check the form", contract.AdmitInput{
		ID: s.ID, Requester: s.Requester, SubmittedAt: s.SubmittedAt, Content: s.Content,
	}, func(a pmo.Admission) {
		s.Admit(a, workflow.Now(ctx))
	})
}
