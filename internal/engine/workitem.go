package engine

import (
	"context"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// SignalWorkItem sends a wanted state to the workflow of a work item and starts that where none runs for its key. An item's workflow ends
// with its item; a further state starts another one under the same id.
func (e *Engine) SignalWorkItem(ctx context.Context, in contract.WorkItemInput) error {
	id := contract.WorkItemWorkflowID(in.Wanted.State.Key)
	_, err := e.client.SignalWithStartWorkflow(ctx, id, contract.SignalWanted, in.Wanted, client.StartWorkflowOptions{
		ID: id, TaskQueue: contract.QueueMain, StaticSummary: fmt.Sprintf("Work item of %s for %s", pmo.Ref(in.Number), in.Team),
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes: temporal.NewSearchAttributes(contract.AttrNumber.ValueSet(in.Number), contract.AttrTeam.ValueSet(in.Team),
			contract.AttrPortfolio.ValueSet(in.Portfolio)),
	}, contract.WorkflowWorkItem, in)
	if err != nil {
		return fault(err, "signal work item")
	}
	return nil
}

// EndWorkItem sends the last wanted state of a closed request's work item, where its own workflow could not: it was terminated. The item
// needs it only if the tool has it or may have it.
func (e *Engine) EndWorkItem(ctx context.Context, r *pmo.Request) error {
	state, send := r.WorkItemToSend()
	if !send || r.Work == nil {
		return nil
	}
	return e.SignalWorkItem(ctx, contract.WorkItemFor(r, state, r.Work.MayExist))
}
