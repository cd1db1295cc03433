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

// PrioritizeNow starts a prioritization run somebody asked for and names it. The same actor and key name the same run.
func (e *Engine) PrioritizeNow(ctx context.Context, in contract.PrioritizationInput, key string) (string, error) {
	id := contract.PrioritizeNowID(in.Portfolio, SubmissionRequestID(in.Actor+"\x00run", key))
	ctx, cancel := context.WithTimeout(ctx, submitWithin)
	defer cancel()
	_, err := e.client.ExecuteWorkflow(ctx, prioritizationOptions(id, in), contract.WorkflowPrioritizationRun, in)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return "", fault(err, "start prioritization run")
	}
	return id, nil
}

// PrioritizeSoon sees to it that a run of the portfolio starts within gap, at most one a gap however often it is called: the run of
// this slot of time, or if that has started already (and may have looked before the cause came), the run of the next.
func (e *Engine) PrioritizeSoon(ctx context.Context, portfolio string, now time.Time, gap time.Duration) error {
	in := contract.PrioritizationInput{Portfolio: portfolio, Cause: "capacity"}
	slot := now.UTC().Truncate(gap)
	first := prioritizationOptions(contract.PrioritizeSoonID(portfolio, slot), in)
	first.WorkflowExecutionErrorWhenAlreadyStarted = true
	_, err := e.client.ExecuteWorkflow(ctx, first, contract.WorkflowPrioritizationRun, in)
	if err == nil {
		return nil
	}
	if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fault(err, "start prioritization run")
	}
	next := prioritizationOptions(contract.PrioritizeSoonID(portfolio, slot.Add(gap)), in)
	next.StartDelay = slot.Add(gap).Sub(now)
	_, err = e.client.ExecuteWorkflow(ctx, next, contract.WorkflowPrioritizationRun, in)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fault(err, "start next prioritization run")
	}
	return nil
}

// PrioritizationResult waits for a run; done is false when it has not ended in time.
func (e *Engine) PrioritizationResult(ctx context.Context, id string, wait time.Duration) (ranked contract.PrioritizationResult, done bool, err error) {
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

func prioritizationOptions(id string, in contract.PrioritizationInput) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: id, TaskQueue: contract.QueueMain, StaticSummary: prioritizationSummary(in),
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		TypedSearchAttributes:    temporal.NewSearchAttributes(contract.AttrPortfolio.ValueSet(in.Portfolio)),
	}
}

func prioritizationSummary(in contract.PrioritizationInput) string {
	words := map[string]string{"now": "asked for", "schedule": "on schedule", "capacity": "capacity freed", "expedite": "expedite arrived"}
	text := "Prioritization of " + in.Portfolio + ", " + words[in.Cause]
	if in.Dry {
		text += ", dry"
	}
	return truncate(text, summaryRunes)
}
