package activities

import (
	"context"
	"fmt"

	"leanpmo/internal/contract"
)

// SendWanted sends a wanted state to the workflow of a work item, which starts if it does not run. Sent twice, it is the same state.
func (a *Activities) SendWanted(ctx context.Context, in contract.WorkItemInput) (contract.Nothing, error) {
	if err := a.SignalWorkItem(ctx, in); err != nil {
		return contract.Nothing{}, fmt.Errorf("send a state to the work item %s: %w", in.Wanted.State.Key, err)
	}
	return contract.Nothing{}, nil
}
