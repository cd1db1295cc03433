package client

import (
	"context"

	"leanpmo/internal/wire"
)

// Assignments reads which team each waiting request of a portfolio would get.
func (c *Client) Assignments(ctx context.Context, portfolio string) (*Answer[wire.AssignmentPlan], error) {
	return do[wire.AssignmentPlan](ctx, c, get("/v1/assignments", Filter{Portfolio: portfolio}.query()))
}
