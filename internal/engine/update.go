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
	by.Key, by.Digest = "", ""
	cmd.SetSender(by)
	digest, err := digestOf(cmd)
	if err != nil {
		return pmo.Receipt{}, err
	}
	by.Key, by.Digest = scopedKey(by.Actor, id, name, key), digest
	cmd.SetSender(by)
	scope := by.Key
	if scope == "" {
		scope = digest
	}
	return e.deliver(ctx, id, client.UpdateWorkflowOptions{
		WorkflowID: contract.RequestWorkflowID(id), UpdateID: updateID(name, scope, digest), UpdateName: name,
		Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
}

// scopedKey is empty when the digest replaces the key. A command that may be given twice on purpose gets a new key instead.
func scopedKey(actor, id, name, key string) string {
	if key == "" {
		if repeatable(name) {
			return ""
		}
		key = uuid.NewString()
	}
	return hash(actor, id, key)
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
			return pmo.Receipt{}, unavailable(err, "no answer yet; try again with the same Idempotency-Key to learn the outcome")
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
		return unavailable(nil, "the request was busy; try again with the same Idempotency-Key")
	case found.Aborted:
		return problem.New(problem.Closed, abortedDetail)
	}
	return problem.New(problem.Closed, "the request is closed and takes no more commands")
}
