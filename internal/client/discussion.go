package client

import (
	"context"
	"net/http"
	"net/url"

	"leanpmo/internal/wire"
)

func commentPath(ref, id string) string {
	return requestPath(ref, "/comments/"+url.PathEscape(id))
}

// Comments reads a page of what people say about a request, newest first.
func (c *Client) Comments(ctx context.Context, ref string, limit int, cursor string) (*Answer[wire.Page[wire.Comment]], error) {
	return do[wire.Page[wire.Comment]](ctx, c, get(requestPath(ref, "/comments"), Filter{Limit: limit, Cursor: cursor}.query()))
}

// Comment reads a comment with what it said before.
func (c *Client) Comment(ctx context.Context, ref, id string) (*Answer[wire.CommentHistory], error) {
	return do[wire.CommentHistory](ctx, c, get(commentPath(ref, id), nil))
}

// AddComment says something about a request.
func (c *Client) AddComment(ctx context.Context, ref string, n wire.NewComment, key string) (*Answer[wire.Comment], error) {
	return do[wire.Comment](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/comments"), body: n, key: key})
}

// EditComment gives a comment of the caller's another text.
func (c *Client) EditComment(ctx context.Context, ref, id string, e wire.EditedComment, key string) (*Answer[wire.Comment], error) {
	return do[wire.Comment](ctx, c, call{method: http.MethodPut, path: commentPath(ref, id), body: e, key: key})
}

// WithdrawComment takes a comment of the caller's back.
func (c *Client) WithdrawComment(ctx context.Context, ref, id string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: commentPath(ref, id), repeatable: true})
	return err
}

// Attachments reads the links attached to a request.
func (c *Client) Attachments(ctx context.Context, ref string) (*Answer[wire.Attachments], error) {
	return do[wire.Attachments](ctx, c, get(requestPath(ref, "/attachments"), nil))
}

// Attach attaches a link to a request.
func (c *Client) Attach(ctx context.Context, ref string, n wire.NewAttachment, key string) (*Answer[wire.Attachment], error) {
	return do[wire.Attachment](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/attachments"), body: n, key: key})
}

// Detach removes an attached link.
func (c *Client) Detach(ctx context.Context, ref, id, key string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: requestPath(ref, "/attachments/"+url.PathEscape(id)), key: key})
	return err
}

// Contact reads who asked for a request by the public form.
func (c *Client) Contact(ctx context.Context, ref string) (*Answer[wire.Contact], error) {
	return do[wire.Contact](ctx, c, get(requestPath(ref, "/contact"), nil))
}

// RevokeStatusLink ends the link that shows the status of a public request.
func (c *Client) RevokeStatusLink(ctx context.Context, ref string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: requestPath(ref, "/status-link"), repeatable: true})
	return err
}
