package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// PrioritizeNow starts a prioritization that a person requested and returns its workflow id. The same actor and key give the same id.
func (e *Engine) PrioritizeNow(ctx context.Context, in contract.PrioritizationInput, key string) (string, error) {
	id := contract.PrioritizeNowID(in.Portfolio, SubmissionRequestID(in.Actor+"\x00run", key))
	ctx, cancel := context.WithTimeout(ctx, submitWithin)
	defer cancel()
	_, err := e.client.ExecuteWorkflow(ctx, prioritizationOptions(id, in), contract.WorkflowPrioritizationRun, in)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return "", fault(err, "start prioritization")
	}
	return id, nil
}

// PrioritizeSoon starts a prioritization of the portfolio within gap, at most one in each interval of that length however often it is
// called: the one of this interval, or if that has started already (and may have read the backlog too early), the one of the next.
func (e *Engine) PrioritizeSoon(ctx context.Context, portfolio, cause string, now time.Time, gap time.Duration) error {
	in := contract.PrioritizationInput{Portfolio: portfolio, Cause: cause}
	interval := now.UTC().Truncate(gap)
	first := prioritizationOptions(contract.PrioritizeSoonID(portfolio, interval), in)
	first.WorkflowExecutionErrorWhenAlreadyStarted = true
	_, err := e.client.ExecuteWorkflow(ctx, first, contract.WorkflowPrioritizationRun, in)
	if err == nil {
		return nil
	}
	if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fault(err, "start prioritization")
	}
	next := prioritizationOptions(contract.PrioritizeSoonID(portfolio, interval.Add(gap)), in)
	next.StartDelay = interval.Add(gap).Sub(now)
	_, err = e.client.ExecuteWorkflow(ctx, next, contract.WorkflowPrioritizationRun, in)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fault(err, "start next prioritization")
	}
	return nil
}

// PrioritizationResult waits for a prioritization; done is false when it has not ended within wait.
func (e *Engine) PrioritizationResult(ctx context.Context, id string, wait time.Duration) (result contract.PrioritizationResult, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	err = e.client.GetWorkflow(ctx, id, "").Get(ctx, &result)
	switch {
	case err == nil:
		return result, true, nil
	case isUnknownOutcome(err), ctx.Err() != nil:
		return result, false, nil
	}
	var failed *temporal.WorkflowExecutionError
	if errors.As(err, &failed) {
		return result, true, fmt.Errorf("prioritization %s failed: %w", id, err)
	}
	return result, false, fault(err, "wait for prioritization")
}

func prioritizationOptions(id string, in contract.PrioritizationInput) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: id, TaskQueue: contract.QueueMain, StaticSummary: prioritizationSummary(in),
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		TypedSearchAttributes:    temporal.NewSearchAttributes(contract.AttrPortfolio.ValueSet(contract.AttributeText(in.Portfolio))),
	}
}

func prioritizationSummary(in contract.PrioritizationInput) string {
	causes := map[string]string{"now": "asked for", "schedule": "on schedule", "capacity": "capacity freed", "expedite": "expedite arrived"}
	text := "Prioritization of " + in.Portfolio + ", " + causes[in.Cause]
	if in.Dry {
		text += ", dry"
	}
	return pmo.Truncate(text, summaryBytes)
}

// leastCatchup is the shortest catch-up window that the server accepts.
const leastCatchup = 10 * time.Second

