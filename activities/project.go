package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/contract"
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
		a.requestPrioritization(ctx, in.Snapshot.Portfolio, cause)
	}
	return contract.ProjectResult{LedgerSeq: seq}, nil
}

// requestPrioritization never fails a projection: if the call fails, the next projection or the schedule makes up for it.
func (a *Activities) requestPrioritization(ctx context.Context, portfolio, cause string) {
	gap := a.Policy.Now().Schedule(portfolio).RunAtMostEvery
	err := a.PrioritizeSoon(ctx, portfolio, cause, time.Now(), gap)
	if err == nil {
		return
	}
	// Without the caller's cancellation, because the activity's time may be over: otherwise no projection would request it for a while.
	err = errors.Join(err, a.Store.PrioritizationNotRequested(context.WithoutCancel(ctx), portfolio))
	a.Log.WarnContext(ctx, "prioritization not started; the next projection or the schedule starts it", "portfolio", portfolio, "cause", cause, "error", err)
}
