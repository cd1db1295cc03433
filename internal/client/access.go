package client

import (
	"context"
	"net/http"
	"net/url"

	"leanpmo/internal/wire"
)

// accessPath is the path of the caller's own tokens or sessions, or of everybody's.
func accessPath(all bool, what string) string {
	if all {
		return "/v1/" + what
	}
	return "/v1/me/" + what
}

func accessQuery(all bool, person, cursor string) url.Values {
	q := Filter{Limit: 50, Cursor: cursor}.query()
	if all && person != "" {
		q.Set("person", person)
	}
	return q
}

// Tokens reads a page of the caller's tokens, or of everybody's or a person's.
func (c *Client) Tokens(ctx context.Context, all bool, person, cursor string) (*Answer[wire.Page[wire.Token]], error) {
	return do[wire.Page[wire.Token]](ctx, c, get(accessPath(all, "tokens"), accessQuery(all, person, cursor)))
}

// MakeToken makes a token for the caller. It is sent once: a repeated answer has no token.
func (c *Client) MakeToken(ctx context.Context, form wire.NewToken) (*Answer[wire.MadeToken], error) {
	return do[wire.MadeToken](ctx, c, call{method: http.MethodPost, path: "/v1/me/tokens", body: form})
}

// MakeServiceToken makes a token for a service.
func (c *Client) MakeServiceToken(ctx context.Context, form wire.NewServiceToken) (*Answer[wire.MadeToken], error) {
	return do[wire.MadeToken](ctx, c, call{method: http.MethodPost, path: "/v1/tokens", body: form})
}

// RevokeToken ends one of the caller's tokens, or anybody's.
func (c *Client) RevokeToken(ctx context.Context, all bool, id string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: accessPath(all, "tokens") + "/" + url.PathEscape(id), repeatable: true})
	return err
}

// Sessions reads a page of the caller's sessions at the pages, or of everybody's or a person's.
func (c *Client) Sessions(ctx context.Context, all bool, person, cursor string) (*Answer[wire.Page[wire.Session]], error) {
	return do[wire.Page[wire.Session]](ctx, c, get(accessPath(all, "sessions"), accessQuery(all, person, cursor)))
}

// EndSession ends one of the caller's sessions, or anybody's.
func (c *Client) EndSession(ctx context.Context, all bool, id string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: accessPath(all, "sessions") + "/" + url.PathEscape(id)})
	return err
}

// SignIns reads a page of who signed in by which provider, and who is blocked; of a person, or of everybody.
func (c *Client) SignIns(ctx context.Context, person, cursor string) (*Answer[wire.Page[wire.SignIn]], error) {
	return do[wire.Page[wire.SignIn]](ctx, c, get("/v1/sign-ins", accessQuery(true, person, cursor)))
}

// Block ends somebody's access.
func (c *Client) Block(ctx context.Context, person, reason string) error {
	return c.ofPerson(ctx, http.MethodPut, person, "block", wire.Block{Reason: reason})
}

// Unblock lets somebody in again.
func (c *Client) Unblock(ctx context.Context, person string) error {
	return c.ofPerson(ctx, http.MethodDelete, person, "block", nil)
}

// Unlink forgets which account somebody of the directory file signs in with.
func (c *Client) Unlink(ctx context.Context, person string) error {
	return c.ofPerson(ctx, http.MethodDelete, person, "link", nil)
}

func (c *Client) ofPerson(ctx context.Context, method, person, what string, body any) error {
	_, err := do[struct{}](ctx, c, call{method: method, path: "/v1/people/" + url.PathEscape(person) + "/" + what, body: body, repeatable: true})
	return err
}
