package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Identity is who somebody is to the provider.
type Identity struct {
	Provider string // its id
	Issuer   string
	Subject  string
	Claims   map[string]any
	IDToken  string // for signing out at the provider
}

// Finish judges what somebody brings back from the provider, and returns who they are. The caller forgets pending first, whatever comes of it.
func (p *Provider) Finish(ctx context.Context, pending Pending, q url.Values) (Identity, error) {
	e, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	if err := p.checkResponse(e, pending, q); err != nil {
		return Identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.HTTP), 2*callTimeout)
	defer cancel()
	raw, err := e.exchange(ctx, q.Get("code"), pending.Verifier)
	if err != nil {
		return Identity{}, err
	}
	if len(raw) > longestToken {
		return Identity{}, refused("the ID token is larger than %d bytes", longestToken)
	}
	token, err := e.verifier.Verify(ctx, raw)
	if unreadable(err) {
		return Identity{}, errors.Join(ErrAway, errors.New("read the keys"))
	}
	if err != nil {
		return Identity{}, refused("the ID token is not valid: %v", err)
	}
	return p.identity(token, raw, pending.Nonce)
}

func (p *Provider) checkResponse(e *endpoints, pending Pending, q url.Values) error {
	issuer := q.Get("iss")
	switch {
	case pending.Provider != p.ID:
		return refused("the response is for another provider than the one that was begun with")
	case pending.State == "" || !same(q.Get("state"), pending.State):
		return refused("the state is not the one of this session")
	case p.Now().Sub(pending.At) > PendingLife:
		return refused("it took longer than %s", PendingLife)
	case issuer != "" && issuer != p.Issuer, issuer == "" && e.saysIssuer:
		return refused("the response is of another issuer")
	case q.Has("error"):
		return refused("the provider answered %s", errorCode(q.Get("error")))
	case q.Get("code") == "":
		return refused("there is no code")
	}
	return nil
}

// exchange gives the code to the provider and returns the ID token.
func (e *endpoints) exchange(ctx context.Context, code, verifier string) (string, error) {
	tokens, err := e.oauth.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	var answer *oauth2.RetrieveError
	switch {
	case errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode < 500:
		return "", refused("the provider did not take the code: %s", errorCode(answer.ErrorCode)) // its body may repeat the code
	case err != nil:
		return "", errors.Join(ErrAway, errors.New("exchange the code"))
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok || raw == "" {
		return "", refused("the provider gave no ID token")
	}
	return raw, nil
}

func (p *Provider) identity(token *oidc.IDToken, raw, nonce string) (Identity, error) {
	claims := map[string]any{}
	if err := token.Claims(&claims); err != nil {
		return Identity{}, refused("the claims cannot be read")
	}
	party, named := claims["azp"].(string)
	switch {
	case nonce == "" || !same(token.Nonce, nonce):
		return Identity{}, refused("the nonce is not the one of this session")
	case named && party != p.ClientID, !named && len(token.Audience) > 1:
		return Identity{}, refused("the ID token is for another client")
	case token.IssuedAt.After(p.Now().Add(5 * skew)):
		return Identity{}, refused("the ID token is of the future: compare the clocks")
	case subjectFault(token.Subject) != "":
		return Identity{}, refused("%s", subjectFault(token.Subject))
	}
	return Identity{Provider: p.ID, Issuer: p.Issuer, Subject: token.Subject, Claims: claims, IDToken: raw}, nil
}

// subjectFault is why a subject cannot be an identity; empty when it can. OpenID Connect allows 255 characters of ASCII.
func subjectFault(subject string) string {
	switch {
	case subject == "":
		return "the ID token has no subject"
	case len(subject) > 255:
		return "the subject is too long"
	case strings.ContainsFunc(subject, func(r rune) bool { return r < 0x20 || r > 0x7e }):
		return "the subject holds other characters than printable ASCII"
	}
	return ""
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// errorCodes are the errors of OAuth and OpenID that are repeated in a log line; others could hold anything.
var errorCodes = []string{"access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "server_error",
	"temporarily_unavailable", "interaction_required", "login_required", "consent_required", "account_selection_required", "invalid_client",
	"invalid_grant", "unsupported_grant_type"}

func errorCode(code string) string {
	if slices.Contains(errorCodes, code) {
		return code
	}
	return "an error"
}
