package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// The option profiles: what gives up, and when.
const (
	// localLimit is how long a step on our own database may take before an ordinary activity takes over.
	localLimit = 2 * time.Second
	// stepLimit is one attempt of an ordinary step. It is repeated for ever: a step is late, never lost.
	stepLimit = 10 * time.Second
	// staleAfter is how old the terms of a question may be when it opens: its deadlines were counted from when they were asked for.
	staleAfter = 10 * time.Minute
	// runLimit is one attempt at ranking a whole portfolio.
	runLimit = 5 * time.Minute
)

// A call to the outside has its own limits: nothing waits for a tool that is not ours.
const (
	// toolLimit is one attempt.
	toolLimit = 20 * time.Second
	// toolPatience is how long attempts go on while the request does.
	toolPatience = 24 * time.Hour
	// toolFarewell is how long a request that has ended waits for its tool to hear of it.
	toolFarewell = time.Minute
)

var forEver = &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Minute}

func locally(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: localLimit, Summary: summary, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}

func ordinarily(ctx workflow.Context, summary string, limit time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: limit, Summary: summary, RetryPolicy: forEver})
}

// outside is for calls to the teams' tool: on a queue of their own, so that a slow tool starves nobody. A cancelled call is waited
// for, which takes one attempt at most: the next call must not overtake it.
func outside(ctx workflow.Context, summary string, patience time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: contract.QueueIntegrations, StartToCloseTimeout: toolLimit, ScheduleToCloseTimeout: patience, Summary: summary,
		WaitForCancellation: true, RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute},
	})
}

// own runs a step on our own database: locally, which costs one event and no round trip; when that fails, as an ordinary activity
// until it succeeds. A step that can never succeed is a bug: it stops this workflow task, visibly, until a fixed worker runs.
func own[Out, In any](r *run, ctx workflow.Context, activity, summary string, in In) Out {
	var out Out
	local := locally(ctx, summary)
	err := workflow.ExecuteLocalActivity(local, activity, in).Get(local, &out)
	if err == nil || ctx.Err() != nil {
		return out
	}
	r.degraded++
	defer func() { r.degraded-- }()
	workflow.GetLogger(ctx).Warn("step falls back to an ordinary activity", "step", activity, "error", err)
	ordinary := ordinarily(ctx, summary, stepLimit)
	if err = workflow.ExecuteActivity(ordinary, activity, in).Get(ordinary, &out); err != nil && ctx.Err() == nil {
		panic("step " + activity + " cannot succeed: " + err.Error())
	}
	return out
}

// look runs a step and lets take use its answer, unless the request changed meanwhile: then the stage looks again, and what the step
// did in Postgres (a team's capacity held) is made to agree with the state. It always tells that something was done.
func look[Out, In any](r *run, ctx workflow.Context, activity, summary string, in In, take func(Out)) bool {
	before := r.state.Seq
	out := own[Out](r, ctx, activity, summary, in)
	switch {
	case ctx.Err() != nil:
	case r.state.Seq == before:
		take(out)
	default:
		r.state.BumpSeq()
	}
	return true
}
