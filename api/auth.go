package api

import (
	"context"
	"net/http"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/problem"
)

type actorKey struct{}

// signedIn lets only known bearer tokens through.
func (a *API) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
			writeProblem(w, r, problem.New(problem.Unauthenticated, "send an Authorization header with a bearer token"))
			return
		}
		who, known := a.Directory.ByToken(token)
		if !known {
			writeProblem(w, r, problem.New(problem.Unauthenticated, "the token is not known"))
			return
		}
		if n := requestLogOf(r.Context()); n != nil {
			n.actor = who.ID
		}
		actor := access.Actor{ID: who.ID, Roles: who.Roles}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)))
	})
}
