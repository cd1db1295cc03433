package activities

import (
	"context"
	"errors"
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
		a.askForRun(ctx, in.Snapshot.Portfolio)
	}
	return contract.ProjectResult{LedgerSeq: seq}, nil
}

// askForRun holds no projection up: where it fails, the next projection or the schedule makes good for it.
func (a *Activities) askForRun(ctx context.Context, portfolio string) {
	gap := a.Policy.Schedule(portfolio).RunAtMostEvery
	err := a.PrioritizeSoon(ctx, portfolio, time.Now(), gap)
	if err == nil {
		return
	}
	// Also when the time of this step is over: else nobody would ask for a while.
	err = errors.Join(err, a.Store.PrioritizationNotRequested(context.WithoutCancel(ctx), portfolio))
	a.Log.WarnContext(ctx, "prioritization run not started; the schedule will", "portfolio", portfolio, "error", err)
}
