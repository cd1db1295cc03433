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

// Points reads the points of stakeholders of a portfolio in the present period.
func (c *Client) Points(ctx context.Context, portfolio string) (*Answer[wire.Points], error) {
	return do[wire.Points](ctx, c, get("/v1/points", Filter{Portfolio: portfolio}.query()))
}

// RequestPoints reads the points of stakeholders on a request.
func (c *Client) RequestPoints(ctx context.Context, ref string) (*Answer[wire.RequestPoints], error) {
	return do[wire.RequestPoints](ctx, c, get(requestPath(ref, "/points"), nil))
}

// SpendPoints puts points on a request, or takes them back.
func (c *Client) SpendPoints(ctx context.Context, ref string, body wire.SpendPoints, key string) (*Answer[wire.RequestPoints], error) {
	return do[wire.RequestPoints](ctx, c, call{method: http.MethodPut, path: requestPath(ref, "/points"), body: body, key: key})
}
