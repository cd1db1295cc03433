package api

import (
	"context"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type decideInput struct {
	RefPath
	Keyed
	Body wire.Decision
}

func (a *API) decide(ctx context.Context, in *decideInput) (*receipt, error) {
	t, b := targetOf(ctx), in.Body
	sender, err := a.senderOf(ctx, t, b)
	if err != nil {
		return nil, err
	}
	if err := a.checkData(ctx, t, &b); err != nil {
		return nil, err
	}
	if err := a.takeRemedy(ctx, t, &b, sender); err != nil {
		return nil, err
	}
	done, err := a.command(ctx, contract.UpdateDecide, &pmo.Decide{Question: b.Decision, Verdict: b.Verdict, Reason: b.Reason, Data: b.Data}, sender, in.Key)
	if err == nil {
		a.answered(ctx, t.ID, b.Decision)
	}
	return done, err
}

// senderOf establishes who answers, and whose seat the answer fills. The read model may not have the question yet, or not the person's seat
// in it: then the process itself is asked once.
func (a *API) senderOf(ctx context.Context, t *target, b wire.Decision) (pmo.By, error) {
	actor := actorOf(ctx)
	sender, err := a.eligible(ctx, actor, t, b)
	if err != nil && a.refresh(ctx, t) {
		a.relate(ctx, actor, t)
		sender, err = a.eligible(ctx, actor, t, b)
	}
	if err != nil {
		if seat, ok := answeredBefore(t, actor, b); ok {
			again := by(ctx)
			if seat != actor.ID {
				again.For = seat
			}
			return again, nil
		}
	}
	if err != nil && t.actsErr != nil {
		return sender, problem.Wrap(t.actsErr, problem.Unavailable, "whose delegate you are cannot be looked up right now")
	}
	return sender, err
}

func (a *API) eligible(ctx context.Context, actor access.Actor, t *target, b wire.Decision) (pmo.By, error) {
	sender := by(ctx)
	if err := may(actor, access.Answer, t.object()); err != nil {
		return sender, err
	}
	candidate := access.Candidate{Actor: actor, ActsFor: t.actsFor, For: b.OnBehalfOf}
	e := access.Eligible(candidate, a.seats(ctx, t, candidate, b.Decision))
	switch {
	case e.Cause == access.CauseAmbiguous:
		return sender, problem.InvalidField("/on_behalf_of", "%s", e.Reason)
	case !e.Allowed:
		return sender, problem.New(problem.Kind(e.Kind), "%s", e.Reason)
	case e.Seat != actor.ID:
		sender.For = e.Seat
	}
	q := t.Request.Question(b.Decision)
	sender.Joins = q != nil && q.Open() && !slices.Contains(q.Seats(), e.Seat)
	return sender, nil
}

// checkData checks what comes with a verdict, turns the number of another request into its id, and says when a day begins.
func (a *API) checkData(ctx context.Context, t *target, b *wire.Decision) error {
	var fields []problem.Field
	if b.Data.Patch != nil {
		patch, err := a.mergePatch(ctx, t, partialOf(ctx).Data.Patch, "/data/patch", access.Answering)
		if err != nil {
			return err
		}
		b.Data.Patch = &patch
	}
	fields = append(fields, fieldsOf(a.Policy.Now().DataFaults(b.Data, a.Now()), "")...)
	if proposal := b.Data.Plan; proposal != nil {
		empty, err := pmo.EmptyFields[pmo.Plan](partialOf(ctx).Data.Plan)
		if err != nil {
			return problem.Wrap(err, problem.Invalid, "the plan cannot be read")
		}
		proposal.Clear = empty
	}
	if proposal := b.Data.Plan; proposal != nil && kindOf(b.Decision) == pmo.KindPlan {
		fields = append(fields, counterFaults(&t.Request, a.worksOf(&t.Request), proposal, b.Data.Approach)...)
	}
	if b.Data.Person != "" {
		faults, err := a.namedPersonFaults(ctx, t, b)
		if err != nil {
			return err
		}
		fields = append(fields, faults...)
	}
	if len(fields) > 0 {
		return problem.InvalidFields(fields)
	}
	if b.Data.Team != "" {
		if err := a.knownTeam(ctx, "/data/team", b.Data.Team); err != nil {
			return err
		}
	}
	b.Data.UntilAt = a.Policy.Now().DayBegins(t.Request.Portfolio, b.Data.Until)
	if b.Data.Of == "" {
		return nil
	}
	other, err := a.goesOnIn(ctx, t, b.Data.Of, "/data/of")
	if err != nil {
		return err
	}
	b.Data.Of, b.Data.OfNumber = other.ID, 0
	if !other.Request.Content.Confidential { // who is asked about it may not know that it exists
		b.Data.OfNumber = other.Request.Number
	}
	return nil
}

// namedPersonFaults are the reasons why the person whom the PMO names could not answer the question that an exception is about.
func (a *API) namedPersonFaults(ctx context.Context, t *target, b *wire.Decision) ([]problem.Field, error) {
	const pointer = "/data/person"
	fields := a.unknownPerson(pointer, b.Data.Person)
	q := t.Request.Question(b.Decision)
	if q == nil || len(fields) > 0 {
		return fields, nil
	}
	faults, err := a.ineligible(ctx, t, q.About, b.Data.Person)
	for _, f := range faults {
		fields = append(fields, problem.Field{Pointer: pointer, Detail: f.Detail})
	}
	return fields, err
}

// patchFaults are those faults of the amended form that the patch brings in.
func (a *API) patchFaults(r *pmo.Request, p pmo.Patch, at string) []problem.Field {
	rules := a.Policy.Now()
	faults := append(rules.PatchFaults(r.Content, p, at, a.Now()), rules.PortfolioFaults(r.Content, p, r.Portfolio, r.Stage, at)...)
	fields := fieldsOf(faults, "")
	if p.Sponsor != nil {
		fields = append(fields, refused(pmo.CheckSponsor(*p.Sponsor, r.Requester, r.SubmittedBy, at))...)
	}
	return fields
}

// goesOnIn is another request the actor may read, given by id or number, in which the work of this one may go on. The process of that one
// is asked: the read model may not know yet that it has ended. The step that closes this one checks again.
func (a *API) goesOnIn(ctx context.Context, t *target, ref, pointer string) (*target, error) {
	found, err := a.other(ctx, t, ref, pointer)
	if err != nil {
		return nil, err
	}
	if t.Request.Closed() || t.Request.Merge != nil {
		return found, nil // a repetition, perhaps: the process knows
	}
	a.refresh(ctx, found)
	if refusal := t.Request.CheckGoesOnIn(&found.Request); refusal != nil {
		return nil, problem.New(problem.Kind(refusal.Kind), "%s", refusal.Detail)
	}
	return found, nil
}

// other is another request the actor may read, given by id or number.
func (a *API) other(ctx context.Context, t *target, ref, pointer string) (*target, error) {
	found, err := a.find(ctx, ref)
	if err == nil {
		actor := actorOf(ctx)
		a.relate(ctx, actor, found)
		err = may(actor, access.ReadRequest, found.object())
	}
	switch {
	case problem.Is(err, problem.NotFound):
		return nil, problem.InvalidField(pointer, "is no request you can see")
	case err != nil:
		return nil, err
	case found.ID == t.ID:
		return nil, problem.InvalidField(pointer, "is this request itself")
	}
	return found, nil
}

// command delivers a command to the request the route names.
func (a *API) command(ctx context.Context, update string, cmd pmo.Command, who pmo.By, key string) (*receipt, error) {
	done, err := a.Commands.Update(ctx, targetOf(ctx).ID, update, cmd, who, key)
	if err != nil {
		return nil, a.sayHowItClosed(ctx, err)
	}
	return &receipt{Replayable: replayable(done.Replayed), Body: done}, nil
}
