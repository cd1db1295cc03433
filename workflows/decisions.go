package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// asks puts a question if one is needed and none of its kind is open. It tells whether it did.
func (r *run) asks(ctx workflow.Context, need func() (pmo.QuestionSpec, bool)) bool {
	question, needed := need()
	if !needed || r.state.OpenQuestionOf(question.Kind) != nil {
		return false
	}
	return r.put(ctx, question)
}

// put resolves who is asked and by when, and opens the question. Reminders, escalation and the outcome of silence are moments of
// the question itself: the one alarm of the request rings for them.
func (r *run) put(ctx workflow.Context, question pmo.QuestionSpec) bool {
	s := r.state
	in := pmo.QuestionTermsInput{
		ID: s.ID, Kind: question.Kind, Round: s.NextRound(question), Group: question.Group, Quorum: question.Quorum,
		Portfolio: s.Portfolio, Lane: s.Lane, Requester: s.Requester, OnBehalf: s.SubmittedBy, Sponsor: s.Content.Sponsor, At: workflow.Now(ctx),
	}
	if s.Assignment != nil {
		in.Team, in.Leads = s.Assignment.Team, s.Assignment.Leads
	}
	return look(r, ctx, contract.ActivityAsk, "ask "+pmo.QuestionID(question.Kind, in.Round, question.Group), in, func(a pmo.QuestionTerms) {
		if workflow.Now(ctx).Sub(in.At) > staleAfter {
			return // the database was away: the clock starts when people can see the question, so its terms are asked for again
		}
		s.OpenQuestion(question, a, in.At)
	})
}

// bySignal takes a decision sent as a signal. Its sender is only claimed, so the same rules the API applies are asked first.
func (r *run) bySignal(ctx workflow.Context, c pmo.Decide) {
	c.By.Via = "signal"
	r.checking++
	defer func() { r.checking-- }()
	if _, known, refusal := r.state.CachedReceipt(c.By); known || refusal != nil {
		return
	}
	refusal := r.state.CheckDecide(c, workflow.Now(ctx))
	if refusal == nil {
		refusal = r.checkActor(ctx, &c)
	}
	if refusal == nil {
		// The check took time: another answer may have come first.
		refusal = r.state.CheckDecide(c, workflow.Now(ctx))
	}
	if refusal != nil {
		r.state.RecordRefusedSignal(c, refusal, workflow.Now(ctx))
		return
	}
	r.state.CacheReceipt(c.By, r.state.ApplyDecide(c, workflow.Now(ctx)))
}

func (r *run) checkActor(ctx workflow.Context, c *pmo.Decide) *pmo.Refusal {
	q := r.state.Question(c.Question)
	in := contract.CheckActorInput{ID: r.state.ID, Actor: c.By.Actor, For: c.By.For, Question: q.ID, Kind: q.Kind, Seats: slices.Clone(q.Seats()), Requester: r.state.Requester}
	out := own[contract.CheckActorResult](r, ctx, contract.ActivityCheckActor, "check the sender of a signal", in)
	if !out.Allowed {
		return &pmo.Refusal{Kind: pmo.RefusedForbidden, Detail: out.Reason}
	}
	if out.For != "" {
		c.By.For = out.For
	}
	return nil
}
