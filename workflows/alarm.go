package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// alarm is the one timer of a request, named after what it was set for. Await with a timeout would leave its timer running, so it
// is not used.
type alarm struct {
	at     time.Time // when it rings; zero while it is off
	timer  workflow.Future
	cancel workflow.CancelFunc
}

// set lets the alarm ring at a moment; the zero time turns it off. A patient alarm is left alone when it rings before that moment:
// moving it costs two events and two writes of the server with every answer, and one that rings early finds nothing to do and is
// set anew.
func (a *alarm) set(ctx workflow.Context, at time.Time, what string, patient bool) {
	running := a.timer != nil && !a.timer.IsReady()
	if running && (a.at.Equal(at) || patient && a.at.Before(at)) {
		return
	}
	a.off()
	if at.IsZero() {
		return
	}
	a.at = at
	ctx, a.cancel = workflow.WithCancel(ctx)
	a.timer = workflow.NewTimerWithOptions(ctx, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: what})
}

func (a *alarm) rings() bool { return a.timer != nil && a.timer.IsReady() }

// off cancels the alarm: a request on hold waits for no moment.
func (a *alarm) off() {
	if a.timer != nil {
		a.cancel() // of one that rang: lets go of its context
	}
	*a = alarm{}
}
