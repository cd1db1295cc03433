package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/problem"
	"leanpmo/internal/session"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// accessStore keeps tokens and lists sessions.
type accessStore interface {
	MakeToken(ctx context.Context, hash [sha256.Size]byte, t store.Token) (store.Token, error)
	TokenOf(ctx context.Context, hash [sha256.Size]byte, at time.Time) (store.Token, error)
	Tokens(ctx context.Context, principal string, at time.Time, limit int, after string) (store.Page[store.Token], error)
	RevokeToken(ctx context.Context, id, principal, actor string, at time.Time) error
	Sessions(ctx context.Context, person string, at time.Time, limit int, after string) (store.Page[session.Session], error)
	EndSession(ctx context.Context, id, person, actor string, at time.Time) error
}

// tokenPrefix begins every token that is made here: it says what was found, to people and to scanners for secrets, and spares the database
// a question about others.
const tokenPrefix = "pmo_"

// maxTokenLength is longer than any token.
const maxTokenLength = 128

// tokenDescription is for the OpenAPI document.
const tokenDescription = "The first answer holds the token; it is stored nowhere, so that the answer to a repeated key is without it. When the answer was lost, revoke the " +
	"token and make another. No token that was made here makes tokens, ends sessions or sets delegations."

// byMadeToken is who acts by a token that was made here, limited to its scopes.
func (a *API) byMadeToken(ctx context.Context, token string) (access.Actor, error) {
	unknown := problem.New(problem.Unauthenticated, "the token is not known, or works no longer")
	now := a.Now()
	found, err := a.Store.TokenOf(ctx, sha256.Sum256([]byte(token)), now)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return access.Actor{}, unknown
	case err != nil:
		return access.Actor{}, problem.Wrap(err, problem.Unavailable, "tokens cannot be looked up right now")
	}
	principal, known := a.Directory.Principal(found.Principal)
	if !known || !found.Works(now) {
		return access.Actor{}, unknown
	}
	if err := a.pace(a.rates.tokens, found.ID, "the calls by this token come faster than %d a minute; nothing was started", a.CallsPerMinute/2); err != nil {
		return access.Actor{}, err
	}
	actor := a.Policy.Now().Actor(principal)
	actor.Limited = true
	for _, scope := range found.Scopes {
		actor.Scopes = append(actor.Scopes, access.Scope(scope))
	}
	return actor, nil
}

type madeTokenOutput struct {
	Replayable
	Body wire.MadeToken
}

type newTokenInput struct {
	Keyed
	Body wire.NewToken
}

func (a *API) makeOwnToken(ctx context.Context, in *newTokenInput) (*madeTokenOutput, error) {
	return a.makeToken(ctx, in.Key, actorOf(ctx).ID, in.Body)
}

type newServiceTokenInput struct {
	Keyed
	Body wire.NewServiceToken
}

// makeServiceToken makes a token for a service: nobody makes one that acts as another person.
func (a *API) makeServiceToken(ctx context.Context, in *newServiceTokenInput) (*madeTokenOutput, error) {
	principal, known := a.Directory.Principal(in.Body.Principal)
	if !known || principal.Person() {
		return nil, problem.InvalidField("/principal", "is no service and no agent of the directory; people make their own tokens")
	}
	return a.makeToken(ctx, in.Key, principal.ID, in.Body.NewToken)
}

