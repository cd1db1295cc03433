package client

import (
	"context"
	"net/http"

	"leanpmo/internal/wire"
)

// Channels reads a page of where notifications are sent, by the names of the endpoints; with failing those that fail alone.
func (c *Client) Channels(ctx context.Context, failing bool, limit int, cursor string) (*Answer[wire.Page[wire.Channel]], error) {
	q := Filter{Limit: limit, Cursor: cursor}.query()
	if failing {
		q.Set("failing", "true")
	}
	return do[wire.Page[wire.Channel]](ctx, c, get("/v1/channels", q))
}

// DeadMessages reads a page of the notifications that were given up, of an endpoint or of all, the oldest first.
func (c *Client) DeadMessages(ctx context.Context, endpoint string, limit int, cursor string) (*Answer[wire.Page[wire.DeadMessage]], error) {
	q := Filter{Limit: limit, Cursor: cursor}.query()
	if endpoint != "" {
		q.Set("endpoint", endpoint)
	}
	return do[wire.Page[wire.DeadMessage]](ctx, c, get("/v1/channels/dead", q))
}

// Redeliver sends again what was given up: one message, or all of an endpoint.
func (c *Client) Redeliver(ctx context.Context, what wire.Redeliver) (*Answer[wire.Redelivered], error) {
	return do[wire.Redelivered](ctx, c, call{method: http.MethodPost, path: "/v1/channels/redeliver", body: what})
}

// EnableChannel lets a disabled endpoint get messages again.
func (c *Client) EnableChannel(ctx context.Context, endpoint string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodPost, path: "/v1/channels/enable", body: wire.EnableChannel{Endpoint: endpoint}, repeatable: true})
	return err
}
