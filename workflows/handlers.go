package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// handle registers the updates and the query. The API has established who acts; here only what the state knows is checked.
func (r *run) handle(ctx workflow.Context) {
	s := r.state
	must(workflow.SetQueryHandler(ctx, contract.QuerySnapshot, func() (pmo.Request, error) { return s.Snapshot(), nil }))
	r.handleReceipt(ctx)
	on(r, ctx, contract.UpdateDecide, command[pmo.Decide]{func(c pmo.Decide) pmo.By { return c.By },
		func(ctx workflow.Context, c pmo.Decide) *pmo.Refusal { return s.CheckDecide(c, workflow.Now(ctx)) },
		func(ctx workflow.Context, c pmo.Decide) pmo.Receipt { return s.ApplyDecide(c, workflow.Now(ctx)) }})
	on(r, ctx, contract.UpdateAmend, command[pmo.Amend]{func(c pmo.Amend) pmo.By { return c.By },
		func(_ workflow.Context, c pmo.Amend) *pmo.Refusal { return s.CheckAmend(c) },
		func(ctx workflow.Context, c pmo.Amend) pmo.Receipt { return s.ApplyAmend(c, workflow.Now(ctx)) }})
	on(r, ctx, contract.UpdateProgress, command[pmo.Report]{func(c pmo.Report) pmo.By { return c.By },
		func(_ workflow.Context, c pmo.Report) *pmo.Refusal { return s.CheckReport(c) },
		func(ctx workflow.Context, c pmo.Report) pmo.Receipt { return s.ApplyReport(c, workflow.Now(ctx)) }})
	on(r, ctx, contract.UpdateReassign, command[pmo.Reassign]{func(c pmo.Reassign) pmo.By { return c.By },
		func(_ workflow.Context, c pmo.Reassign) *pmo.Refusal { return s.CheckReassign(c) },
		func(ctx workflow.Context, c pmo.Reassign) pmo.Receipt { return s.ApplyReassign(c, workflow.Now(ctx)) }})
	on(r, ctx, contract.UpdateInputs, command[pmo.SetInputs]{func(c pmo.SetInputs) pmo.By { return c.By },
		func(_ workflow.Context, c pmo.SetInputs) *pmo.Refusal { return s.CheckInputs(c) },
		func(ctx workflow.Context, c pmo.SetInputs) pmo.Receipt { return s.ApplyInputs(c, workflow.Now(ctx)) }})
	on(r, ctx, contract.UpdateWatch, command[pmo.Watch]{func(c pmo.Watch) pmo.By { return c.By },
		func(_ workflow.Context, c pmo.Watch) *pmo.Refusal { return s.CheckWatch(c) },
		func(ctx workflow.Context, c pmo.Watch) pmo.Receipt { return s.ApplyWatch(c, workflow.Now(ctx)) }})
	on(r, ctx, contract.UpdatePull, command[pmo.OverridePull]{func(c pmo.OverridePull) pmo.By { return c.By },
		func(_ workflow.Context, c pmo.OverridePull) *pmo.Refusal { return s.CheckPull(c) },
		func(ctx workflow.Context, c pmo.OverridePull) pmo.Receipt { return s.ApplyPull(c, workflow.Now(ctx)) }})
	r.handleStops(ctx)
}

// handleStops registers the commands that stop a request or let it go on.
func (r *run) handleStops(ctx workflow.Context) {
	s := r.state
	stop := func(name string, check func(pmo.Stop) *pmo.Refusal, apply func(workflow.Context, pmo.Stop) pmo.Receipt) {
		on(r, ctx, name, command[pmo.Stop]{func(c pmo.Stop) pmo.By { return c.By },
			func(_ workflow.Context, c pmo.Stop) *pmo.Refusal { return check(c) }, apply})
	}
	stop(contract.UpdateWithdraw, s.CheckWithdraw, func(ctx workflow.Context, c pmo.Stop) pmo.Receipt { return s.ApplyWithdraw(c, workflow.Now(ctx)) })
	stop(contract.UpdateCancel, s.CheckCancel, func(ctx workflow.Context, c pmo.Stop) pmo.Receipt { return s.ApplyCancel(c, workflow.Now(ctx)) })
	stop(contract.UpdateHold, s.CheckHold, func(ctx workflow.Context, c pmo.Stop) pmo.Receipt { return s.ApplyHold(c, workflow.Now(ctx)) })
	stop(contract.UpdateResume, s.CheckResume, func(ctx workflow.Context, c pmo.Stop) pmo.Receipt { return s.ApplyResume(c, workflow.Now(ctx)) })
	stop(contract.UpdateWake, func(pmo.Stop) *pmo.Refusal { return s.CheckWake() },
		func(ctx workflow.Context, c pmo.Stop) pmo.Receipt { return s.ApplyWake(c, workflow.Now(ctx)) })
}

