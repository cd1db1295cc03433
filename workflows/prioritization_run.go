package workflows

import (
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// heartbeatLimit is how soon the ranking of a lost worker is retried: slots may be taken, and their requests not signalled yet.
const heartbeatLimit = 10 * time.Second

// PrioritizationRun ranks a portfolio's backlog in one transaction, pulls what the limits allow, and signals the requests that were pulled.
// Its workflow id is the prioritization's id, so a retried activity returns the result of the first attempt.
//
// A cancellation counts only until the transaction has committed: slots that were given are told of, whatever happens to the run.
func PrioritizationRun(ctx workflow.Context, in contract.PrioritizationInput) (contract.PrioritizationResult, error) {
	rank := contract.RankInput{PrioritizationInput: in, ID: workflow.GetInfo(ctx).WorkflowExecution.ID, At: workflow.Now(ctx)}
	if workflow.GetVersion(ctx, contract.ChangeRunCompensation, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return runWithoutCompensation(ctx, rank)
	}
	var done contract.PrioritizationResult
	step := rankOptions(ctx, "the backlog is ranked, and what the limits allow is pulled")
	err := workflow.ExecuteActivity(step, contract.ActivityRank, rank).Get(step, &done)
	told, _ := workflow.NewDisconnectedContext(ctx)
	if err != nil && ctx.Err() != nil && !in.Dry {
		// The attempt may have committed although its result was lost.
		rank.Abandon = true
		step = rankOptions(told, "what the cancelled run did is looked up")
		err = workflow.ExecuteActivity(step, contract.ActivityRank, rank).Get(step, &done)
	}
	if err != nil {
		return done, err
	}
	workflow.SetCurrentDetails(ctx, runDetails(done))
	switch {
	case done.Abandoned:
		return done, ctx.Err()
	case in.Dry:
		return done, nil
	}
	return done, notifyRequests(told, append(slotsOf(rank, done), done.Untold...), done)
}

// runWithoutCompensation is a run that began before ChangeRunCompensation: its cancellation ends it at any point.
func runWithoutCompensation(ctx workflow.Context, rank contract.RankInput) (contract.PrioritizationResult, error) {
	var done contract.PrioritizationResult
	step := workflow.WithHeartbeatTimeout(activityOptions(ctx, "the backlog is ranked, and what the limits allow is pulled", prioritizationLimit), heartbeatLimit)
	if err := workflow.ExecuteActivity(step, contract.ActivityRank, rank).Get(step, &done); err != nil {
		return done, err
	}
	workflow.SetCurrentDetails(ctx, runDetails(done))
	if rank.Dry {
		return done, nil
	}
	return done, notifyRequests(ctx, slotsOf(rank, done), done)
}

// rankOptions make a cancelled attempt report what became of it, instead of being left to itself.
func rankOptions(ctx workflow.Context, summary string) workflow.Context {
	ctx = workflow.WithHeartbeatTimeout(activityOptions(ctx, summary, prioritizationLimit), heartbeatLimit)
	return workflow.WithWaitForCancellation(ctx, true)
}

// runDetails is what a run did, for its page in Temporal: how many it ranked, what it pulled and why.
func runDetails(done contract.PrioritizationResult) string {
	text := done.Words
	if len(done.Why) > 0 {
		text += "\n\n- " + strings.Join(done.Why, "\n- ")
	}
	return pmo.Truncate(text, detailsBytes)
}

// slotsOf are the slots a run gave.
func slotsOf(rank contract.RankInput, done contract.PrioritizationResult) []contract.SlotInput {
	slots := make([]contract.SlotInput, 0, len(done.Pulled))
	for i, id := range done.Pulled {
		slot := contract.SlotInput{Portfolio: rank.Portfolio, RequestID: id, PrioritizationID: rank.ID, At: rank.At}
		if i < len(done.Why) {
			slot.Why = done.Why[i]
		}
		slots = append(slots, slot)
	}
	return slots
}

// notifyOfCapacity signals what changed for requests by what teams hold and can hold.
func notifyOfCapacity(ctx workflow.Context, done contract.PrioritizationResult) (sent []workflow.Future) {
	run, now := workflow.GetInfo(ctx).WorkflowExecution.ID, workflow.Now(ctx)
	send := func(id string, signal contract.Pulled) {
		signal.PrioritizationID, signal.At = run, now
		sent = append(sent, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalCapacity, signal))
	}
	for _, id := range done.WaitForTeam {
		send(id, contract.Pulled{Says: "a team may have room"})
	}
	for _, lost := range done.LostPlaces {
		send(lost.RequestID, contract.Pulled{Says: lost.Says, Lost: lost.Team})
	}
	for i := range done.NoRoom {
		send(done.NoRoom[i].RequestID, contract.Pulled{Says: done.NoRoom[i].Why, NoRoom: &done.NoRoom[i].NoRoom})
	}
	for _, found := range done.HasRoom {
		send(found.RequestID, contract.Pulled{Says: "the team has room for it again", HasRoom: found.Team})
	}
	return sent
}

// notifyRequests signals the requests that got a slot, those for whose work a team has room, and those whose team has none any more; the server delivers each signal once. The
// slot of a request that no longer exists is returned here; a request that no longer waits releases it with its next projection.
func notifyRequests(ctx workflow.Context, slots []contract.SlotInput, done contract.PrioritizationResult) error {
	var pulled, waiting []workflow.Future
	for _, slot := range slots {
		signal := contract.Pulled{Says: slot.Why, PrioritizationID: slot.PrioritizationID, At: slot.At}
		pulled = append(pulled, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(slot.RequestID), "", contract.SignalPulled, signal))
	}
	waiting = notifyOfCapacity(ctx, done)
	for i, future := range pulled {
		if err := future.Get(ctx, nil); err == nil {
			continue
		}
		slots[i].At, slots[i].Why = time.Time{}, ""
		back := activityOptions(ctx, "a slot that nobody can use is given back", stepLimit)
		if err := workflow.ExecuteActivity(back, contract.ActivityReturnSlot, slots[i]).Get(back, nil); err != nil {
			return err
		}
	}
	for _, future := range waiting {
		_ = future.Get(ctx, nil) // a request that has ended needs no team
	}
	return nil
}