// KeepSchedules creates the portfolios' schedules, or updates them. It is idempotent.
func (e *Engine) KeepSchedules(ctx context.Context, portfolios []Portfolio) error {
	for _, p := range portfolios {
		if err := e.ensureSchedule(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// DropSchedule removes the schedule of a portfolio that the policy no longer has. It is idempotent.
func (e *Engine) DropSchedule(ctx context.Context, portfolio string) error {
	err := e.client.ScheduleClient().GetHandle(ctx, contract.ScheduleID(portfolio)).Delete(ctx)
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return nil
	}
	return err
}

// ensureSchedule creates a portfolio's schedule or updates it to the policy. It keeps a pause that somebody set.
func (e *Engine) ensureSchedule(ctx context.Context, p Portfolio) error {
	wanted := schedule(p)
	_, err := e.client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: contract.ScheduleID(p.ID), Spec: *wanted.Spec, Action: wanted.Action,
		Overlap: wanted.Policy.Overlap, CatchupWindow: wanted.Policy.CatchupWindow,
	})
	if err == nil {
		return nil
	}
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return fmt.Errorf("create schedule of %s: %w", p.ID, err)
	}
	err = e.client.ScheduleClient().GetHandle(ctx, contract.ScheduleID(p.ID)).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			if upToDate(in.Description.Schedule, wanted) {
				return nil, temporal.ErrSkipScheduleUpdate
			}
			changed := wanted
			changed.State = in.Description.Schedule.State
			return &client.ScheduleUpdate{Schedule: &changed}, nil
		},
	})
	if err != nil && !errors.Is(err, temporal.ErrSkipScheduleUpdate) {
		return fmt.Errorf("update schedule of %s: %w", p.ID, err)
	}
	return nil
}

// noteBytes is the longest note of a schedule, as JSON.
const noteBytes = 2000

// NoteRun lets the page of a portfolio's schedule say what a run did. A portfolio without a schedule has no such page.
func (e *Engine) NoteRun(ctx context.Context, portfolio, note string) error {
	err := e.client.ScheduleClient().GetHandle(ctx, contract.ScheduleID(portfolio)).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			return noted(in.Description.Schedule, portfolio, note)
		},
	})
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) || errors.Is(err, temporal.ErrSkipScheduleUpdate) {
		return nil
	}
	return err
}

// noted is the schedule with the note. A note that a person wrote there, as on pausing it, is kept.
func noted(have client.Schedule, portfolio, note string) (*client.ScheduleUpdate, error) {
	state := client.ScheduleState{}
	if have.State != nil {
		state = *have.State
	}
	if state.Paused {
		return nil, temporal.ErrSkipScheduleUpdate
	}
	state.Note = pmo.Truncate(note, noteBytes)
	have.State, have.Action = &state, scheduleAction(portfolio)
	return &client.ScheduleUpdate{Schedule: &have}, nil
}

func scheduleAction(portfolio string) *client.ScheduleWorkflowAction {
	in := contract.PrioritizationInput{Portfolio: portfolio, Cause: "schedule"}
	return &client.ScheduleWorkflowAction{
		ID: contract.ScheduleID(portfolio), Workflow: contract.WorkflowPrioritizationRun, Args: []any{in},
		TaskQueue: contract.QueueMain, StaticSummary: prioritizationSummary(in),
		TypedSearchAttributes: temporal.NewSearchAttributes(contract.AttrPortfolio.ValueSet(contract.AttributeText(portfolio))),
	}
}

func schedule(p Portfolio) client.Schedule {
	catchup := p.Catchup
	if catchup == 0 {
		catchup = p.Every
	}
	return client.Schedule{
		Spec:   &client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: p.Every}}},
		Action: scheduleAction(p.ID),
		Policy: &client.SchedulePolicies{
			Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE, CatchupWindow: max(catchup, leastCatchup),
		},
	}
}

// upToDate compares the parts that a policy can change; the other parts of a schedule are constant in this version.
func upToDate(have, want client.Schedule) bool {
	if have.Spec == nil || have.Policy == nil || len(have.Spec.Intervals) != 1 || len(have.Spec.Calendars) != 0 {
		return false
	}
	action, ok := have.Action.(*client.ScheduleWorkflowAction)
	return ok && have.Spec.Intervals[0].Every == want.Spec.Intervals[0].Every &&
		have.Policy.Overlap == want.Policy.Overlap && have.Policy.CatchupWindow == want.Policy.CatchupWindow &&
		action.ID == want.Action.(*client.ScheduleWorkflowAction).ID && action.TaskQueue == contract.QueueMain
}
