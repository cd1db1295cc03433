package client

import (
	"context"
	"net/http"
	"net/url"

	"leanpmo/internal/wire"
)

func draftPath(id string) string { return "/v1/me/drafts/" + url.PathEscape(id) }

// Drafts lists the submissions that the caller has begun.
func (c *Client) Drafts(ctx context.Context) (*Answer[wire.Page[wire.Draft]], error) {
	return do[wire.Page[wire.Draft]](ctx, c, get("/v1/me/drafts", nil))
}

// Draft reads one of them.
func (c *Client) Draft(ctx context.Context, id string) (*Answer[wire.Draft], error) {
	return do[wire.Draft](ctx, c, get(draftPath(id), nil))
}

// PutDraft saves a submission that is not sent yet.
func (c *Client) PutDraft(ctx context.Context, id string, d wire.SetDraft) (*Answer[wire.Draft], error) {
	return do[wire.Draft](ctx, c, call{method: http.MethodPut, path: draftPath(id), body: d, repeatable: true})
}

// BeginDraft is PutDraft under a key: given again it changes nothing, also after somebody has changed the draft, sent or discarded it.
func (c *Client) BeginDraft(ctx context.Context, id string, d wire.SetDraft, key string) (*Answer[wire.Draft], error) {
	return do[wire.Draft](ctx, c, call{method: http.MethodPut, path: draftPath(id), body: d, key: key})
}

// DropDraft discards it.
func (c *Client) DropDraft(ctx context.Context, id string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: draftPath(id), repeatable: true})
	return err
}

// Similar lists requests that may ask for the same as one that is being written.
func (c *Client) Similar(ctx context.Context, title, problem string) (*Answer[wire.SimilarRequests], error) {
	q := url.Values{"title": {title}}
	if problem != "" {
		q.Set("problem", problem)
	}
	return do[wire.SimilarRequests](ctx, c, get("/v1/similar", q))
}

// Visit says since when the caller has not been here; begins notes that they are here now.
func (c *Client) Visit(ctx context.Context, begins bool) (*Answer[wire.Visit], error) {
	if begins {
		return do[wire.Visit](ctx, c, call{method: http.MethodPost, path: "/v1/me/visit", repeatable: true})
	}
	return do[wire.Visit](ctx, c, get("/v1/me/visit", nil))
}
