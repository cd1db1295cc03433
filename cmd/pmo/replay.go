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

// replay holds live histories against this binary's workflow code, before it takes them over.
func replay(lookup func(string) (string, bool)) *cobra.Command {
	var last int
	var format string
	cmd := &cobra.Command{
		Use: "replay --last N", Short: "Replay live histories with this version's code, to see whether it can go on with them", Args: noArguments,
		DisableFlagsInUseLine: true,
		Long: `Replay the histories of a namespace with this version's code: those of running workflows first, then of the newest ended ones.
Nothing is changed. It ends with 1 if one of them could not go on with this version: do not roll it out.

TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the SDK's other TEMPORAL_ variables say where the histories are.`,
		Example: "  TEMPORAL_ADDRESS=127.0.0.1:7233 TEMPORAL_NAMESPACE=pmo pmo replay --last 100",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if last < 1 || format != "table" && format != "json" {
				return usageError{errors.New("--last is at least 1, and --output is table or json")}
			}
			log, err := logger(cmd.ErrOrStderr(), lookup)
			if err != nil {
				return usageError{err}
			}
			return replayLast(cmd.Context(), last, reporter{out: cmd.OutOrStdout(), json: format == "json"}, log)
		},
	}
	cmd.Flags().IntVar(&last, "last", 100, "how many histories")
	cmd.Flags().StringVarP(&format, "output", "o", "table", "table for people, json for machines")
	return cmd
}

// replayed is one history and what became of it.
type replayed struct {
	Workflow string `json:"workflow_id"`
	Run      string `json:"run_id"`
	Error    string `json:"error,omitempty"`
}

// errDiffers ends the program with 1.
var errDiffers = errors.New("this version could not go on with some of them")

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
	runs, err := newest(ctx, c, last)
	if err != nil {
		return err
	}
	var done []replayed
	for _, run := range runs {
		if ctx.Err() != nil {
			return fmt.Errorf("replay: %w", context.Cause(ctx))
		}
		one := replayed{Workflow: run.ID, Run: run.RunID}
		if err := replayOne(ctx, c, run); err != nil {
			one.Error = err.Error()
		}
		done = append(done, one)
	}
	return report.say(done)
}

// newest lists runs as visibility orders them: what runs first, then what ended last.
func newest(ctx context.Context, c client.Client, most int) ([]workflow.Execution, error) {
	query := fmt.Sprintf("WorkflowType IN ('%s', '%s')", contract.WorkflowRequest, contract.WorkflowPrioritizationRun)
	var runs []workflow.Execution
	var token []byte
	for {
		page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: int32(min(most, 1000)), NextPageToken: token})
		if err != nil {
			return nil, fmt.Errorf("list workflows: %w", err)
		}
		for _, e := range page.Executions {
			if runs = append(runs, workflow.Execution{ID: e.Execution.WorkflowId, RunID: e.Execution.RunId}); len(runs) == most {
				return runs, nil
			}
		}
		if token = page.NextPageToken; len(token) == 0 {
			return runs, nil
		}
	}
}

func replayOne(ctx context.Context, c client.Client, run workflow.Execution) error {
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DataConverter: engine.DataConverter()})
	if err != nil {
		return fmt.Errorf("make replayer: %w", err)
	}
	workflows.Register(replayer)
	history := &historypb.History{}
	for events := c.GetWorkflowHistory(ctx, run.ID, run.RunID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		if err != nil {
			return fmt.Errorf("read history: %w", err)
		}
		history.Events = append(history.Events, event)
	}
	quiet := tlog.NewStructuredLogger(slog.New(slog.DiscardHandler)) // workflow code logs what it did back then
	if err := replayer.ReplayWorkflowHistoryWithOptions(quiet, history, worker.ReplayWorkflowHistoryOptions{OriginalExecution: run}); err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	return nil
}

// reporter says how the replay went, to a person or a machine.
type reporter struct {
	out  io.Writer
	json bool
}

func (r reporter) say(done []replayed) error {
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
		return fmt.Errorf("replay: %w", errDiffers)
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
