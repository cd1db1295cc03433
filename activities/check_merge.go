package activities

import (
	"context"
	"fmt"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// CheckMerge says whether a request may go on in others now, and holds its place until its closing is projected.
func (a *Activities) CheckMerge(ctx context.Context, in contract.CheckMergeInput) (pmo.MergeCheck, error) {
	refused, err := a.Store.ClaimMerge(ctx, in.ID, in.Into, in.Seq)
	if err != nil {
		return pmo.MergeCheck{}, fmt.Errorf("check where request %s goes on: %w", in.ID, err)
	}
	return pmo.MergeCheck{Refused: pmo.Truncate(refused, reasonBytes)}, nil
}
