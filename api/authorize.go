package api

import (
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// gate is where every route's right is judged: the action comes from the table of routes, the object from the path. Rights that
// hang on the body too (who a question asks, whose team it is, on whose behalf) are judged again by the handler, through may.
func (a *API) gate(action access.Action) func(huma.Context, func(huma.Context)) {
	return func(hctx huma.Context, next func(huma.Context)) {
		ctx := hctx.Context()
		var err error
		if access.OnRequest(action) {
			ctx, err = a.withTarget(ctx, hctx.Param("ref"), action)
		} else if action != access.EditTeam {
			err = may(actorOf(ctx), action, access.Object{})
		}
		if err != nil {
			u := hctx.URL()
			a.refuse(hctx, a.answerProblem(ctx, u.Path, err))
			return
		}
		next(huma.WithContext(hctx, ctx))
	}
}

func (a *API) withTarget(ctx context.Context, ref string, action access.Action) (context.Context, error) {
	t, err := a.find(ctx, ref)
	if err != nil {
		return ctx, err
	}
	actor := actorOf(ctx)
	a.relate(ctx, actor, t)
	if action == access.Answer { // which question is in the body; whether there is such a request is not
		action = access.ReadRequest
	}
	err = may(actor, action, t.object())
	if err != nil && t.Row != nil && a.refresh(ctx, t) {
		a.relate(ctx, actor, t)
		err = may(actor, action, t.object())
	}
	if err != nil && t.actsErr != nil && !problem.Is(err, problem.NotFound) {
		err = problem.Wrap(errors.Join(err, t.actsErr), problem.Unavailable, "who you stand in for cannot be looked up right now")
	}
	return context.WithValue(ctx, targetKey, t), err
}

// may is access.Can with a problem for an answer.
func may(actor access.Actor, action access.Action, object access.Object) error {
	d := access.Can(actor, action, object)
	if d.Allowed {
		return nil
	}
	return problem.New(problem.Kind(d.Kind), "%s", d.Reason)
}

// refuse writes a problem from a middleware, where huma's own way is closed.
func (a *API) refuse(ctx huma.Context, p *problem.Problem) {
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", problem.MediaType)
	ctx.SetStatus(p.Status)
	// The status is sent: a client that went away cannot be told anything more.
	_ = a.huma.Marshal(ctx.BodyWriter(), "application/json", p)
}

// by is who acts, before a delegation is looked at.
func by(ctx context.Context) pmo.By { return pmo.By{Actor: actorOf(ctx).ID, Via: "api"} }
