package client

import (
	"context"
	"net/http"

	"leanpmo/internal/wire"
)

// WhatIfAssignment reads what other teams would change of what waits for one.
func (c *Client) WhatIfAssignment(ctx context.Context, question wire.WhatIfAssignment) (*Answer[wire.AssignmentAnswer], error) {
	return do[wire.AssignmentAnswer](ctx, c, call{method: http.MethodPost, path: "/v1/what-if/assignment", body: question})
}

// WhatIfPortfolio reads what the next weeks of a portfolio come to when they are simulated.
func (c *Client) WhatIfPortfolio(ctx context.Context, question wire.WhatIfPortfolio) (*Answer[wire.PortfolioSimulation], error) {
	return do[wire.PortfolioSimulation](ctx, c, call{method: http.MethodPost, path: "/v1/what-if/portfolio", body: question})
}

// Assignments reads which team each waiting request of a portfolio would get.
func (c *Client) Assignments(ctx context.Context, portfolio string) (*Answer[wire.AssignmentPlan], error) {
	return do[wire.AssignmentPlan](ctx, c, get("/v1/assignments", Filter{Portfolio: portfolio}.query()))
}
