package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// beatLimit is how long a run stands still whose worker was lost: it may have given slots, and nobody has been told.
const beatLimit = 10 * time.Second

// PrioritizationRun ranks a portfolio's backlog in one transaction, pulls what the limits allow, and tells only the requests that
// were pulled. Its workflow id names the run, so a repeated activity finds what the first attempt did.
func PrioritizationRun(ctx workflow.Context, in contract.RunInput) (contract.Ranked, error) {
	rank := contract.RankInput{RunInput: in, Run: workflow.GetInfo(ctx).WorkflowExecution.ID, At: workflow.Now(ctx)}
	var done contract.Ranked
	step := workflow.WithHeartbeatTimeout(ordinarily(ctx, "rank the backlog and pull", runLimit), beatLimit)
	if err := workflow.ExecuteActivity(step, contract.ActivityRank, rank).Get(step, &done); err != nil {
		return done, err
	}
	workflow.SetCurrentDetails(ctx, done.Words)
	if in.Dry {
		return done, nil
	}
	return done, tell(ctx, in.Portfolio, rank, done)
}

// tell signals the pulled requests; the server delivers each signal once. A request that no longer exists gives its slot back here,
// one that no longer waits does so itself.
func tell(ctx workflow.Context, portfolio string, rank contract.RankInput, done contract.Ranked) error {
	signal := contract.Pulled{Run: rank.Run, At: rank.At}
	var told []workflow.Future
	for _, id := range done.Pulled {
		told = append(told, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalPulled, signal))
	}
	var nudged []workflow.Future
	for _, id := range done.Nudge {
		nudged = append(nudged, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalCapacity, signal))
	}
	for i, future := range told {
		if err := future.Get(ctx, nil); err == nil {
			continue
		}
		back := ordinarily(ctx, "give a slot back", stepLimit)
		slot := contract.SlotInput{Portfolio: portfolio, ID: done.Pulled[i], Run: rank.Run}
		if err := workflow.ExecuteActivity(back, contract.ActivityReturnSlot, slot).Get(back, nil); err != nil {
			return err
		}
	}
	for _, future := range nudged {
		_ = future.Get(ctx, nil) // whoever is gone needs no team
	}
	return nil
}
