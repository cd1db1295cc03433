package engine

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// Update sends a command and waits for its receipt. It sets the command's sender: by, with the caller's Idempotency-Key scoped to actor and
// request, and the digest of the command. If the outcome stays unknown the error is "unavailable": the same command with the same key
// returns the outcome.
func (e *Engine) Update(ctx context.Context, id, name string, cmd pmo.Command, by pmo.By, key string) (pmo.Receipt, error) {
	joins := by.Joins
	by.Key, by.Digest, by.Call, by.Joins = "", "", "", false
	cmd.SetSender(by)
	digest, err := digestOf(cmd)
	if err != nil {
		return pmo.Receipt{}, err
	}
	scope := ""
	scope, by.Key = keysOf(by.Actor, id, name, key, digest)
	by.Digest, by.Call, by.Joins = digest, uuid.NewString(), joins
	cmd.SetSender(by)
	receipt, err := e.deliver(ctx, id, client.UpdateWorkflowOptions{
		WorkflowID: contract.RequestWorkflowID(id), UpdateID: updateID(name, scope, digest), UpdateName: name,
		Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if problem.Is(err, problem.Closed) {
		receipt, err = e.answeredBefore(ctx, id, contract.CachedReceiptInput{Command: name, By: by}, err)
	}
	return firstAnswer(receipt, by.Call), err
}

// keysOf are the scope of the update id and the key that the state keeps. Without a key of the caller, a command that may be given twice on
// purpose gets a new one; for the others the digest replaces it. The scope of these has the form it had before the state kept their keys, so
// that commands given before are found.
func keysOf(actor, id, name, key, digest string) (scope, stateKey string) {
	switch {
	case key != "":
		stateKey = hash(actor, id, key)
	case repeatable(name):
		return digest, hash(actor, id, "", digest)
	default:
		stateKey = hash(actor, id, uuid.NewString())
	}
	return stateKey, stateKey
}

// firstAnswer marks a receipt that answered an earlier call. Temporal returns the first receipt of an update unchanged, so the call that it
// names tells. Receipts of versions before 0.5 name none.
func firstAnswer(receipt pmo.Receipt, call string) pmo.Receipt {
	receipt.Replayed = receipt.Replayed || receipt.Call != "" && receipt.Call != call
	receipt.Call = ""
	return receipt
}

// answeredBefore is the first answer to a command that is repeated after its request has closed. Temporal knows the updates of the last
// execution only, the state those of the executions before too. closed is the error when the command was not given before.
func (e *Engine) answeredBefore(ctx context.Context, id string, in contract.CachedReceiptInput, closed error) (pmo.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), describeWithin)
	defer cancel()
	var known contract.CachedReceipt
	value, err := e.client.QueryWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.QueryCachedReceipt, in)
	if err == nil {
		err = value.Get(&known)
	}
	switch {
	case err != nil: // no worker, one of an earlier version, or Temporal has deleted the history
		return pmo.Receipt{}, closed
	case known.KeyReused:
		return pmo.Receipt{}, keyReused()
	case known.Found:
		return known.Receipt, nil
	}
	return pmo.Receipt{}, closed
}

// KeyUsed reports whether a person gave a command to the request under the key. It is false when no worker answers.
func (e *Engine) KeyUsed(ctx context.Context, id, actor, key string) bool {
	_, err := e.answeredBefore(ctx, id, contract.CachedReceiptInput{By: pmo.By{Key: hash(actor, id, key)}}, nil)
	return problem.Is(err, problem.KeyReused)
}

// deliver repeats the update while its outcome is unknown; the update id makes this idempotent.
func (e *Engine) deliver(ctx context.Context, id string, o client.UpdateWorkflowOptions) (pmo.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		receipt, err := e.attempt(ctx, o)
		switch {
		case err == nil:
			return receipt, nil
		case isWorkflowEnded(err):
			return pmo.Receipt{}, e.ended(ctx, id)
		case !isUnknownOutcome(err):
			return pmo.Receipt{}, fault(err, "deliver "+o.UpdateName)
		}
		select {
		case <-ctx.Done():
			return pmo.Receipt{}, e.unanswered(ctx, err, "there is no answer yet. Try again with the same Idempotency-Key to learn the outcome")
		case <-time.After(pause):
		}
	}
}

func (e *Engine) attempt(ctx context.Context, o client.UpdateWorkflowOptions) (pmo.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptWithin)
	defer cancel()
	var receipt pmo.Receipt
	handle, err := e.client.UpdateWorkflow(ctx, o)
	if err == nil {
		err = handle.Get(ctx, &receipt)
	}
	return receipt, err
}

// ended is the error for a request without a running execution: it is closed, or it never existed.
func (e *Engine) ended(ctx context.Context, id string) error {
	found, err := e.Describe(context.WithoutCancel(ctx), id)
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return problem.Wrap(err, problem.NotFound, "no such request")
	case err != nil:
		return fault(err, "describe request "+id)
	case !found.Closed:
		return problem.New(problem.Busy, "the request was busy; try again with the same Idempotency-Key")
	case found.Aborted:
		return problem.New(problem.Closed, abortedDetail)
	}
	return problem.New(problem.Closed, "the request is closed and takes no more commands")
}
