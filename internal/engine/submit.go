package engine

import (
	"context"
	"errors"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// summaryBytes is the longest static summary as JSON. The server accepts 400 bytes with the metadata of the payload.
const summaryBytes = 360

// Submitted is the result of a submission. Without a receipt the request is stored durably, but no worker has processed it yet.
type Submitted struct {
	ID       string
	Receipt  *pmo.Receipt
	Replayed bool // an equal submission was acknowledged before
}

// Submit starts a request, or finds the one that the same person submitted under the same key. It is idempotent: equal submissions, also
// concurrent ones, get the same receipt; another body under the same key is refused. An error means that nothing is acknowledged.
func (e *Engine) Submit(ctx context.Context, s pmo.Submission, key string) (Submitted, error) {
	digest, err := Digest(s)
	if err != nil {
		return Submitted{}, err
	}
	s.Content.Needs = pmo.Needs(s.Content.Needs)
	s.Content.SecondTeam.Skills = pmo.Skills(s.Content.SecondTeam.Skills)
	s.Content.Skills = pmo.Skills(s.Content.Skills) // after the digest: a submission of an earlier release is recognised
	id := SubmissionRequestID(s.SubmittedBy, key)
	if key != "" {
		// The request may have closed so long ago that Temporal has deleted it: to start it again would make a second one.
		if receipt, err := e.fromRow(ctx, id); err == nil {
			return repeated(id, receipt, digest)
		}
	}
	receipt, err := e.startAndWait(ctx, id, digest, s)
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	switch {
	case err == nil:
		done, err := repeated(id, receipt, digest)
		done.Replayed = !receipt.AcknowledgedAt.Equal(s.At) // the receipt names the time of the submission that started the request
		return done, err
	case errors.As(err, &started), isWorkflowEnded(err):
		return e.answerClosed(ctx, id, digest)
	case isUnknownOutcome(err):
		return e.answerUnknown(ctx, id, digest)
	}
	return Submitted{}, fault(err, "submit request")
}

func (e *Engine) startAndWait(ctx context.Context, id, digest string, s pmo.Submission) (pmo.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, submitWithin)
	defer cancel()
	start := e.client.NewWithStartWorkflowOperation(startOptions(id, digest, s), contract.WorkflowRequest,
		contract.RequestInput{ID: id, Digest: digest, Submission: s, CountEntries: true})
	handle, err := e.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateID: receiptUpdateID(digest), UpdateName: contract.UpdateReceipt,
			Args: []any{contract.ReceiptInput{Digest: digest}}, WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err != nil {
		return pmo.Receipt{}, err
	}
	var receipt pmo.Receipt
	err = handle.Get(ctx, &receipt)
	return receipt, err
}

func startOptions(id, digest string, s pmo.Submission) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       contract.RequestWorkflowID(id),
		TaskQueue:                contract.QueueMain,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		Memo:                     map[string]any{contract.MemoDigest: digest},
		StaticSummary:            submissionSummary(s.Content),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			contract.AttrRequester.ValueSet(contract.AttributeText(s.Requester)),
			contract.AttrKind.ValueSet(contract.AttributeText(s.Content.Kind)),
			contract.AttrStage.ValueSet(string(pmo.StageIntake)),
		),
	}
}

// answerUnknown checks whether the request exists, after no reply came: no worker is running, or Temporal is down.
func (e *Engine) answerUnknown(ctx context.Context, id, digest string) (Submitted, error) {
	found, err := e.Describe(ctx, id)
	switch {
	case err != nil:
		return Submitted{}, e.unanswered(ctx, err, "the submission was not acknowledged. Try again with the same Idempotency-Key")
	case found.Digest != "" && found.Digest != digest:
		return Submitted{}, keyReused()
	case found.Aborted:
		return e.answerClosed(ctx, id, digest)
	}
	return Submitted{ID: id}, nil
}

func (e *Engine) answerClosed(ctx context.Context, id, digest string) (Submitted, error) {
	found, err := e.Describe(ctx, id)
	if err == nil && found.Digest != "" && found.Digest != digest {
		return Submitted{}, keyReused()
	}
	if receipt, err := e.fromRow(ctx, id); err == nil {
		return repeated(id, receipt, digest)
	}
	if err != nil {
		return Submitted{}, e.unanswered(ctx, err, "the submission was not acknowledged. Try again with the same Idempotency-Key")
	}
	if found.Aborted {
		return Submitted{}, problem.New(problem.Closed, abortedDetail+"; to submit it again, use a new Idempotency-Key")
	}
	return Submitted{ID: id, Replayed: true}, nil
}

// abortedDetail is said of a request whose workflow did not end by its process.
const abortedDetail = "the workflow of this request was ended in Temporal, by an operator or by a fault, so nothing happens to it any more"

func (e *Engine) fromRow(ctx context.Context, id string) (pmo.Receipt, error) {
	if e.closed == nil {
		return pmo.Receipt{}, errors.New("no read model is configured")
	}
	ctx, cancel := context.WithTimeout(ctx, describeWithin)
	defer cancel()
	return e.closed.ClosedReceipt(ctx, id)
}

// repeated is the answer to a submission that was acknowledged before; another body under its key is refused.
func repeated(id string, receipt pmo.Receipt, digest string) (Submitted, error) {
	if receipt.Digest != "" && receipt.Digest != digest {
		return Submitted{}, keyReused()
	}
	return Submitted{ID: id, Receipt: &receipt, Replayed: true}, nil
}

func keyReused() error {
	return problem.New(problem.KeyReused, "this Idempotency-Key was used for another command or another body; use a new key for a new command")
}

// submissionSummary is the title in the list of workflows. Whoever reads there may not be among those who may read a confidential request.
func submissionSummary(c pmo.Content) string {
	if c.Confidential {
		return "Confidential request"
	}
	return pmo.Truncate(c.Title, summaryBytes)
}
