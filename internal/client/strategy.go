package client

import (
	"context"
	"net/http"

	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

// Strategy reads where the capacity of a portfolio goes, and where it should go.
func (c *Client) Strategy(ctx context.Context, portfolio string) (*Answer[wire.Strategy], error) {
	return do[wire.Strategy](ctx, c, get("/v1/strategy", Filter{Portfolio: portfolio}.query()))
}

// SayKeyResult says what a key result of an objective is now.
func (c *Client) SayKeyResult(ctx context.Context, said wire.SayKeyResult, key string) (*Answer[strategy.Said], error) {
	return do[strategy.Said](ctx, c, call{method: http.MethodPost, path: "/v1/key-results", body: said, key: key})
}
