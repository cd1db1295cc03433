package workflows

import (
	"cmp"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// registerHandlers registers the query and the updates. The API has established who acts; here only what the state knows is checked.
func (r *requestWorkflow) registerHandlers(ctx workflow.Context) {
	s := r.state
	must(workflow.SetQueryHandler(ctx, contract.QuerySnapshot, func() (pmo.Request, error) { return s.Snapshot(), nil }))
	must(workflow.SetQueryHandler(ctx, contract.QueryCachedReceipt, r.cachedReceipt))
	r.handleReceipt(ctx)
	registerUpdate(r, ctx, contract.UpdateDecide, s.CheckDecide, s.ApplyDecide)
	registerUpdate(r, ctx, contract.UpdateAmend, timeless(s.CheckAmend), s.ApplyAmend)
	registerUpdate(r, ctx, contract.UpdateProgress, s.CheckReport, s.ApplyReport)
	registerUpdate(r, ctx, contract.UpdateRaid, timeless(s.CheckLogRaid), s.ApplyLogRaid)
	registerUpdate(r, ctx, contract.UpdateProposePlan, timeless(s.CheckProposePlan), s.ApplyProposePlan)
	registerUpdate(r, ctx, contract.UpdateReassign, timeless(s.CheckReassign), s.ApplyReassign)
	registerUpdate(r, ctx, contract.UpdateInputs, timeless(s.CheckInputs), s.ApplyInputs)
	registerUpdate(r, ctx, contract.UpdateWatch, timeless(s.CheckWatch), s.ApplyWatch)
	registerUpdate(r, ctx, contract.UpdatePull, timeless(s.CheckPull), s.ApplyPull)
	r.handleLifecycle(ctx)
}

// handleLifecycle registers the commands that end a request, stop its clocks or let it go on.
func (r *requestWorkflow) handleLifecycle(ctx workflow.Context) {
	s := r.state
	registerUpdate(r, ctx, contract.UpdateWithdraw, timeless(s.CheckWithdraw), s.ApplyWithdraw)
	registerUpdate(r, ctx, contract.UpdateCancel, timeless(s.CheckCancel), s.ApplyCancel)
	registerUpdate(r, ctx, contract.UpdateHold, timeless(s.CheckHold), s.ApplyHold)
	registerUpdate(r, ctx, contract.UpdateResume, timeless(s.CheckResume), s.ApplyResume)
	registerUpdate(r, ctx, contract.UpdateWake, timeless(s.CheckWake), s.ApplyWake)
}

// timeless makes a check that does not depend on the time one that is given it.
func timeless[C any](check func(C) *pmo.Refusal) func(C, time.Time) *pmo.Refusal {
	return func(c C, _ time.Time) *pmo.Refusal { return check(c) }
}

// handleReceipt answers a submission: its number, once intake gave one, or that it has closed before.
func (r *requestWorkflow) handleReceipt(ctx workflow.Context) {
	s := r.state
	must(workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateReceipt,
		func(ctx workflow.Context, in contract.ReceiptInput) (pmo.Receipt, error) {
			ctx, _ = workflow.NewDisconnectedContext(ctx) // a cancelled request closes first, then it answers
			err := workflow.Await(ctx, func() bool { return s.Number != 0 || s.Closed() })
			return s.SubmissionReceipt(), err
		},
		workflow.UpdateHandlerOptions{Validator: func(in contract.ReceiptInput) error {
			if in.Digest != s.Digest {
				return refusalError(&pmo.Refusal{Kind: pmo.RefusedKeyReused, Detail: "this key came with another request body before"})
			}
			return nil
		}}))
}

// cachedReceipt answers the query for the receipt of a command given before, for a request that has closed.
func (r *requestWorkflow) cachedReceipt(in contract.CachedReceiptInput) (contract.CachedReceipt, error) {
	receipt, found, refusal := r.state.CachedReceipt(in.Command, in.By)
	return contract.CachedReceipt{Found: found, KeyReused: refusal != nil, Receipt: receipt}, nil
}

// command is a command of internal/pmo, by value.
type command interface{ Sender() pmo.By }

// registerUpdate registers an update: check returns why a command cannot be taken, apply takes it. A repeated command gets its first
// answer; a refused one leaves no trace in the history. While the process is not idle, as after a reset that delivers every message again
// at once, a command that does not fit yet is accepted by the validator and checked again when the process is idle.
func registerUpdate[C command](r *requestWorkflow, ctx workflow.Context, name string, check func(C, time.Time) *pmo.Refusal, apply func(C, time.Time) pmo.Receipt) {
	must(workflow.SetUpdateHandlerWithOptions(ctx, name,
		func(ctx workflow.Context, c C) (pmo.Receipt, error) {
			if receipt, cached, refusal := r.state.CachedReceipt(name, c.Sender()); cached || refusal != nil {
				return receipt, refusalError(refusal)
			}
			refusal := check(c, workflow.Now(ctx))
			if refusal != nil && !r.idle() {
				r.awaitIdle(ctx)
				if receipt, cached, reused := r.state.CachedReceipt(name, c.Sender()); cached || reused != nil { // an equal command waited too
					return receipt, refusalError(reused)
				}
				refusal = check(c, workflow.Now(ctx))
			}
			if refusal != nil {
				return pmo.Receipt{}, refusalError(refusal)
			}
			before := r.state.LedgerSeq
			receipt := apply(c, workflow.Now(ctx))
			own := r.state.LedgerSeq
			receipt.Says = r.state.Says(before, own)
			receipt.Call = c.Sender().Call
			r.state.CacheReceipt(name, c.Sender(), receipt)
			r.awaitIdle(ctx)
			receipt.Says = cmp.Or(r.state.Says(before, own), receipt.Says) // none where the read model has the entries already
			receipt = r.state.WithOpenQuestions(receipt)
			r.state.CacheReceipt(name, c.Sender(), receipt)
			return receipt, nil
		},
		workflow.UpdateHandlerOptions{Validator: func(ctx workflow.Context, c C) error {
			_, cached, refusal := r.state.CachedReceipt(name, c.Sender())
			if !cached && refusal == nil {
				refusal = cmp.Or(r.state.CheckLimits(c), r.state.CheckPause(name))
			}
			if !cached && refusal == nil && r.idle() {
				refusal = check(c, workflow.Now(ctx))
			}
			return refusalError(refusal)
		}}))
}

// refusalError turns a refusal into the application error whose type is the problem kind. Nil stays nil.
func refusalError(refusal *pmo.Refusal) error {
	if refusal == nil {
		return nil
	}
	return temporal.NewApplicationErrorWithOptions(refusal.Detail, refusal.Kind, temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{refusal}})
}

// must turns a failed registration, always a bug, into a stopped workflow task.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
