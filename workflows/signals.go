package workflows

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// startSignalReceivers starts a coroutine for each signal. Those of prioritization runs and of other requests come from our own workflows;
// the sender of a decide signal is checked first.
func (r *requestWorkflow) startSignalReceivers(ctx workflow.Context) signalReceivers {
	handleSignals(ctx, contract.SignalPulled, func(ctx workflow.Context, p contract.Pulled) {
		r.awaitIdle(ctx)
		r.state.TakeSlot(pmo.Pull{Run: p.PrioritizationID, At: p.At, Why: p.Says}, workflow.Now(ctx))
	})
	handleSignals(ctx, contract.SignalCapacity, func(ctx workflow.Context, p contract.Pulled) {
		r.capacityChanged(p, workflow.Now(ctx))
	})
	handleSignals(ctx, contract.SignalWatch, func(ctx workflow.Context, c pmo.Watch) {
		if r.state.CheckWatch(c) == nil {
			r.state.ApplyMerge(c, workflow.Now(ctx))
		}
		r.state.TakeConditions(c, workflow.Now(ctx))
	})
	handleSignals(ctx, contract.SignalDecide, r.decideBySignal)
	handleSignals(ctx, contract.SignalPeople, func(ctx workflow.Context, _ contract.PeopleChanged) { r.refreshPeople(ctx) })
	handleSignals(ctx, contract.SignalWorkItem, func(ctx workflow.Context, report pmo.WorkItemReport) {
		r.state.MarkReported(report, workflow.Now(ctx))
	})
	return signalReceivers{}
}

// capacityChanged takes what a prioritization run found out about the team of the request; without anything of it, some team may have room.
func (r *requestWorkflow) capacityChanged(p contract.Pulled, now time.Time) {
	switch {
	case p.Lost != "":
		r.state.LosePlace(p.Lost, p.Says, p.At, now)
	case p.NoRoom != nil:
		r.state.LoseRoom(*p.NoRoom, now)
	case p.HasRoom != "":
		r.state.FindRoom(p.HasRoom, now)
	default:
		r.state.RetryAssignment()
	}
}

func handleSignals[S any](ctx workflow.Context, name string, handle func(workflow.Context, S)) {
	channel := workflow.GetSignalChannel(ctx, name)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var signal S
			channel.Receive(ctx, &signal)
			handle(ctx, signal)
		}
	})
}

// decideBySignal takes a decision that was sent as a signal. Its sender is only claimed, so the rules that the API applies are applied by
// an activity first.
func (r *requestWorkflow) decideBySignal(ctx workflow.Context, signal pmo.SignalledDecision) {
	c := signal.Decision(r.state.Process)
	r.pendingChecks++
	defer func() { r.pendingChecks-- }()
	if refusal := r.state.TakeSignal(&c); refusal != nil {
		r.state.RecordRefusedSignal(c, refusal, workflow.Now(ctx))
		return
	}
	if _, cached, refusal := r.state.CachedReceipt(contract.UpdateDecide, c.By); cached || refusal != nil {
		return
	}
	refusal := r.state.CheckDecide(c, workflow.Now(ctx))
	if refusal == nil {
		refusal = r.checkActor(ctx, &c)
	}
	if refusal == nil {
		// The check took time: another answer may have come first.
		refusal = r.state.CheckDecide(c, workflow.Now(ctx))
	}
	if refusal != nil {
		r.state.RecordRefusedSignal(c, refusal, workflow.Now(ctx))
		return
	}
	r.state.CacheReceipt(contract.UpdateDecide, c.By, r.state.ApplyDecide(c, workflow.Now(ctx)))
}

func (r *requestWorkflow) checkActor(ctx workflow.Context, c *pmo.Decide) *pmo.Refusal {
	s := r.state
	q := s.Question(c.Question)
	people := s.PeopleInput(q, workflow.Now(ctx))
	in := contract.CheckActorInput{ID: s.ID, Actor: c.By.Actor, For: c.By.For, Question: q.ID, Kind: q.Kind, Seats: slices.Clone(q.Seats()),
		Requester: s.Requester, SubmittedBy: s.SubmittedBy, Text: c.Reason, Portfolio: s.Portfolio, Until: c.Data.Until,
		People: &people, Decision: *c, Kept: s.Kept(), Content: s.Content, Stage: s.Stage, Sponsor: s.ConfirmedSponsor()}
	summary := pmo.Truncate(fmt.Sprintf("a signal in the name of %s is checked: %s on %s", c.By.Actor, c.Verdict, c.Question), summaryBytes)
	if about := s.Question(q.About); about != nil {
		in.About = about.Kind
	}
	out := runWithFallback[contract.CheckActorResult](ctx, &r.fallbacks, contract.ActivityCheckActor, summary, in)
	if !out.Allowed {
		return &pmo.Refusal{Kind: pmo.RefusedForbidden, Detail: out.Reason}
	}
	if out.For != "" {
		c.By.For = out.For
	}
	if out.Of != "" {
		c.Data.Of, c.Data.OfNumber = out.Of, out.OfNumber
	}
	c.By.Joins, c.Data.UntilAt = out.Joins, out.UntilAt
	return nil
}
