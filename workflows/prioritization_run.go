package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// heartbeatLimit is how soon the ranking of a lost worker is retried: slots may be taken, and their requests not signalled yet.
const heartbeatLimit = 10 * time.Second

// PrioritizationRun ranks a portfolio's backlog in one transaction, pulls what the limits allow, and signals the requests that were pulled.
// Its workflow id is the prioritization's id, so a retried activity returns the result of the first attempt.
func PrioritizationRun(ctx workflow.Context, in contract.PrioritizationInput) (contract.PrioritizationResult, error) {
	rank := contract.RankInput{PrioritizationInput: in, ID: workflow.GetInfo(ctx).WorkflowExecution.ID, At: workflow.Now(ctx)}
	var done contract.PrioritizationResult
	step := workflow.WithHeartbeatTimeout(activityOptions(ctx, "rank the backlog and pull", prioritizationLimit), heartbeatLimit)
	if err := workflow.ExecuteActivity(step, contract.ActivityRank, rank).Get(step, &done); err != nil {
		return done, err
	}
	workflow.SetCurrentDetails(ctx, done.Words)
	if in.Dry {
		return done, nil
	}
	return done, notifyRequests(ctx, in.Portfolio, rank, done)
}

// notifyRequests signals the pulled requests; the server delivers each signal once. The slot of a request that no longer exists is returned
// here; a request that no longer waits releases it with its next projection.
func notifyRequests(ctx workflow.Context, portfolio string, rank contract.RankInput, done contract.PrioritizationResult) error {
	signal := contract.Pulled{PrioritizationID: rank.ID, At: rank.At}
	var pulled []workflow.Future
	for _, id := range done.Pulled {
		pulled = append(pulled, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalPulled, signal))
	}
	var waiting []workflow.Future
	for _, id := range done.WaitForTeam {
		waiting = append(waiting, workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalCapacity, signal))
	}
	for i, future := range pulled {
		if err := future.Get(ctx, nil); err == nil {
			continue
		}
		back := activityOptions(ctx, "return a slot", stepLimit)
		slot := contract.SlotInput{Portfolio: portfolio, RequestID: done.Pulled[i], PrioritizationID: rank.ID}
		if err := workflow.ExecuteActivity(back, contract.ActivityReturnSlot, slot).Get(back, nil); err != nil {
			return err
		}
	}
	for _, future := range waiting {
		_ = future.Get(ctx, nil) // a request that has ended needs no team
	}
	return nil
}
