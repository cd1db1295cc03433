package bench

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/engine"
)

// The yardsticks are workflows that do nothing, on the same server, with the same worker options and the same way of starting.
const (
	yardQueue    = "bench"
	bareSteps    = 8
	bareAnswer   = "Answer"
	bareWorkflow = "Bare"
	waitWorkflow = "BareWait"
)

// bare is eight ordinary activities and one update. Its history has 55 events.
func bare(ctx workflow.Context) error {
	if err := workflow.SetUpdateHandler(ctx, bareAnswer, func(workflow.Context) error { return nil }); err != nil {
		return err
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	for range bareSteps {
		if err := workflow.ExecuteActivity(ctx, nothing).Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// bareWait answers its update when one local activity has been run, and stays open as a request does.
func bareWait(ctx workflow.Context) error {
	done := false
	err := workflow.SetUpdateHandler(ctx, bareAnswer, func(ctx workflow.Context) error {
		return workflow.Await(ctx, func() bool { return done })
	})
	if err != nil {
		return err
	}
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{ScheduleToCloseTimeout: time.Minute})
	if err := workflow.ExecuteLocalActivity(local, nothing).Get(local, nil); err != nil {
		return err
	}
	done = true
	workflow.GetSignalChannel(ctx, "never").Receive(ctx, nil)
	return nil
}

func nothing(context.Context) error { return nil }

func (e *environment) startYardsticks() {
	e.T.Helper()
	yard := worker.New(e.Client, yardQueue, engine.WorkerOptions())
	yard.RegisterWorkflowWithOptions(bare, workflow.RegisterOptions{Name: bareWorkflow})
	yard.RegisterWorkflowWithOptions(bareWait, workflow.RegisterOptions{Name: waitWorkflow})
	yard.RegisterActivityWithOptions(nothing, activity.RegisterOptions{Name: "nothing"})
	require.NoError(e.T, yard.Start())
	e.T.Cleanup(yard.Stop)
}

// startBare starts a yardstick by update-with-start, as a submission does, and waits for its answer.
func (e *environment) startBare(workflowType string) (client.WorkflowRun, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	start := e.Client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: "bench/" + uuid.NewString(), TaskQueue: yardQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflowType)
	handle, err := e.Client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions:          client.UpdateWorkflowOptions{UpdateName: bareAnswer, WaitForStage: client.WorkflowUpdateStageCompleted},
	})
	if err != nil {
		return nil, err
	}
	if err := handle.Get(ctx, nil); err != nil {
		return nil, err
	}
	return start.Get(ctx)
}

// runBare runs a yardstick to its end.
func (e *environment) runBare() (id string, err error) {
	run, err := e.startBare(bareWorkflow)
	if err != nil {
		return "", err
	}
	return run.GetID(), run.Get(context.Background(), nil)
}
