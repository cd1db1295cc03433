package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

const (
	listPage = 1000 // the largest page of the visibility store
	// From these attempts on, a workflow task or an activity counts as failing repeatedly.
	failingTask     = 3
	failingActivity = 4
)

// Execution is the newest execution of a request's workflow in the visibility store: seconds old, and read without a worker.
type Execution struct {
	ID         string // of the request
	RunID      string
	Running    bool
	Started    time.Time
	Stage      pmo.Stage
	Status     pmo.Status
	Number     int64
	StageSince time.Time
	Due        time.Time // when its deadline timer fires next; zero: never
}

// The queries of the visibility store.
const (
	queryRequests = "WorkflowType = '" + contract.WorkflowRequest + "'"
	queryRunning  = queryRequests + " AND ExecutionStatus = 'Running'"
	queryFailing  = queryRunning + " AND TemporalReportedProblems IS NOT NULL"
	timeInQuery   = time.RFC3339Nano
)

// Running visits the requests whose workflow is running, page by page.
func (e *Engine) Running(ctx context.Context, visit func([]Execution) error) error {
	return e.list(ctx, queryRunning, visit)
}

// Failing visits the running requests for which the server reports repeatedly failing workflow tasks.
func (e *Engine) Failing(ctx context.Context, visit func([]Execution) error) error {
	return e.list(ctx, queryFailing, visit)
}

// CountFailing counts them.
func (e *Engine) CountFailing(ctx context.Context) (int64, error) {
	found, err := e.client.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: e.namespace, Query: queryFailing})
	if err != nil {
		return 0, fault(err, "count failing requests")
	}
	return found.GetCount(), nil
}

// EndedByForce visits the executions that did not end by their process: terminated, failed, timed out. A reset terminates one too.
func (e *Engine) EndedByForce(ctx context.Context, visit func([]Execution) error) error {
	return e.list(ctx, queryRequests+" AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut')", visit)
}

// ClosedSince visits the requests whose workflow closed since a time; executions that continued as new are not included.
func (e *Engine) ClosedSince(ctx context.Context, since time.Time, visit func([]Execution) error) error {
	query := queryRequests + " AND ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'"
	if !since.IsZero() {
		query += fmt.Sprintf(" AND CloseTime >= '%s'", since.UTC().Format(timeInQuery))
	}
	return e.list(ctx, query, visit)
}

func (e *Engine) list(ctx context.Context, query string, visit func([]Execution) error) error {
	request := &workflowservice.ListWorkflowExecutionsRequest{Namespace: e.namespace, Query: query, PageSize: listPage}
	for {
		page, err := e.client.ListWorkflow(ctx, request)
		if err != nil {
			return fault(err, "list requests")
		}
		found := make([]Execution, 0, len(page.GetExecutions()))
		for _, info := range page.GetExecutions() {
			if x, ok := execution(info); ok {
				found = append(found, x)
			}
		}
		if err := visit(found); err != nil {
			return err
		}
		if request.NextPageToken = page.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return nil
		}
	}
}

func execution(info *workflowpb.WorkflowExecutionInfo) (Execution, bool) {
	id, ok := contract.ParseRequestWorkflowID(info.GetExecution().GetWorkflowId())
	x := Execution{ID: id, RunID: info.GetExecution().GetRunId(), Started: info.GetStartTime().AsTime(),
		Running: info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING}
	fields := info.GetSearchAttributes().GetIndexedFields()
	x.Stage, x.Status = attribute[pmo.Stage](fields, contract.AttrStage.GetName()), attribute[pmo.Status](fields, contract.AttrStatus.GetName())
	x.Number = attribute[int64](fields, contract.AttrNumber.GetName())
	x.StageSince = attribute[time.Time](fields, contract.AttrStageSince.GetName())
	x.Due = attribute[time.Time](fields, contract.AttrDueAt.GetName())
	return x, ok
}

// attribute is the value of a search attribute; the zero value if it is not set or cannot be decoded.
func attribute[T any](fields map[string]*commonpb.Payload, name string) T {
	var value, none T
	if payload := fields[name]; payload == nil || DataConverter().FromPayload(payload, &value) != nil {
		return none
	}
	return value
}

// Inspection is the current state of a request's workflow on the server, read without a worker.
type Inspection struct {
	Execution
	Found   bool
	Ended   string // how it ended: completed, terminated, …; empty while it is running
	Failing string // what fails repeatedly, in words; empty: nothing
	BadTask bool   // it is the workflow task that fails: the workflow cannot do anything
}

// Inspect reads the newest execution of a request's workflow.
func (e *Engine) Inspect(ctx context.Context, id string) (Inspection, error) {
	found, err := e.client.DescribeWorkflowExecution(ctx, contract.RequestWorkflowID(id), "")
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return Inspection{}, nil
	}
	if err != nil {
		return Inspection{}, fault(err, "describe request "+id)
	}
	x, _ := execution(found.GetWorkflowExecutionInfo())
	in := Inspection{Execution: x, Found: true, Failing: failing(found), BadTask: badTask(found)}
	if !x.Running {
		in.Ended = ending(found.GetWorkflowExecutionInfo().GetStatus())
	}
	return in, nil
}

// EndedCompleted is the only value of Ended for a workflow that was not ended by force.
const EndedCompleted = "completed"

func ending(status enumspb.WorkflowExecutionStatus) string {
	words := map[enumspb.WorkflowExecutionStatus]string{
		enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED: EndedCompleted, enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated",
		enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED: "cancelled", enumspb.WORKFLOW_EXECUTION_STATUS_FAILED: "failed",
		enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed out",
	}
	if word := words[status]; word != "" {
		return word
	}
	return strings.ToLower(status.String())
}

func badTask(d *workflowservice.DescribeWorkflowExecutionResponse) bool {
	return d.GetPendingWorkflowTask().GetAttempt() >= failingTask
}

func failing(d *workflowservice.DescribeWorkflowExecutionResponse) string {
	if badTask(d) {
		return "its workflow task fails repeatedly"
	}
	for _, a := range d.GetPendingActivities() {
		if a.GetAttempt() >= failingActivity {
			return fmt.Sprintf("the activity %s fails repeatedly: %s", a.GetActivityType().GetName(), a.GetLastFailure().GetMessage())
		}
	}
	return ""
}

// Wake sends a request a signal that changes no state: it causes a workflow task, and the request looks for a team again if it waits for one.
func (e *Engine) Wake(ctx context.Context, id string) error {
	err := e.client.SignalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalCapacity, contract.Pulled{PrioritizationID: "reconcile"})
	if err != nil {
		return fault(err, "wake request "+id)
	}
	return nil
}

// TellPulled tells a request of the slot it holds; told is false when its workflow does not run.
func (e *Engine) TellPulled(ctx context.Context, id string, p pmo.Pull) (told bool, err error) {
	err = e.client.SignalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalPulled, contract.Pulled{PrioritizationID: p.Run, At: p.At})
	switch {
	case err == nil:
		return true, nil
	case isWorkflowEnded(err):
		return false, nil
	}
	return false, fault(err, "tell request "+id)
}
