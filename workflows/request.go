package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Request is one request from submission to closure, however many months that takes.
func Request(ctx workflow.Context, in contract.RequestInput) (contract.RequestResult, error) {
	r := newRun(ctx, in)
	for !r.state.Closed() {
		if err := r.turn(ctx); err != nil {
			return r.leave(ctx, err)
		}
	}
	return r.finish(ctx)
}

// turn lets the stage do one thing; when there is nothing to do, it waits for somebody or for the alarm.
func (r *run) turn(ctx workflow.Context) error {
	if r.state.Status == pmo.StatusOnHold || !r.stage(ctx) {
		return r.wait(ctx)
	}
	return ctx.Err()
}

// stage does the next thing of the stage the request is in. It tells whether there was one.
func (r *run) stage(ctx workflow.Context) bool {
	switch r.state.Stage {
	case pmo.StageIntake:
		return r.intake(ctx)
	case pmo.StageReview:
		return r.review(ctx)
	case pmo.StagePrioritization:
		return r.prioritization(ctx)
	case pmo.StageApproach:
		return r.approach(ctx)
	case pmo.StageAssignment:
		return r.assignment(ctx)
	case pmo.StageExecution:
		return r.execution(ctx)
	default:
		return r.closure(ctx)
	}
}

// enter moves the request to the next stage.
func (r *run) enter(ctx workflow.Context, stage pmo.Stage) bool {
	r.state.Enter(stage, workflow.Now(ctx))
	return true
}
