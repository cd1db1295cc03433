package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// Time limits of steps.
const (
	// localLimit is how long a step on our own database may take before an ordinary activity takes over.
	localLimit = 2 * time.Second
	// stepLimit is one attempt of an ordinary activity. It is retried for ever: a step is late, never lost.
	stepLimit = 10 * time.Second
	// termsValidFor is how old the terms of a question may be when it opens: its deadlines count from when the terms were asked for.
	termsValidFor = 10 * time.Minute
	// prioritizationLimit is one attempt to rank a whole portfolio.
	prioritizationLimit = 5 * time.Minute
)

// Time limits of calls to the teams' tool: nothing of ours waits for it.
const (
	// toolLimit is one attempt.
	toolLimit = 20 * time.Second
	// toolPatience is how long attempts go on while the request does.
	toolPatience = 24 * time.Hour
	// toolFinalPatience is how long they go on once the request has ended.
	toolFinalPatience = time.Minute
)

// summaryBytes is the longest summary as JSON. The server accepts 400 bytes with the metadata of the payload.
const summaryBytes = 360

var retryForever = &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Minute}

func localOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: localLimit, Summary: summary, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}

func activityOptions(ctx workflow.Context, summary string, limit time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: limit, Summary: summary, RetryPolicy: retryForever})
}

// integrationOptions are for calls to the teams' tool: on a task queue of their own, so that a slow tool blocks nothing else. A cancelled
// call is waited for, which takes one attempt at most: the next call must not overtake it.
func integrationOptions(ctx workflow.Context, summary string, patience time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: contract.QueueIntegrations, StartToCloseTimeout: toolLimit, ScheduleToCloseTimeout: patience, Summary: summary,
		WaitForCancellation: true, RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute},
	})
}

// runWithFallback runs a step on our own database: as a local activity, which costs one event and no round trip; when that fails, as an
// ordinary activity until it succeeds. A step that can never succeed is a bug: it fails this workflow task, visibly, until a fixed worker
// runs. fallbacks, where not nil, counts the step while it waits in the ordinary activity.
func runWithFallback[Out, In any](ctx workflow.Context, fallbacks *int, activity, summary string, in In) Out {
	var out Out
	local := localOptions(ctx, summary)
	err := workflow.ExecuteLocalActivity(local, activity, in).Get(local, &out)
	if err == nil || ctx.Err() != nil {
		return out
	}
	if fallbacks != nil {
		*fallbacks++
		defer func() { *fallbacks-- }()
	}
	workflow.GetLogger(ctx).Warn("step falls back to an ordinary activity", "step", activity, "error", err)
	ordinary := activityOptions(ctx, summary, stepLimit)
	if err = workflow.ExecuteActivity(ordinary, activity, in).Get(ordinary, &out); err != nil && ctx.Err() == nil {
		panic("step " + activity + " cannot succeed: " + err.Error())
	}
	return out
}

// applyIfUnchanged runs a step and applies its answer, unless the request changed meanwhile: then the next step follows from the changed
// state, and what this one did in Postgres (capacity held for a team) is reconciled by the next projection.
func applyIfUnchanged[Out, In any](r *requestWorkflow, ctx workflow.Context, activity, summary string, in In, apply func(Out)) {
	before := r.state.Seq
	out := runWithFallback[Out](ctx, &r.fallbacks, activity, summary, in)
	switch {
	case ctx.Err() != nil:
	case r.state.Seq == before:
		apply(out)
	default:
		r.state.BumpSeq()
	}
}
