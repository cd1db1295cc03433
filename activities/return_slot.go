package activities

import (
	"context"

	"leanpmo/internal/contract"
	"leanpmo/internal/store"
)

// ReturnSlot gives a slot back whose request no longer exists.
func (a *Activities) ReturnSlot(ctx context.Context, in contract.SlotInput) error {
	return a.Store.InPortfolio(ctx, in.Portfolio, func(tx store.PortfolioTx) error { return tx.ReturnSlot(ctx, in.RequestID, in.PrioritizationID) })
}
