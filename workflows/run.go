package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// run is one execution of Request: the state, and what is not worth carrying over continue-as-new.
type run struct {
	state      *pmo.Request
	alarm      alarm
	patient    bool  // the alarm is moved only to ring earlier, and the Temporal UI follows it; see contract.ChangePatience
	seen       int64 // the state's seq when the process began to wait
	waiting    bool
	degraded   int       // steps that have fallen back to an ordinary activity
	checking   int       // signals taken from the channel whose sender is still being checked
	renewing   bool      // a new run may take over
	telling    bool      // the team's tool is being told something
	written    int64     // the state's seq that Postgres has
	published  int64     // the state's seq that the Temporal UI shows
	announced  time.Time // the alarm's moment that the Temporal UI shows
	attributes values    // the search attributes last set
}

// newRun restores or begins the state and registers every handler before anything blocks.
func newRun(ctx workflow.Context, in contract.RequestInput) *run {
	r := &run{state: in.State, written: -1, published: -1}
	if r.state == nil {
		r.state = pmo.New(in.ID, in.Digest, in.Submission)
	}
	r.handle(ctx)
	r.listen(ctx)
	r.patient = workflow.GetVersion(ctx, contract.ChangeKeepEarlierTimer, workflow.DefaultVersion, 1) == 1
	if r.patient {
		r.state.StartEntryCounts()
	}
	workflow.Go(ctx, r.publish)
	workflow.Go(ctx, r.project)
	workflow.Go(ctx, r.tellTool)
	workflow.Go(ctx, r.renew) // after those that receive signals, see there
	return r
}

// quiet tells whether the process is about to wait: everything that follows from what happened has been done, or a step waits for
// the database to come back.
func (r *run) quiet() bool { return r.waiting && r.seen == r.state.Seq || r.degraded > 0 }

// wait blocks until somebody does something or the alarm rings. It returns errContinue when a new run should take over.
func (r *run) wait(ctx workflow.Context) error {
	now := workflow.Now(ctx)
	due, what := r.state.NextDue(now)
	if !due.IsZero() && !due.After(now) {
		r.state.FireDue(now)
		return ctx.Err()
	}
	r.alarm.set(ctx, due, what, r.patient)
	r.seen, r.waiting = r.state.Seq, true
	err := workflow.Await(ctx, func() bool { return r.state.Seq != r.seen || r.alarm.rings() || r.renewing })
	renewing := r.renewing
	r.waiting, r.renewing = false, false
	switch {
	case err != nil:
		return err
	case r.state.Seq == r.seen && renewing && r.renewable(ctx):
		return errContinue
	}
	r.state.FireDue(workflow.Now(ctx))
	return nil
}

// settled lets a handler answer with what followed from its command, without waiting for a database that is away.
func (r *run) settled(ctx workflow.Context) {
	_ = workflow.Await(ctx, func() bool { return r.quiet() || r.state.Closed() })
}
