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

// ReplayLedger replays the history of a request and returns, in order, every ledger entry that the workflow ever sent to Postgres. register
// registers the workflows as workers do. A workflow drops the entries that Postgres has confirmed, so lost ones can only be read this way.
func (e *Engine) ReplayLedger(ctx context.Context, id, runID string, register func(worker.WorkflowRegistry)) ([]pmo.Entry, error) {
	found := map[string]pmo.Entry{}
	for runID != "" {
		history, before, err := e.history(ctx, id, runID)
		if err != nil {
			return nil, err
		}
		recorder := &entryRecorder{entries: found}
		replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
			DataConverter: DataConverter(), Interceptors: []interceptor.WorkerInterceptor{recorder}, DisableRegistrationAliasing: true,
		})
		if err != nil {
			return nil, fmt.Errorf("prepare the replay of request %s: %w", id, err)
		}
		register(replayer)
		if err := replayer.ReplayWorkflowHistory(nil, history); err != nil {
			return nil, fmt.Errorf("replay request %s: %w", id, err)
		}
		runID = before
	}
	var entries []pmo.Entry
	for _, entry := range found {
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b pmo.Entry) int { return int(a.Seq - b.Seq) })
	return entries, nil
}

// history reads the events of one execution, and the id of the execution it continues.
func (e *Engine) history(ctx context.Context, id, runID string) (*historypb.History, string, error) {
	history, before := &historypb.History{}, ""
	events := e.client.GetWorkflowHistory(ctx, contract.RequestWorkflowID(id), runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return nil, "", fault(err, "read the history of request "+id)
		}
		if started := event.GetWorkflowExecutionStartedEventAttributes(); started != nil {
			before = started.GetContinuedExecutionRunId()
		}
		history.Events = append(history.Events, event)
	}
	return history, before, nil
}

// entryRecorder records the ledger entries that a replayed workflow sends to Postgres.
type entryRecorder struct {
	interceptor.WorkerInterceptorBase
	entries map[string]pmo.Entry
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (e *entryRecorder) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &recorderInbound{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: next}, recorder: e}
}

type recorderInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	recorder *entryRecorder
}

// Init implements interceptor.WorkflowInboundInterceptor.
func (i *recorderInbound) Init(out interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&recorderOutbound{WorkflowOutboundInterceptorBase: interceptor.WorkflowOutboundInterceptorBase{Next: out}, recorder: i.recorder})
}

type recorderOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	recorder *entryRecorder
}

// ExecuteActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *recorderOutbound) ExecuteActivity(ctx workflow.Context, activity string, args ...any) workflow.Future {
	o.recorder.record(activity, args)
	return o.Next.ExecuteActivity(ctx, activity, args...)
}

// ExecuteLocalActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *recorderOutbound) ExecuteLocalActivity(ctx workflow.Context, activity string, args ...any) workflow.Future {
	o.recorder.record(activity, args)
	return o.Next.ExecuteLocalActivity(ctx, activity, args...)
}

func (e *entryRecorder) record(activity string, args []any) {
	if activity != contract.ActivityProject || len(args) != 1 {
		return
	}
	if in, ok := args[0].(contract.ProjectInput); ok {
		for _, entry := range in.Entries {
			e.entries[entry.Key] = entry
		}
	}
}
