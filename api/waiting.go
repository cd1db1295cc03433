package api

import (
	"context"
	"slices"

	"leanpmo/internal/flow"
	"leanpmo/internal/wire"
)

const waitingAbout = "How long questions waited for the groups that the caller belongs to, and what that cost: cost of delay times length, of the requests where it is known. " +
	"It is measured every ten minutes, over all requests; of the first minute after a start there is none."

type waitingOutput struct {
	Body wire.GroupsWaiting
}

// waitingForMine is what waiting for the groups of the caller came to.
func (a *API) waitingForMine(ctx context.Context, _ *struct{}) (*waitingOutput, error) {
	latest := a.measured.latest(ctx, a.Now(), a.flows)
	out := &waitingOutput{Body: wire.GroupsWaiting{Days: waitedWithin, Items: []flow.GroupTime{}}}
	if !latest.at.IsZero() {
		at := latest.at.UTC()
		out.Body.AsOf = &at
	}
	principal, _ := a.Directory.Principal(actorOf(ctx).ID)
	for _, g := range latest.groups {
		if slices.Contains(principal.Groups, g.Group) {
			out.Body.Items = append(out.Body.Items, g)
		}
	}
	return out, nil
}
