package api

import (
	"context"

	"leanpmo/internal/store"
)

// AgreedPlans are the entries of the ledger that carry a plan.
func (f *fakeStore) AgreedPlans(context.Context, string) ([]store.LedgerEntry, error) {
	return f.agreedPlans, nil
}
