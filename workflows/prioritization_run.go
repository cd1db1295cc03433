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
func PrioritizationRun(ctx workflow.Context, in contract.PrioritizationInput) (contract.PrioritizationResult, error) {
	rank := contract.RankInput{PrioritizationInput: in, ID: workflow.GetInfo(ctx).WorkflowExecution.ID, At: workflow.Now(ctx)}
	var done contract.PrioritizationResult
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
func tell(ctx workflow.Context, portfolio string, rank contract.RankInput, done contract.PrioritizationResult) error {
	signal := contract.Pulled{PrioritizationID: rank.ID, At: rank.At}
	var told []workflow.Future
	for _, id := range done.Pulled {
		told = append(told, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalPulled, signal))
	}
	var nudged []workflow.Future
	for _, id := range done.WaitForTeam {
		nudged = append(nudged, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalCapacity, signal))
	}
	for i, future := range told {
		if err := future.Get(ctx, nil); err == nil {
			continue
		}
		back := ordinarily(ctx, "give a slot back", stepLimit)
		slot := contract.SlotInput{Portfolio: portfolio, RequestID: done.Pulled[i], PrioritizationID: rank.ID}
		if err := workflow.ExecuteActivity(back, contract.ActivityReturnSlot, slot).Get(back, nil); err != nil {
			return err
		}
	}
	for _, future := range nudged {
		_ = future.Get(ctx, nil) // whoever is gone needs no team
	}
	return nil
}
