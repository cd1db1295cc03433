package engine

import (
	"context"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Snapshot asks a request for its state. It needs a worker, and gives up after a second.
func (e *Engine) Snapshot(ctx context.Context, id string) (pmo.Request, error) {
	ctx, cancel := context.WithTimeout(ctx, snapshotWithin)
	defer cancel()
	var state pmo.Request
	response, err := e.client.QueryWorkflowWithOptions(ctx, &client.QueryWorkflowWithOptionsRequest{
		WorkflowID: contract.RequestWorkflowID(id), QueryType: contract.QuerySnapshot,
	})
	if err != nil {
		return state, fault(err, "ask request for its state")
	}
	if err := response.QueryResult.Get(&state); err != nil {
		return state, fault(err, "read state of request")
	}
	return state, nil
}

// Description is what Temporal knows of a request without any worker.
type Description struct {
	ID        string
	Closed    bool
	Digest    string
	Requester string
	Stage     pmo.Stage
	StartedAt time.Time
}

// Describe finds a request by id. It needs no worker; its error is the server's, NotFound if there is none.
func (e *Engine) Describe(ctx context.Context, id string) (Description, error) {
	ctx, cancel := context.WithTimeout(ctx, describeWithin)
	defer cancel()
	found, err := e.client.DescribeWorkflow(ctx, contract.RequestWorkflowID(id), "")
	if err != nil {
		return Description{}, fault(err, "look for request")
	}
	d := Description{ID: id, Closed: found.Status != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, StartedAt: found.WorkflowStartTime}
	// A memo that cannot be read is treated as one without a digest: the receipt's own digest is compared too.
	_ = DataConverter().FromPayload(found.Memo.GetFields()[contract.MemoDigest], &d.Digest)
	d.Requester, _ = found.TypedSearchAttributes.GetKeyword(contract.AttrRequester)
	stage, _ := found.TypedSearchAttributes.GetKeyword(contract.AttrStage)
	d.Stage = pmo.Stage(stage)
	return d, nil
}
