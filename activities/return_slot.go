package activities

import (
	"context"
	"fmt"

	"leanpmo/internal/contract"
	"leanpmo/internal/store"
)

// ReturnSlot frees a slot whose request no longer exists.
func (a *Activities) ReturnSlot(ctx context.Context, in contract.SlotInput) error {
	err := a.Store.InPortfolio(ctx, in.Portfolio, func(tx *store.PortfolioTx) error {
		return tx.ReturnSlot(ctx, in.RequestID, in.PrioritizationID)
	})
	if err != nil {
		return fmt.Errorf("return the slot of request %s: %w", in.RequestID, err)
	}
	return nil
}
