package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

// Deps are what a Dispatcher stands on.
type Deps struct {
	Store     *store.Store
	Directory *directory.Directory
	Sender    Sender   // needed where the directory has addresses
	Journal   *Journal // for those without one; nil: they look into their inbox
	Link      string   // what links begin with, such as https://pmo.example; may be empty
	Log       *slog.Logger
	Now       func() time.Time
}

// How often and how much. Endpoints share the places, and none gets more than a few: a slow one waits for itself.
const (
	lookEvery   = time.Second
	leadEvery   = 5 * time.Second // another may lead, or the database is away
	batch       = 200
	atOneTime   = 64
	perEndpoint = 4
	stopWithin  = 5 * time.Second // how long attempts under way may take when we stop
	sayEvery    = time.Minute
	forgetEvery = 10 * time.Minute
	lateAfter   = 10 * time.Minute // a backlog older than this is a warning
	keepSent    = 7 * 24 * time.Hour
	keepDead    = 90 * 24 * time.Hour
)

// Dispatcher tells people. Run it in every worker: one of them leads.
type Dispatcher struct {
	Deps
	addresses addressBook
	inFlight  inFlight
	wake      chan struct{}
	failed    chan error // why nothing can be noted any more
	said      time.Time
	forgot    time.Time
	jitter    func(time.Duration) time.Duration
}

// New makes a dispatcher.
func New(d Deps) *Dispatcher {
	if d.Now == nil {
		d.Now = time.Now
	}
	return &Dispatcher{Deps: d, addresses: addressBook{d.Directory}, inFlight: newInFlight(), wake: make(chan struct{}, 1), failed: make(chan error, 1), jitter: addJitter}
}

// Run tells people until ctx ends. Nothing that fails ends it: it pauses and tries again.
func (d *Dispatcher) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := d.lead(ctx); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "telling people pauses", "cause", err)
		}
		pause(ctx, leadEvery, nil)
	}
}

func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
	}
}

// lead works while this worker leads; nil without an error when another one does.
func (d *Dispatcher) lead(ctx context.Context) error {
	lead, err := d.Store.LeadNotify(ctx)
	if err != nil || lead == nil {
		return err
	}
	defer lead.Release()
	d.Log.InfoContext(ctx, "this worker tells people", "term", lead.Term)
	d.reset()
	// What is under way when ctx ends gets a moment to finish and be noted, or it would be sent twice.
	attempts, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer d.inFlight.drain(stopWithin, abandon)
	for ctx.Err() == nil {
		more, err := d.pass(ctx, attempts, lead)
		if err != nil {
			return err
		}
		if !more {
			pause(ctx, lookEvery, d.wake)
		}
	}
	return nil
}

// reset forgets what the term before left behind.
func (d *Dispatcher) reset() {
	for {
		select {
		case <-d.wake:
		case <-d.failed:
		default:
			return
		}
	}
}

// pass reads one page of the feed and starts what is due; more tells that there is more to read at once.
func (d *Dispatcher) pass(ctx, attempts context.Context, lead *store.NotifyLead) (more bool, err error) {
	select {
	case err := <-d.failed:
		return false, err
	default:
	}
	if err := lead.Check(ctx); err != nil {
		return false, err
	}
	if more, err = d.collect(ctx, lead); err != nil {
		return false, err
	}
	if err := d.dispatch(ctx, attempts, lead.Term); err != nil {
		return false, err
	}
	return more, errors.Join(d.logBacklog(ctx), d.forget(ctx))
}

// logBacklog tells operators, once a minute, how far behind we are.
func (d *Dispatcher) logBacklog(ctx context.Context) error {
	now := d.Now()
	if now.Sub(d.said) < sayEvery {
		return nil
	}
	d.said = now
	open, oldest, err := d.Store.NotifyBacklog(ctx)
	if err != nil || oldest == nil {
		return err
	}
	level, age := slog.LevelInfo, now.Sub(*oldest)
	if age > lateAfter {
		level = slog.LevelWarn
	}
	d.Log.Log(ctx, level, "notifications wait", "open", open, "oldest_seconds", int(age.Seconds()))
	return nil
}

// forget deletes what was settled long ago, a part at a time.
func (d *Dispatcher) forget(ctx context.Context) error {
	now := d.Now()
	if now.Sub(d.forgot) < forgetEvery {
		return nil
	}
	d.forgot = now
	_, err := d.Store.ForgetNotifications(ctx, now.Add(-keepSent), now.Add(-keepDead))
	return err
}
