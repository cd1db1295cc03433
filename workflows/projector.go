package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// project keeps Postgres abreast: whenever the process is about to wait, it writes the newest snapshot and all entries since the
// last success, one write at a time. While a write cannot be done, later changes wait for the next one; the process goes on.
func (r *run) project(ctx workflow.Context) {
	// Closing must be written too, and after a cancellation: so its own context.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	for {
		_ = workflow.Await(ctx, func() bool { return r.written != r.state.Seq && r.quiet() })
		seq := r.state.Seq
		r.state.ProjectionVersion = pmo.ProjectionVersion{Events: workflow.GetInfo(ctx).GetCurrentHistoryLength(), At: workflow.Now(ctx)}
		in := contract.ProjectInput{Snapshot: r.state.Snapshot(), Entries: r.state.UnprojectedEntries()}
		done := own[contract.ProjectResult](r.apart(), ctx, contract.ActivityProject, "tell Postgres", in)
		r.state.MarkProjected(max(done.LedgerSeq, in.Snapshot.LedgerSeq))
		r.written = seq
	}
}

// apart is a run whose fallback does not count: a projection that waits for the database holds nothing up.
func (r *run) apart() *run { return &run{state: r.state} }
