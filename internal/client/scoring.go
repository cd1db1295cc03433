package client

import (
	"context"
	"net/http"

	"leanpmo/internal/wire"
)

// Scoring reads the latest round of private scores of a request.
func (c *Client) Scoring(ctx context.Context, ref string) (*Answer[wire.ScoringRound], error) {
	return do[wire.ScoringRound](ctx, c, get(requestPath(ref, "/scoring"), nil))
}

// OpenScoring asks several people to score a request privately.
func (c *Client) OpenScoring(ctx context.Context, ref string, body wire.OpenScoring, key string) (*Answer[wire.ScoringRound], error) {
	return do[wire.ScoringRound](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/scoring"), body: body, key: key})
}

// Score scores a request privately.
func (c *Client) Score(ctx context.Context, ref string, body wire.PrivateScore, key string) (*Answer[wire.ScoringRound], error) {
	return do[wire.ScoringRound](ctx, c, call{method: http.MethodPut, path: requestPath(ref, "/scoring/mine"), body: body, key: key})
}

// RevealScoring shows everybody the private scores.
func (c *Client) RevealScoring(ctx context.Context, ref, key string) (*Answer[wire.ScoringRound], error) {
	return do[wire.ScoringRound](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/scoring/reveal"), key: key})
}

// ScoringWaits lists the rounds of private scores that wait on the caller.
func (c *Client) ScoringWaits(ctx context.Context, f Filter) (*Answer[wire.Page[wire.ScoringWait]], error) {
	return do[wire.Page[wire.ScoringWait]](ctx, c, get("/v1/me/scoring", f.query()))
}
