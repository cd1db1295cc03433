package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// alarm is the one timer of a request: set to the earliest due moment and named after it. Await with a timeout would leave its
// timer running, so it is not used.
type alarm struct {
	at     time.Time
	timer  workflow.Future
	cancel workflow.CancelFunc
}

// set moves the alarm; the zero time turns it off.
func (a *alarm) set(ctx workflow.Context, at time.Time, what string) {
	if a.timer != nil && !a.timer.IsReady() && a.at.Equal(at) {
		return
	}
	a.off()
	a.at = at
	if at.IsZero() {
		return
	}
	ctx, a.cancel = workflow.WithCancel(ctx)
	a.timer = workflow.NewTimerWithOptions(ctx, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: what})
}

func (a *alarm) rings() bool { return a.timer != nil && a.timer.IsReady() }

// off cancels the alarm: a closing request waits for nothing.
func (a *alarm) off() {
	if a.timer != nil {
		a.cancel() // of one that rang: lets go of its context
	}
	a.timer = nil
}
