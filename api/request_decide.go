package api

import (
	"context"
	"slices"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
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
	who, err := a.seatFor(ctx, t, b)
	if err != nil {
		return nil, err
	}
	if err := a.checkData(ctx, t, &b); err != nil {
		return nil, err
	}
	return a.command(ctx, contract.UpdateDecide, &pmo.Decide{Question: b.Decision, Verdict: b.Verdict, Reason: b.Reason, Data: b.Data}, who, in.Key)
}

// seatFor establishes who answers, and judges it with the question in hand. The read model may not have the question yet, or
// not the person's seat in it: then the process itself is asked once.
func (a *API) seatFor(ctx context.Context, t *target, b wire.Decision) (pmo.By, error) {
	actor := actorOf(ctx)
	who, err := a.judge(ctx, actor, t, b)
	if err != nil && a.refresh(ctx, t) {
		a.relate(ctx, actor, t)
		who, err = a.judge(ctx, actor, t, b)
	}
	if err != nil && t.actsErr != nil {
		return who, problem.Wrap(t.actsErr, problem.Unavailable, "who you stand in for cannot be looked up right now")
	}
	return who, err
}

func (a *API) judge(ctx context.Context, actor access.Actor, t *target, b wire.Decision) (pmo.By, error) {
	who := by(ctx)
	q := t.Request.Question(b.Decision)
	if b.OnBehalfOf != "" && b.OnBehalfOf != actor.ID {
		if !slices.Contains(t.actsFor, b.OnBehalfOf) {
			return who, problem.New(problem.NotAsked, "the person you name has not named you as their delegate")
		}
		who.For = b.OnBehalfOf
	}
	if q == nil {
		// Only the process knows the rounds that are over: it says superseded, or that there is no such question. It lets
		// nobody answer a question this one does not show.
		return who, nil
	}
	object := t.object()
	object.Question = q.Kind
	object.Relation = object.Relation&^(access.Asked|access.Delegate) | t.seatRelation(actor.ID, who, q)
	if err := may(actor, access.Answer, object); err != nil {
		return who, err
	}
	return a.inferSeat(actor, t, q, who)
}

// seatRelation is what the actor is to the question in the seat they name.
func (t *target) seatRelation(actor string, who pmo.By, q *pmo.Question) access.Relation {
	if who.For == "" {
		return t.seat(actor, q)
	}
	if slices.Contains(q.Seats(), who.For) {
		return access.Delegate
	}
	return 0
}

// inferSeat takes the one seat a delegate can mean when they do not name it.
func (a *API) inferSeat(actor access.Actor, t *target, q *pmo.Question, who pmo.By) (pmo.By, error) {
	if who.For != "" || slices.Contains(q.Seats(), actor.ID) {
		return who, nil
	}
	var seats []string
	for _, seat := range t.actsFor {
		if slices.Contains(q.Seats(), seat) {
			seats = append(seats, seat)
		}
	}
	if len(seats) != 1 {
		return who, problem.InvalidField("/on_behalf_of", "say for whom you answer: %s", strings.Join(seats, " or "))
	}
	who.For = seats[0]
	return who, nil
}

// checkData checks what comes with a verdict, and turns the number of another request into its id.
func (a *API) checkData(ctx context.Context, t *target, b *wire.Decision) error {
	var fields []problem.Field
	if p := b.Data.Patch; p != nil {
		fields = append(fields, a.patchFaults(t.Request.Content, *p, "/data/patch")...)
	}
	if in := b.Data.Inputs; in != nil {
		fields = append(fields, fieldsOf(policy.ValidateInputs(*in, "/data/inputs"), "")...)
	}
	if !b.Data.Until.Valid() {
		fields = append(fields, problem.Field{Pointer: "/data/until", Detail: "is not a date like 2027-03-31"})
	}
	if len(fields) > 0 {
		return problem.InvalidFields(fields)
	}
	if b.Data.Of == "" {
		return nil
	}
	id, err := a.other(ctx, t, b.Data.Of, "/data/of")
	b.Data.Of = id
	return err
}

// patchFaults are those faults of the amended form that the patch brings in.
func (a *API) patchFaults(c pmo.Content, p pmo.Patch, at string) []problem.Field {
	amended, _ := p.Apply(c)
	touched := p.Fields()
	var fields []problem.Field
	for _, f := range a.Policy.Validate(amended) {
		name, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
		if slices.Contains(touched, name) || name == "title" && p.Title != nil {
			fields = append(fields, problem.Field{Pointer: at + f.Pointer, Detail: f.Problem})
		}
	}
	return fields
}

// other is the id of another request the actor may read, given by id or number.
func (a *API) other(ctx context.Context, t *target, ref, pointer string) (string, error) {
	found, err := a.find(ctx, ref)
	if err == nil {
		actor := actorOf(ctx)
		a.relate(ctx, actor, found)
		err = may(actor, access.ReadRequest, found.object())
	}
	switch {
	case problem.Is(err, problem.NotFound):
		return "", problem.InvalidField(pointer, "is no request you can see")
	case err != nil:
		return "", err
	case found.ID == t.ID:
		return "", problem.InvalidField(pointer, "is this request itself")
	}
	return found.ID, nil
}

// command delivers a command to the request the route names.
func (a *API) command(ctx context.Context, update string, cmd pmo.Command, who pmo.By, key string) (*receipt, error) {
	done, err := a.Commands.Update(ctx, targetOf(ctx).ID, update, cmd, who, key)
	if err != nil {
		return nil, err
	}
	return &receipt{Body: done}, nil
}
