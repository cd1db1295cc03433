package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/contract"
)

// Project tells Postgres the newest snapshot. Where that freed capacity, or an expedite request came, a prioritization run is
// asked for; the wish is on file with the snapshot, so a later projection or the schedule makes good for a lost call.
func (a *Activities) Project(ctx context.Context, in contract.ProjectInput) (contract.ProjectResult, error) {
	run := activity.GetInfo(ctx).WorkflowExecution.RunID
	seq, wantsRun, err := a.Store.Project(ctx, run, in.Snapshot, in.Entries)
	if err != nil {
		return contract.ProjectResult{}, fmt.Errorf("project request %s: %w", in.Snapshot.ID, err)
	}
	if wantsRun {
		gap := a.Policy.Schedule(in.Snapshot.Portfolio).RunAtMostEvery
		if err := a.RunSoon(ctx, in.Snapshot.Portfolio, time.Now(), gap); err != nil {
			a.Log.WarnContext(ctx, "prioritization run not started; the schedule will", "portfolio", in.Snapshot.Portfolio, "error", err)
		}
	}
	return contract.ProjectResult{LedgerSeq: seq}, nil
}
