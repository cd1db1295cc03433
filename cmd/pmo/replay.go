package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	tlog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/engine"
	"leanpmo/workflows"
)

// replay replays live histories with this binary's workflow code, before a rollout.
func replay(lookup func(string) (string, bool)) *cobra.Command {
	var last int
	var format *string
	cmd := &cobra.Command{
		Use: "replay --last N", Short: "Replay live histories with this version's code, to check that it is compatible", Args: noArguments,
		DisableFlagsInUseLine: true,
		Long: `Replay the histories of a namespace with this version's code: those of running workflows first, then of the newest closed ones.
Nothing is changed. The exit code is 1 if a history fails to replay: do not roll this version out.

TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the SDK's other TEMPORAL_ variables name the namespace.`,
		Example: "  TEMPORAL_ADDRESS=127.0.0.1:7233 TEMPORAL_NAMESPACE=pmo pmo replay --last 100",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if last < 1 {
				return usageError{errors.New("--last is at least 1")}
			}
			if err := checkOutput(*format); err != nil {
				return err
			}
			log, err := logger(cmd.ErrOrStderr(), lookup)
			if err != nil {
				return usageError{err}
			}
			return replayLast(cmd.Context(), last, reporter{out: cmd.OutOrStdout(), json: *format == "json"}, log)
		},
	}
	cmd.Flags().IntVar(&last, "last", 100, "the number of histories")
	format = outputFlag(cmd)
	return cmd
}

// replayed is one history and its replay error, if any.
type replayed struct {
	Workflow string `json:"workflow_id"`
	Run      string `json:"run_id"`
	Error    string `json:"error,omitempty"`
}

// errIncompatible makes the exit code 1.
var errIncompatible = errors.New("this version is not compatible with some of the histories")

func replayLast(ctx context.Context, last int, report reporter, log *slog.Logger) error {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return usageError{fmt.Errorf("load Temporal connection options: %w", err)}
	}
	options.DataConverter, options.Logger = engine.DataConverter(), tlog.NewStructuredLogger(log)
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer c.Close()
	executions, err := newest(ctx, c, last)
	if err != nil {
		return err
	}
	var done []replayed
	for _, execution := range executions {
		if ctx.Err() != nil {
			return fmt.Errorf("replay: %w", context.Cause(ctx))
		}
		one := replayed{Workflow: execution.ID, Run: execution.RunID}
		if err := replayOne(ctx, c, execution); err != nil {
			one.Error = err.Error()
		}
		done = append(done, one)
	}
	return report.finish(done)
}

// newest lists executions in the order of visibility: running ones first, then those closed last.
func newest(ctx context.Context, c client.Client, limit int) ([]workflow.Execution, error) {
	query := fmt.Sprintf("WorkflowType IN ('%s', '%s')", contract.WorkflowRequest, contract.WorkflowPrioritizationRun)
	var executions []workflow.Execution
	var token []byte
	for {
		page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: int32(min(limit, 1000)), NextPageToken: token})
		if err != nil {
			return nil, fmt.Errorf("list workflows: %w", err)
		}
		for _, e := range page.Executions {
			if executions = append(executions, workflow.Execution{ID: e.Execution.WorkflowId, RunID: e.Execution.RunId}); len(executions) == limit {
				return executions, nil
			}
		}
		if token = page.NextPageToken; len(token) == 0 {
			return executions, nil
		}
	}
}

func replayOne(ctx context.Context, c client.Client, execution workflow.Execution) error {
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DataConverter: engine.DataConverter()})
	if err != nil {
		return fmt.Errorf("make replayer: %w", err)
	}
	workflows.Register(replayer)
	history := &historypb.History{}
	for events := c.GetWorkflowHistory(ctx, execution.ID, execution.RunID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		if err != nil {
			return fmt.Errorf("read history: %w", err)
		}
		history.Events = append(history.Events, event)
	}
	discard := tlog.NewStructuredLogger(slog.New(slog.DiscardHandler)) // the workflow code would log its past steps again
	if err := replayer.ReplayWorkflowHistoryWithOptions(discard, history, worker.ReplayWorkflowHistoryOptions{OriginalExecution: execution}); err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	return nil
}

// reporter writes the result as text or JSON.
type reporter struct {
	out  io.Writer
	json bool
}

// finish writes the result and returns errIncompatible if a history failed.
func (r reporter) finish(done []replayed) error {
	failed := []replayed{}
	for _, one := range done {
		if one.Error != "" {
			failed = append(failed, one)
		}
	}
	if err := r.write(len(done), failed); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if len(failed) > 0 {
		return fmt.Errorf("replay: %w", errIncompatible)
	}
	return nil
}

func (r reporter) write(count int, failed []replayed) error {
	if r.json {
		return json.NewEncoder(r.out).Encode(map[string]any{"replayed": count, "failed": failed})
	}
	for _, one := range failed {
		if _, err := fmt.Fprintf(r.out, "%s (run %s): %s\n", one.Workflow, one.Run, one.Error); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(r.out, "%d replayed, %d of them differ\n", count, len(failed))
	return err
}
