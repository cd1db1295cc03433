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

// retryBusy is the delay before a retry after the server limited the rate: its limits are per second.
const retryBusy = time.Second

// updateLost is the server's application error for an update that an execution accepted and did not complete before it ended.
const updateLost = "AcceptedUpdateCompletedWorkflow"

// isUnknownOutcome is whether the command may or may not have been accepted.
func isUnknownOutcome(err error) bool {
	var timeout *client.WorkflowUpdateServiceTimeoutOrCanceledError
	var deadline *serviceerror.DeadlineExceeded
	return errors.As(err, &timeout) || errors.As(err, &deadline) || errors.Is(err, context.DeadlineExceeded)
}

// isWorkflowEnded is whether there is no running execution for the command.
func isWorkflowEnded(err error) bool {
	var missing *serviceerror.NotFound
	var app *temporal.ApplicationError
	return errors.As(err, &missing) || errors.As(err, &app) && app.Type() == updateLost
}

// fault gives errors of the server their kind; refusals and errors of the workflow are only wrapped. op is what was attempted.
func fault(err error, op string) error {
	var busy *serviceerror.ResourceExhausted
	var down *serviceerror.Unavailable
	var missing *serviceerror.NotFound
	var noNamespace *serviceerror.NamespaceNotFound
	switch {
	case errors.As(err, &busy):
		e := unavailable(err, "too many commands at once")
		e.RetryAfter = retryBusy
		return e
	case errors.As(err, &down), isUnknownOutcome(err), errors.Is(err, context.Canceled):
		return unavailable(err, "the process engine cannot be reached; nothing was acknowledged")
	case errors.As(err, &noNamespace):
		return unavailable(err, "the process engine is not prepared yet")
	case errors.As(err, &missing):
		return problem.Wrap(err, problem.NotFound, "no such request")
	}
	return fmt.Errorf("%s: %w", op, err)
}

func unavailable(cause error, detail string) *problem.Error {
	return problem.Wrap(cause, problem.Unavailable, "%s", detail)
}
