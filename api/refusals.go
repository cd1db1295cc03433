package api

import (
	"context"
	"net/http"

	"leanpmo/internal/access"
	"leanpmo/internal/audit"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/problem"
)

// withAddress puts the address of the client into the context of its call. A call of our own pages keeps that of the page's.
func (a *API) withAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from := a.Proxies.Of(r); from.IsValid() {
			r = r.WithContext(clientaddr.With(r.Context(), from))
		}
		next.ServeHTTP(w, r)
	})
}

// refusedRight writes a refused attempt to use an administrative right to the office ledger.
func (a *API) refusedRight(ctx context.Context, action access.Action, route string, err error) {
	if !access.Administrative(action) || !problem.Is(err, problem.Forbidden) {
		return
	}
	a.Refusals.Add(ctx, audit.Refusal{Kind: audit.Right, Actor: actorOf(ctx).ID, About: string(action), Route: route, Cause: problem.From(err).Detail})
}

// refusedCaller writes a call with an unknown token to the office ledger; one without any is somebody who has not signed in.
func (a *API) refusedCaller(r *http.Request, err error) {
	if r.Header.Get("Authorization") == "" {
		return
	}
	a.Refusals.Add(r.Context(), audit.Refusal{Kind: audit.SignIn, Route: r.Method + " " + tagged(r.URL.Path), Cause: problem.From(err).Detail})
}

// tagged is the part of a path that is not chosen by the caller.
func tagged(path string) string { return "/v1/" + tagOf(path) }