// handleReceipt answers a submission: its number, once intake gave one, or that it has closed before.
func (r *run) handleReceipt(ctx workflow.Context) {
	s := r.state
	must(workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateReceipt,
		func(ctx workflow.Context, in contract.ReceiptInput) (pmo.Receipt, error) {
			ctx, _ = workflow.NewDisconnectedContext(ctx) // a cancelled request closes first, then it answers
			err := workflow.Await(ctx, func() bool { return s.Number != 0 || s.Closed() })
			return s.SubmissionReceipt(), err
		},
		workflow.UpdateHandlerOptions{Validator: func(in contract.ReceiptInput) error {
			if in.Digest != s.Digest {
				return refused(&pmo.Refusal{Kind: pmo.RefusedKeyReused, Detail: "this key came with another request body before"})
			}
			return nil
		}}))
}

// command is how one kind of command is taken: who gave it, why it cannot be taken, and what it does.
type command[C any] struct {
	by    func(C) pmo.By
	check func(workflow.Context, C) *pmo.Refusal
	apply func(workflow.Context, C) pmo.Receipt
}

// on registers an update. A repeated command gets its first answer; a refused one leaves no trace in the history. While the process
// is in the middle of something, as after a reset that delivers every message again at once, a command that does not fit yet is
// let in and judged when the process has come to rest.
func on[C any](r *run, ctx workflow.Context, name string, cmd command[C]) {
	must(workflow.SetUpdateHandlerWithOptions(ctx, name,
		func(ctx workflow.Context, c C) (pmo.Receipt, error) {
			if answer, known, refusal := r.state.CachedReceipt(cmd.by(c)); known || refusal != nil {
				return answer, refused(refusal)
			}
			refusal := cmd.check(ctx, c)
			if refusal != nil && !r.quiet() {
				r.settled(ctx)
				refusal = cmd.check(ctx, c)
			}
			if refusal != nil {
				return pmo.Receipt{}, refused(refusal)
			}
			answer := cmd.apply(ctx, c)
			r.state.CacheReceipt(cmd.by(c), answer)
			r.settled(ctx)
			return r.state.WithOpenQuestions(answer), nil
		},
		workflow.UpdateHandlerOptions{Validator: func(ctx workflow.Context, c C) error {
			_, known, refusal := r.state.CachedReceipt(cmd.by(c))
			if !known && refusal == nil && r.quiet() {
				refusal = cmd.check(ctx, c)
			}
			return refused(refusal)
		}}))
}

// listen takes the signals. The run's pull and the nudge come from the engine itself; the decide signal is checked first.
func (r *run) listen(ctx workflow.Context) {
	receive(ctx, contract.SignalPulled, func(ctx workflow.Context, p contract.Pulled) {
		r.settled(ctx)
		r.state.TakeSlot(pmo.Pull{Run: p.PrioritizationID, At: p.At}, workflow.Now(ctx))
	})
	receive(ctx, contract.SignalCapacity, func(ctx workflow.Context, _ contract.Pulled) { r.state.RetryAssignment() })
	receive(ctx, contract.SignalWatch, func(ctx workflow.Context, c pmo.Watch) {
		if r.state.CheckWatch(c) == nil {
			r.state.ApplyWatch(c, workflow.Now(ctx))
		}
	})
	receive(ctx, contract.SignalDecide, r.bySignal)
}

func receive[S any](ctx workflow.Context, name string, take func(workflow.Context, S)) {
	channel := workflow.GetSignalChannel(ctx, name)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var signal S
			channel.Receive(ctx, &signal)
			take(ctx, signal)
		}
	})
}

// refused turns a refusal into the application error whose type is the problem kind. Nil stays nil.
func refused(refusal *pmo.Refusal) error {
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
