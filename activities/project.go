package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/contract"
	"leanpmo/internal/wanted"
)

// Project updates the read model: it writes the newest snapshot and ledger entries to Postgres. If that freed capacity, or the request is
// a new expedite one, it requests a prioritization. That one is wanted is stored with the snapshot, so a later projection or the schedule
// makes up for a lost call.
func (a *Activities) Project(ctx context.Context, in contract.ProjectInput) (contract.ProjectResult, error) {
	run := activity.GetInfo(ctx).WorkflowExecution.RunID
	seq, cause, err := a.Store.Project(ctx, run, in.Snapshot, in.Entries)
	if err != nil {
		return contract.ProjectResult{}, fmt.Errorf("project request %s: %w", in.Snapshot.ID, err)
	}
	if cause != "" {
		wanted.Start(ctx, a.Store, a.PrioritizeSoon, a.Policy.Now(), a.Log, in.Snapshot.Portfolio, cause, time.Now())
	}
	return contract.ProjectResult{LedgerSeq: seq}, nil
}
