package activities

import (
	"context"

	"leanpmo/internal/pmo"
)

// Route computes the review steps of a request by the policy in force.
func (a *Activities) Route(_ context.Context, in pmo.RouteInput) (pmo.Route, error) {
	return a.Policy.Now().Route(in)
}