func (a *API) makeToken(ctx context.Context, key, principal string, form wire.NewToken) (*madeTokenOutput, error) {
	if _, known := a.Directory.Principal(principal); !known {
		return nil, problem.New(problem.Forbidden, "only who is in the directory has tokens")
	}
	if slices.Contains(form.Scopes, string(access.ScopeCalendar)) && len(form.Scopes) > 1 {
		return nil, problem.InvalidField("/scopes", "calendar stands alone: its token stands in an address, which others may see")
	}
	secret := tokenPrefix + rand.Text() + rand.Text()
	command := keyed(ctx, "", key, "make-token", []any{principal, form})
	made, replayed, err := once(ctx, a.Store, command, key, func(ctx context.Context) (store.Token, error) {
		now := a.Now().UTC()
		return a.Store.MakeToken(ctx, sha256.Sum256([]byte(secret)), store.Token{Principal: principal, Name: form.Name, Made: now, MadeBy: actorOf(ctx).ID,
			Scopes: slices.Compact(slices.Sorted(slices.Values(form.Scopes))), Expires: now.AddDate(0, 0, form.Days)})
	})
	switch {
	case errors.Is(err, store.ErrConflict):
		return nil, problem.New(problem.Conflict, "a token of this name works already: revoke it, or take another name")
	case errors.Is(err, store.ErrTooManyTokens):
		return nil, problem.New(problem.Conflict, "there are %s: revoke some", store.ErrTooManyTokens)
	case err != nil:
		return nil, err
	case replayed.Replayed != "":
		secret = ""
	}
	out := &madeTokenOutput{Replayable: replayed, Body: wire.MadeToken{Token: a.token(made), Secret: secret}}
	if secret != "" && slices.Contains(made.Scopes, string(access.ScopeCalendar)) {
		out.Body.Calendar, out.Body.Feed = calendarAddress(secret), feedAddress(secret)
	}
	return out, nil
}

func (a *API) token(t store.Token) wire.Token {
	_, known := a.Directory.Principal(t.Principal)
	return wire.Token{ID: t.ID, Principal: t.Principal, Name: t.Name, Scopes: t.Scopes, MadeAt: t.Made, MadeBy: t.MadeBy, ExpiresAt: t.Expires, UsedAt: t.Used,
		RevokedAt: t.Revoked, RevokedBy: t.RevokedBy, Works: known && t.Works(a.Now())}
}

type tokensOutput struct {
	Body wire.Page[wire.Token]
}

func (a *API) ownTokens(ctx context.Context, in *Paging) (*tokensOutput, error) {
	return a.tokensOf(ctx, actorOf(ctx).ID, *in)
}

// ofPerson chooses whose tokens or sessions are listed.
type ofPerson struct {
	Paging
	Person string `query:"person" maxLength:"64" doc:"Only those of this principal"`
}

func (a *API) allTokens(ctx context.Context, in *ofPerson) (*tokensOutput, error) {
	return a.tokensOf(ctx, in.Person, in.Paging)
}

func (a *API) tokensOf(ctx context.Context, principal string, p Paging) (*tokensOutput, error) {
	page, err := a.Store.Tokens(ctx, principal, a.Now(), p.Limit, p.Cursor)
	if err != nil {
		return nil, err
	}
	return &tokensOutput{Body: pageOf(page, a.token)}, nil
}

// byID names a token or a session.
type byID struct {
	Keyed
	ID string `path:"id" maxLength:"64"`
}

func (a *API) revokeOwnToken(ctx context.Context, in *byID) (*clearedOutput, error) {
	return a.revokeToken(ctx, in, actorOf(ctx).ID)
}

func (a *API) revokeAnyToken(ctx context.Context, in *byID) (*clearedOutput, error) {
	return a.revokeToken(ctx, in, "")
}

func (a *API) revokeToken(ctx context.Context, in *byID, principal string) (*clearedOutput, error) {
	return a.ended(ctx, in, "revoke-token", "there is no such token", func(ctx context.Context, id string) error {
		return a.Store.RevokeToken(ctx, id, principal, actorOf(ctx).ID, a.Now().UTC())
	})
}

// ended ends a token or a session under the caller's key.
func (a *API) ended(ctx context.Context, in *byID, command, unknown string, end func(ctx context.Context, id string) error) (*clearedOutput, error) {
	id := strings.ToLower(in.ID)
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, command, id), in.Key, func(ctx context.Context) (struct{}, error) { return struct{}{}, end(ctx, id) })
	if errors.Is(err, store.ErrNotFound) {
		return nil, problem.New(problem.NotFound, "%s", unknown)
	}
	return &clearedOutput{Replayable: replayed}, err
}
