package engine

import (
	"context"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// How long a query for the state of a request may take: in the API, and in reconciliation.
const (
	snapshotWithin = time.Second
	stateWithin    = 5 * time.Second
)

// Snapshot queries the state of a request. It needs a worker, and fails after a second.
func (e *Engine) Snapshot(ctx context.Context, id string) (pmo.Request, error) {
	return e.queryState(ctx, id, "", snapshotWithin)
}

// StateOf queries the state of one execution of a request, also a closed one. It needs a worker, and fails after five seconds.
func (e *Engine) StateOf(ctx context.Context, id, runID string) (pmo.Request, error) {
	return e.queryState(ctx, id, runID, stateWithin)
}

func (e *Engine) queryState(ctx context.Context, id, runID string, within time.Duration) (pmo.Request, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var state pmo.Request
	response, err := e.client.QueryWorkflowWithOptions(ctx, &client.QueryWorkflowWithOptionsRequest{
		WorkflowID: contract.RequestWorkflowID(id), RunID: runID, QueryType: contract.QuerySnapshot,
	})
	if err == nil {
		err = response.QueryResult.Get(&state)
	}
	if err != nil {
		return state, fault(err, "query the state of request "+id)
	}
	return state, nil
}

// Description is what Temporal stores about a request; reading it needs no worker.
type Description struct {
	ID        string
	Closed    bool
	Aborted   bool // terminated, failed or timed out in Temporal: the process did not close the request
	Digest    string
	Requester string
	Stage     pmo.Stage
	StartedAt time.Time
}

// Describe reads the newest execution of a request. It needs no worker; the error wraps the server's, NotFound if there is none.
func (e *Engine) Describe(ctx context.Context, id string) (Description, error) {
	ctx, cancel := context.WithTimeout(ctx, describeWithin)
	defer cancel()
	found, err := e.client.DescribeWorkflow(ctx, contract.RequestWorkflowID(id), "")
	if err != nil {
		return Description{}, fault(err, "describe request "+id)
	}
	d := Description{ID: id, Closed: found.Status != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, StartedAt: found.WorkflowStartTime}
	switch found.Status {
	case enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED, enumspb.WORKFLOW_EXECUTION_STATUS_FAILED, enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		d.Aborted = true
	}
	// A memo that cannot be decoded counts as one without a digest: the digest in the receipt is compared too.
	_ = DataConverter().FromPayload(found.Memo.GetFields()[contract.MemoDigest], &d.Digest)
	d.Requester, _ = found.TypedSearchAttributes.GetKeyword(contract.AttrRequester)
	stage, _ := found.TypedSearchAttributes.GetKeyword(contract.AttrStage)
	d.Stage = pmo.Stage(stage)
	return d, nil
}
