package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// openQuestion resolves who is asked and by when, and opens the question. Reminders, escalation and the verdict of silence are due times of
// the question itself: the one deadline timer of the request fires for them.
func (r *requestWorkflow) openQuestion(ctx workflow.Context, question pmo.QuestionSpec) {
	s := r.state
	in := pmo.QuestionTermsInput{
		ID: s.ID, Kind: question.Kind, Round: s.NextRound(question), Group: question.Group, Quorum: question.Quorum,
		Portfolio: s.Portfolio, Lane: s.Lane, Requester: s.Requester, OnBehalf: s.SubmittedBy, Sponsor: s.SponsorFor(question.Kind), At: workflow.Now(ctx),
	}
	if s.Assignment != nil {
		in.Team, in.Leads = s.Assignment.Team, s.Assignment.Leads
	}
	summary := "ask " + pmo.QuestionID(question.Kind, in.Round, question.Group)
	applyIfUnchanged(r, ctx, contract.ActivityAsk, summary, in, func(terms pmo.QuestionTerms) {
		if workflow.Now(ctx).Sub(in.At) > termsValidFor {
			return // the database was unreachable: the clock starts when people can see the question, so the terms are asked for again
		}
		s.OpenQuestion(question, terms, in.At)
	})
}
