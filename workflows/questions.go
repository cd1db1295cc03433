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
	in := s.TermsOf(question, workflow.Now(ctx))
	if ahead := r.ahead.TermsAt(s.Seq, pmo.QuestionID(in.Kind, in.Round, in.Group)); ahead != nil && in.At.Sub(r.ahead.At) <= termsValidFor {
		s.OpenQuestion(question, *ahead, r.ahead.At)
		return
	}
	summary := question.Asking(in.Round)
	applyIfUnchanged(r, ctx, contract.ActivityAsk, summary, in, func(terms pmo.QuestionTerms) {
		if workflow.Now(ctx).Sub(in.At) > termsValidFor {
			return // the database was unreachable: the clock starts when people can see the question, so the terms are asked for again
		}
		s.OpenQuestion(question, terms, in.At)
	})
}

// refreshPeople looks at who may answer the open questions today: the directory or a delegation has changed. The message says nothing else,
// so it may come twice or for nothing.
func (r *requestWorkflow) refreshPeople(ctx workflow.Context) {
	r.awaitIdle(ctx)
	r.pendingChecks++
	defer func() { r.pendingChecks-- }()
	for _, id := range r.openQuestionIDs() {
		q := r.state.Question(id)
		if q == nil || !q.Open() || r.state.Closed() || r.state.Status == pmo.StatusOnHold {
			continue
		}
		in := r.state.PeopleInput(q, workflow.Now(ctx))
		terms := runWithFallback[pmo.QuestionTerms](ctx, &r.fallbacks, contract.ActivityAsk, "who may answer "+id+" is looked up again", in)
		if ctx.Err() != nil {
			return
		}
		r.state.PeopleChanged(id, terms, workflow.Now(ctx))
	}
}

func (r *requestWorkflow) openQuestionIDs() []string {
	var ids []string
	for _, q := range r.state.OpenQuestions() {
		ids = append(ids, q.ID)
	}
	return ids
}
