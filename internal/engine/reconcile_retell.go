package engine

import (
	"context"
	"fmt"
	"slices"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Retell replays the history of a request and answers every ledger entry it told Postgres of, in order. register is what the workers
// register. A workflow forgets entries that are on file, so this is how lost ones come back.
func (e *Engine) Retell(ctx context.Context, id, runID string, register func(worker.WorkflowRegistry)) ([]pmo.Entry, error) {
	told := map[string]pmo.Entry{}
	for runID != "" {
		history, before, err := e.history(ctx, id, runID)
		if err != nil {
			return nil, err
		}
		ear := &ear{told: told}
		replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
			DataConverter: DataConverter(), Interceptors: []interceptor.WorkerInterceptor{ear}, DisableRegistrationAliasing: true,
		})
		if err != nil {
			return nil, fmt.Errorf("prepare replay: %w", err)
		}
		register(replayer)
		if err := replayer.ReplayWorkflowHistory(nil, history); err != nil {
			return nil, fmt.Errorf("replay %s: %w", id, err)
		}
		runID = before
	}
	var entries []pmo.Entry
	for _, entry := range told {
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b pmo.Entry) int { return int(a.Seq - b.Seq) })
	return entries, nil
}

// history is one run's events, and the run it continues.
func (e *Engine) history(ctx context.Context, id, runID string) (*historypb.History, string, error) {
	history, before := &historypb.History{}, ""
	events := e.client.GetWorkflowHistory(ctx, contract.RequestWorkflowID(id), runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return nil, "", fault(err, "read the history of request")
		}
		if started := event.GetWorkflowExecutionStartedEventAttributes(); started != nil {
			before = started.GetContinuedExecutionRunId()
		}
		history.Events = append(history.Events, event)
	}
	return history, before, nil
}

// ear hears what a replayed workflow tells Postgres.
type ear struct {
	interceptor.WorkerInterceptorBase
	told map[string]pmo.Entry
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (e *ear) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &earInbound{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: next}, ear: e}
}

type earInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	ear *ear
}

// Init implements interceptor.WorkflowInboundInterceptor.
func (i *earInbound) Init(out interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&earOutbound{WorkflowOutboundInterceptorBase: interceptor.WorkflowOutboundInterceptorBase{Next: out}, ear: i.ear})
}

type earOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	ear *ear
}

// ExecuteActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *earOutbound) ExecuteActivity(ctx workflow.Context, activity string, args ...any) workflow.Future {
	o.ear.hear(activity, args)
	return o.Next.ExecuteActivity(ctx, activity, args...)
}

// ExecuteLocalActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *earOutbound) ExecuteLocalActivity(ctx workflow.Context, activity string, args ...any) workflow.Future {
	o.ear.hear(activity, args)
	return o.Next.ExecuteLocalActivity(ctx, activity, args...)
}

func (e *ear) hear(activity string, args []any) {
	if activity != contract.ActivityProject || len(args) != 1 {
		return
	}
	if in, ok := args[0].(contract.ProjectInput); ok {
		for _, entry := range in.Entries {
			e.told[entry.Key] = entry
		}
	}
}
