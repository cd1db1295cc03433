package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
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
	var failing *serviceerror.WorkflowNotReady
	var gone *serviceerror.Canceled // the caller went away
	switch {
	case errors.As(err, &busy):
		e := problem.Wrap(err, problem.Busy, "the process engine limits how many calls it takes; nothing was acknowledged")
		e.RetryAfter = retryBusy
		return e
	case errors.As(err, &down), errors.As(err, &gone), errors.Is(err, context.Canceled):
		return unavailable(err, "the process engine cannot be reached; nothing was acknowledged")
	case isUnknownOutcome(err):
		return unavailable(err, "the process engine did not answer in time; nothing was acknowledged")
	case errors.As(err, &failing):
		return unavailable(err, "the workflow of this request fails its tasks at present; nothing was acknowledged")
	case errors.As(err, &noNamespace):
		return unavailable(err, "the process engine is not prepared yet")
	case errors.As(err, &missing):
		return problem.Wrap(err, problem.NotFound, "no such request")
	}
	return fmt.Errorf("%s: %w", op, err)
}

// unanswered is the error of a command that got no answer in time. Busy and away are told apart by what answers now: Temporal's health
// check, which reads no database, and the list of those who poll the task queue. outcome is what is known of the command.
func (e *Engine) unanswered(ctx context.Context, cause error, outcome string) error {
	var limited *serviceerror.ResourceExhausted
	var down *serviceerror.Unavailable
	away := func(why string) error { return unavailable(cause, why+"; "+outcome) }
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), describeWithin)
	defer cancel()
	switch {
	case errors.As(cause, &limited):
	case errors.As(cause, &down):
		return away("the process engine cannot be reached")
	default:
		if _, err := e.client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
			return away("the process engine cannot be reached")
		}
		if queue, err := e.client.DescribeTaskQueue(ctx, contract.QueueMain, enumspb.TASK_QUEUE_TYPE_WORKFLOW); err == nil && !e.polled(queue.GetPollers()) {
			return away("no worker is running")
		}
	}
	return problem.Wrap(cause, problem.Busy, "%s", "the process engine is busy; "+outcome)
}

// pollWithin is longer than a poll of a task queue lasts.
const pollWithin = 90 * time.Second

func (e *Engine) polled(pollers []*taskqueuepb.PollerInfo) bool {
	for _, p := range pollers {
		if e.now().Sub(p.GetLastAccessTime().AsTime()) < pollWithin {
			return true
		}
	}
	return false
}

func unavailable(cause error, detail string) *problem.Error {
	return problem.Wrap(cause, problem.Unavailable, "%s", detail)
}
