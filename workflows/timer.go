package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// deadlineTimer is the one timer of a request. workflow.AwaitWithTimeout would leave its timer running,
// so it is not used.
type deadlineTimer struct {
	at     time.Time // when it fires; zero while it is stopped
	timer  workflow.Future
	cancel workflow.CancelFunc
}

// set schedules the timer for a time; the zero time stops it. With keepEarlier a timer that fires before that time is kept: rescheduling
// costs two events and two writes of the server with every answer, and a timer that fires early finds nothing due and is set again.
func (d *deadlineTimer) set(ctx workflow.Context, at time.Time, what string, keepEarlier bool) {
	running := d.timer != nil && !d.timer.IsReady()
	if running && (d.at.Equal(at) || keepEarlier && d.at.Before(at)) {
		return
	}
	d.stop()
	if at.IsZero() {
		return
	}
	d.at = at
	ctx, d.cancel = workflow.WithCancel(ctx)
	d.timer = workflow.NewTimerWithOptions(ctx, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: what})
}

func (d *deadlineTimer) fired() bool { return d.timer != nil && d.timer.IsReady() }

// stop cancels the timer: a request on hold waits for no time.
func (d *deadlineTimer) stop() {
	if d.timer != nil {
		d.cancel() // also of one that fired: releases its context
	}
	*d = deadlineTimer{}
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
