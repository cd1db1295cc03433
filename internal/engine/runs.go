package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
)

// RunNow starts a prioritization run somebody asked for and names it. The same actor and key name the same run.
func (e *Engine) RunNow(ctx context.Context, in contract.RunInput, key string) (string, error) {
	id := contract.RunNowID(in.Portfolio, RequestID(in.Actor+"\x00run", key))
	ctx, cancel := context.WithTimeout(ctx, submitWithin)
	defer cancel()
	_, err := e.client.ExecuteWorkflow(ctx, runOptions(id, in), contract.WorkflowPrioritizationRun, in)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return "", fault(err, "start prioritization run")
	}
	return id, nil
}

// RunSoon sees to it that a run of the portfolio starts within gap, at most one a gap however often it is called: the run of
// this slot of time, or if that has started already (and may have looked before the cause came), the run of the next.
func (e *Engine) RunSoon(ctx context.Context, portfolio string, now time.Time, gap time.Duration) error {
	in := contract.RunInput{Portfolio: portfolio, Cause: "capacity"}
	slot := now.UTC().Truncate(gap)
	first := runOptions(contract.RunSoonID(portfolio, slot), in)
	first.WorkflowExecutionErrorWhenAlreadyStarted = true
	_, err := e.client.ExecuteWorkflow(ctx, first, contract.WorkflowPrioritizationRun, in)
	if err == nil {
		return nil
	}
	if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fault(err, "start prioritization run")
	}
	next := runOptions(contract.RunSoonID(portfolio, slot.Add(gap)), in)
	next.StartDelay = slot.Add(gap).Sub(now)
	_, err = e.client.ExecuteWorkflow(ctx, next, contract.WorkflowPrioritizationRun, in)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fault(err, "start next prioritization run")
	}
	return nil
}

// RunResult waits for a run; done is false when it has not ended in time.
func (e *Engine) RunResult(ctx context.Context, id string, wait time.Duration) (ranked contract.Ranked, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	err = e.client.GetWorkflow(ctx, id, "").Get(ctx, &ranked)
	switch {
	case err == nil:
		return ranked, true, nil
	case isUnknownOutcome(err), ctx.Err() != nil:
		return ranked, false, nil
	}
	var failed *temporal.WorkflowExecutionError
	if errors.As(err, &failed) {
		return ranked, true, fmt.Errorf("run %s failed: %w", id, err)
	}
	return ranked, false, fault(err, "wait for prioritization run")
}

func runOptions(id string, in contract.RunInput) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: id, TaskQueue: contract.QueueMain, StaticSummary: runSummary(in),
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		TypedSearchAttributes:    temporal.NewSearchAttributes(contract.AttrPortfolio.ValueSet(in.Portfolio)),
	}
}

func runSummary(in contract.RunInput) string {
	words := map[string]string{"now": "asked for", "schedule": "on schedule", "capacity": "capacity freed", "expedite": "expedite arrived"}
	text := "Prioritization of " + in.Portfolio + ", " + words[in.Cause]
	if in.Dry {
		text += ", dry"
	}
	return truncate(text, summaryRunes)
}
