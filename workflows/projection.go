package workflows

import (
	"cmp"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// project keeps the read model up to date: whenever the process is idle, it writes the newest snapshot and all ledger entries since the
// last success, one write at a time. While a write cannot be done, later changes wait for the next one, and the process goes on.
func (r *requestWorkflow) project(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // the end of a cancelled request must be projected too
	for {
		_ = workflow.Await(ctx, func() bool { return r.projectedSeq != r.state.Seq && r.idle() })
		seq := r.state.Seq
		r.state.ProjectionVersion = pmo.ProjectionVersion{Events: workflow.GetInfo(ctx).GetCurrentHistoryLength(), At: workflow.Now(ctx)}
		in := contract.ProjectInput{Snapshot: r.state.Snapshot(), Entries: r.state.UnprojectedEntries()}
		// Not counted as a fallback: a projection that waits for the database holds nothing up.
		done := runWithFallback[contract.ProjectResult](ctx, nil, contract.ActivityProject, cmp.Or(r.state.Story(in.Entries), r.state.Unrecorded()), in)
		r.state.MarkProjected(max(done.LedgerSeq, in.Snapshot.LedgerSeq), workflow.Now(ctx))
		r.projectedSeq = seq
	}
}
