package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

type (
	actorKey   struct{}
	sessionKey struct{}
)

// SignedInAs makes calls of this process with the context those of a person who has signed in otherwise than by token: the pages call the
// API so. Nothing in an HTTP request sets it.
func SignedInAs(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, sessionKey{}, id)
}

// caller is who a call comes from: the person of the context, else the owner of the bearer token.
func (a *API) caller(r *http.Request) (access.Actor, error) {
	if id, ok := r.Context().Value(sessionKey{}).(string); ok {
		who, known := a.Directory.Principal(id)
		if !known {
			return access.Actor{}, problem.New(problem.Unauthenticated, "you are not in the directory any more")
		}
		return a.Policy.Now().Actor(who), nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return access.Actor{}, problem.New(problem.Unauthenticated, "send an Authorization header with a bearer token")
	}
	who, known := a.Directory.ByToken(token)
	switch {
	case known:
		return a.Policy.Now().Actor(who), nil
	case strings.HasPrefix(token, tokenPrefix):
		return a.byMadeToken(r.Context(), token)
	}
	return access.Actor{}, problem.New(problem.Unauthenticated, "the token is not known")
}

// signedIn refuses calls without a known bearer token.
func (a *API) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if actor, known := r.Context().Value(actorKey{}).(access.Actor); known { // a tool calls as who came through its door
			noteActor(r.Context(), actor)
			next.ServeHTTP(w, r)
			return
		}
		actor, err := a.caller(r)
		switch {
		case err == nil:
			err = a.paced(actor)
		case problem.Is(err, problem.Unauthenticated):
			a.refusedCaller(r, err)
			err = a.unknownCaller(r, err)
		}
		if err != nil {
			writeProblem(w, r, err)
			return
		}
		noteActor(r.Context(), actor)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)))
	})
}

// noteActor says in the log of calls who calls.
func noteActor(ctx context.Context, actor access.Actor) {
	if n := requestLogOf(ctx); n != nil {
		n.actor = actor.ID
	}
}

// gate checks the right of every route: the action comes from the table of routes, the object from the path. Rights that depend on
// the body too (which question, whose team, on whose behalf) are checked again by the handler, through may.
func (a *API) gate(action access.Action) func(huma.Context, func(huma.Context)) {
	return func(hctx huma.Context, next func(huma.Context)) {
		ctx := hctx.Context()
		var err error
		if access.OnRequest(action) {
			ctx, err = a.withTarget(ctx, hctx.Param("ref"), action)
		} else if action != access.EditTeam && action != access.WithdrawPolicy { // these depend on what is in the path
			err = may(actorOf(ctx), action, access.Object{})
		}
		if err != nil {
			u := hctx.URL()
			a.refusedRight(ctx, action, hctx.Operation().Method+" "+hctx.Operation().Path, err)
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
	err = may(actor, action, t.object())
	if err != nil && t.Row != nil && a.refresh(ctx, t) {
		a.relate(ctx, actor, t)
		err = may(actor, action, t.object())
	}
	if err != nil && t.actsErr != nil && !problem.Is(err, problem.NotFound) {
		err = problem.Wrap(errors.Join(err, t.actsErr), problem.Unavailable, "whose delegate you are cannot be looked up right now")
	}
	return context.WithValue(ctx, targetKey, t), err
}

// may is access.Can with a refusal as a problem.
func may(actor access.Actor, action access.Action, object access.Object) error {
	d := access.Can(actor, action, object)
	if d.Allowed {
		return nil
	}
	return problem.New(problem.Kind(d.Kind), "%s", d.Reason)
}

// refuse writes a problem from a middleware, where a handler's error return is not available.
func (a *API) refuse(ctx huma.Context, p *problem.Problem) {
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", problem.MediaType)
	ctx.SetStatus(p.Status)
	// The status is sent: an error of writing cannot be reported to the client any more.
	_ = a.huma.Marshal(ctx.BodyWriter(), "application/json", p)
}

// by is who acts, before delegations are considered.
func by(ctx context.Context) pmo.By { return pmo.By{Actor: actorOf(ctx).ID, Via: "api"} }
