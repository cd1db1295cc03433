package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/problem"
)

// retryBusy is when to come back after the server limited us: its limits are per second.
const retryBusy = time.Second

// updateLost is the server's application error for an update that was accepted by a run which then ended.
const updateLost = "AcceptedUpdateCompletedWorkflow"

// isUnknownOutcome tells whether the command may or may not have been taken.
func isUnknownOutcome(err error) bool {
	var timeout *client.WorkflowUpdateServiceTimeoutOrCanceledError
	var deadline *serviceerror.DeadlineExceeded
	return errors.As(err, &timeout) || errors.As(err, &deadline) || errors.Is(err, context.DeadlineExceeded)
}

// isWorkflowEnded tells whether there is no open run for the command.
func isWorkflowEnded(err error) bool {
	var missing *serviceerror.NotFound
	var app *temporal.ApplicationError
	return errors.As(err, &missing) || errors.As(err, &app) && app.Type() == updateLost
}

// fault gives errors of the server their kind; refusals and faults of the workflow pass as they are.
func fault(err error, doing string) error {
	var busy *serviceerror.ResourceExhausted
	var away *serviceerror.Unavailable
	var missing *serviceerror.NotFound
	var noNamespace *serviceerror.NamespaceNotFound
	switch {
	case errors.As(err, &busy):
		e := unavailable(err, "too many commands at once")
		e.RetryAfter = retryBusy
		return e
	case errors.As(err, &away), isUnknownOutcome(err), errors.Is(err, context.Canceled):
		return unavailable(err, "the process engine cannot be reached; nothing was acknowledged")
	case errors.As(err, &noNamespace):
		return unavailable(err, "the process engine is not prepared yet")
	case errors.As(err, &missing):
		return problem.Wrap(err, problem.NotFound, "no such request")
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func unavailable(cause error, detail string) *problem.Error {
	return problem.Wrap(cause, problem.Unavailable, "%s", detail)
}
