package api

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// draftOfComment is the kind of a draft that is no submission.
const draftOfComment = "comment"

// leave says for whom a draft is: an agent's for somebody who answers for it, a person's for themselves.
func (a *API) leave(ctx context.Context, d *store.Draft, b wire.SetDraft) error {
	actor := actorOf(ctx)
	if !actor.Agent {
		if b.For != "" || b.Request != "" {
			return problem.InvalidField("/for", "is for agents: your drafts are yours, and you write comments yourself")
		}
		return nil
	}
	person, err := a.confirmer(actor.ID, b.For)
	if err != nil {
		return err
	}
	d.Agent, d.Person = actor.ID, person
	if b.Request != "" {
		return a.leaveComment(ctx, d, b)
	}
	if !slices.ContainsFunc(a.Policy.Now().Document().Intake.Kinds, func(k policy.KindDoc) bool { return k.ID == b.Kind }) {
		return problem.InvalidField("/kind", "is no kind of request of the policy")
	}
	return nil
}

// confirmer is who sends or discards what an agent drafts.
func (a *API) confirmer(agent, named string) (string, error) {
	people := a.Directory.ResponsibleFor(agent)
	people = slices.DeleteFunc(people, func(id string) bool {
		p, known := a.Directory.Principal(id)
		return !known || !access.Can(a.Policy.Now().Actor(p), access.KeepDrafts, access.Object{}).Allowed
	})
	switch {
	case named == "" && len(people) == 1:
		return people[0], nil
	case named == "":
		return "", problem.InvalidField("/for", "is needed: several people answer for this agent, or nobody who keeps drafts")
	case !slices.Contains(people, named):
		return "", problem.InvalidField("/for", "does not answer for this agent, or keeps no drafts")
	}
	return named, nil
}

// leaveComment makes it the draft of a comment, on a request that both may read.
func (a *API) leaveComment(ctx context.Context, d *store.Draft, b wire.SetDraft) error {
	ctx, err := a.withTarget(ctx, b.Request, access.ReadRequest)
	if problem.Is(err, problem.NotFound) || err == nil && !a.mayRead(ctx, targetOf(ctx), d.Person) {
		return problem.InvalidField("/request", "is no request that you and who confirms it may read")
	}
	if err != nil {
		return err
	}
	text := b.Fields["text"]
	if b.Kind != draftOfComment || len(b.Fields) != 1 || len(text) != 1 || !cleantext.Shows(text[0]) || len([]rune(text[0])) > wire.MaxComment {
		return problem.InvalidField("/fields", "of a comment has one text of at most %d characters, and its kind is comment", wire.MaxComment)
	}
	d.Request = targetOf(ctx).ID
	return nil
}

// draftedBy is the agent that drafted what the caller sends; empty for what they wrote themselves.
func (a *API) draftedBy(ctx context.Context, draft string) (string, error) {
	if draft == "" {
		return "", nil
	}
	if err := uuid.Validate(draft); err != nil {
		return "", problem.InvalidField("/draft", "is no id of a draft")
	}
	return a.Store.DraftedBy(ctx, actorOf(ctx).ID, draft)
}
