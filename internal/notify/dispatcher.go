package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
	"leanpmo/internal/sealed"
	"leanpmo/internal/store"
)

// Deps are what a Dispatcher needs.
type Deps struct {
	Store     *store.Store
	Directory *directory.Directory
	Sender    Sender // required when the directory has addresses
	Mail      Sender // to the people's e-mail addresses; nil: no mails are sent
	// MailsPerMinute bounds the mails; 0: no bound.
	MailsPerMinute int
	Keys           sealed.Keys     // open the addresses of chats that were set in the product; none: they are not used
	Journal        *Journal        // gets the messages of recipients without an address; may be nil
	Policy         *policy.Current // whose table says who hears of what; may be nil, or hold none yet: the default
	Link           string          // prefix of links, such as https://pmo.example; may be empty
	Log            *slog.Logger
	Now            func() time.Time
}

// Intervals and limits. A limit for each endpoint keeps a slow one from using up all attempts.
const (
	pollEvery       = time.Second
	leadRetryEvery  = 5 * time.Second // after another leads, or the database is unavailable
	pageSize        = 200
	maxInFlight     = 64
	maxPerEndpoint  = 4
	maxMails        = 8               // in flight: one server takes all of them, and while it is slow others are not held up
	drainTimeout    = 5 * time.Second // for attempts under way at shutdown
	logBacklogEvery = time.Minute
	purgeEvery      = 10 * time.Minute
	warnAfter       = 10 * time.Minute // a backlog older than this is a warning
	keepDelivered   = 7 * 24 * time.Hour
	keepDead        = 90 * 24 * time.Hour
)

// Dispatcher sends notifications. It runs in every worker; one of them is the leader.
type Dispatcher struct {
	Deps
	addresses       addressBook
	mailRate        *rate.Limiter
	inFlight        inFlight
	attempts        *recorder
	wake            chan struct{}
	failed          chan error // an outcome that could not be stored
	backlogLoggedAt time.Time
	purgedAt        time.Time
	digestsAt       time.Time // when due digests were last searched
	jitter          func(time.Duration) time.Duration
	moment          time.Duration // how long what one command causes may take
	since           time.Time     // from when the first dispatcher of a database notifies
}

// New makes a dispatcher.
func New(d Deps) *Dispatcher {
	if d.Now == nil {
		d.Now = time.Now
	}
	return &Dispatcher{Deps: d, addresses: addressBook{people: d.Directory, mail: d.Mail != nil, stored: &storedChats{}}, mailRate: mailRate(d.MailsPerMinute), inFlight: newInFlight(), attempts: &recorder{write: d.Store.RecordAttempts}, wake: make(chan struct{}, 1), failed: make(chan error, 1), jitter: addJitter, moment: momentLength, since: d.Now().Add(-mostSkew)}
}

// Serve sends notifications until ctx ends. After an error it pauses and tries again.
func (d *Dispatcher) Serve(ctx context.Context) {
	for ctx.Err() == nil {
		if err := d.lead(ctx); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "notifications paused", "cause", err)
		}
		pause(ctx, leadRetryEvery, nil)
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

// lead sends notifications while this worker is the leader. It returns nil at once when another worker is.
func (d *Dispatcher) lead(ctx context.Context) error {
	lead, err := d.Store.LeadNotify(ctx, d.since)
	if err != nil || lead == nil {
		return err
	}
	defer lead.Release()
	d.Log.InfoContext(ctx, "this worker leads the notifications", "term", lead.Term)
	d.reset()
	// Attempts under way when ctx ends get time to finish and to store their outcome; otherwise they would be sent twice.
	attempts, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer d.inFlight.drain(drainTimeout, cancel)
	for ctx.Err() == nil {
		more, err := d.pass(ctx, attempts, lead)
		if err != nil {
			return err
		}
		if !more {
			pause(ctx, pollEvery, d.wake)
		}
	}
	return nil
}

// reset empties the channels, which may hold signals of an earlier term.
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

// pass reads one page of the feed and starts the due attempts; more means that the next page can be read at once.
func (d *Dispatcher) pass(ctx, attempts context.Context, lead *store.NotifyLead) (more bool, err error) {
	select {
	case err := <-d.failed:
		return false, err
	default:
	}
	if err := lead.Check(ctx); err != nil {
		return false, err
	}
	if err := d.readChats(ctx); err != nil {
		return false, err
	}
	if more, err = d.collect(ctx, lead); err != nil {
		return false, err
	}
	if err := d.dispatch(ctx, attempts, lead.Term); err != nil {
		return false, err
	}
	return more, errors.Join(d.digests(ctx, lead.Term), d.logBacklog(ctx), d.purge(ctx))
}

// logBacklog logs once a minute how many messages wait and how old the oldest is.
func (d *Dispatcher) logBacklog(ctx context.Context) error {
	now := d.Now()
	if now.Sub(d.backlogLoggedAt) < logBacklogEvery {
		return nil
	}
	d.backlogLoggedAt = now
	open, oldest, err := d.Store.NotifyBacklog(ctx)
	if err != nil || oldest == nil {
		return err
	}
	level, age := slog.LevelInfo, now.Sub(*oldest)
	if age > warnAfter {
		level = slog.LevelWarn
	}
	d.Log.Log(ctx, level, "notifications wait", "open", open, "oldest_seconds", int(age.Seconds()))
	return nil
}

// purge deletes old delivered and dead messages, a limited number at a time.
func (d *Dispatcher) purge(ctx context.Context) error {
	now := d.Now()
	if now.Sub(d.purgedAt) < purgeEvery {
		return nil
	}
	d.purgedAt = now
	_, err := d.Store.ForgetNotifications(ctx, now.Add(-keepDelivered), now.Add(-keepDead))
	return err
}
