package activities

import (
	"context"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Route is the way through review by the policy in force.
func (a *Activities) Route(_ context.Context, in contract.RouteInput) (pmo.Route, error) {
	return a.Policy.Route(in)
}
