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

// leastCatchup is the shortest catch-up window the server takes.
const leastCatchup = 10 * time.Second

// ensureSchedule creates a portfolio's schedule or brings it to what the policy says. A pause somebody set stays.
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

func schedule(p Portfolio) client.Schedule {
	catchup := p.Catchup
	if catchup == 0 {
		catchup = p.Every
	}
	in := contract.PrioritizationInput{Portfolio: p.ID, Cause: "schedule"}
	return client.Schedule{
		Spec: &client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: p.Every}}},
		Action: &client.ScheduleWorkflowAction{
			ID: contract.ScheduleID(p.ID), Workflow: contract.WorkflowPrioritizationRun, Args: []any{in},
			TaskQueue: contract.QueueMain, StaticSummary: prioritizationSummary(in),
			TypedSearchAttributes: temporal.NewSearchAttributes(contract.AttrPortfolio.ValueSet(p.ID)),
		},
		Policy: &client.SchedulePolicies{
			Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE, CatchupWindow: max(catchup, leastCatchup),
		},
	}
}

// upToDate compares what a policy can change; everything else of a schedule is fixed by this code's version.
func upToDate(have, want client.Schedule) bool {
	if have.Spec == nil || have.Policy == nil || len(have.Spec.Intervals) != 1 || len(have.Spec.Calendars) != 0 {
		return false
	}
	action, ok := have.Action.(*client.ScheduleWorkflowAction)
	return ok && have.Spec.Intervals[0].Every == want.Spec.Intervals[0].Every &&
		have.Policy.Overlap == want.Policy.Overlap && have.Policy.CatchupWindow == want.Policy.CatchupWindow &&
		action.ID == want.Action.(*client.ScheduleWorkflowAction).ID && action.TaskQueue == contract.QueueMain
}
