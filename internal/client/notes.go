package client

import (
	"context"
	"net/http"
	"net/url"

	"leanpmo/internal/wire"
)

// AnswerNote reads what the caller noted on a question that waits on them.
func (c *Client) AnswerNote(ctx context.Context, ref, question string) (*Answer[wire.AnswerNote], error) {
	return do[wire.AnswerNote](ctx, c, get(requestPath(ref, "/note"), url.Values{"question": {question}}))
}

// SetAnswerNote changes it.
func (c *Client) SetAnswerNote(ctx context.Context, ref string, n wire.SetAnswerNote) (*Answer[wire.AnswerNote], error) {
	return do[wire.AnswerNote](ctx, c, call{method: http.MethodPatch, path: requestPath(ref, "/note"), body: n, repeatable: true})
}

// Decided reads a page of what the caller answered, or others in their seat, newest first.
func (c *Client) Decided(ctx context.Context, text string, limit int, cursor string) (*Answer[wire.Page[wire.Decided]], error) {
	return do[wire.Page[wire.Decided]](ctx, c, get("/v1/me/decisions", Filter{Text: text, Limit: limit, Cursor: cursor}.query()))
}
