package notify

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"leanpmo/internal/store"
)

// inFlight holds the messages with an attempt under way, and limits how many there are.
type inFlight struct {
	*sync.Mutex
	all         *sync.WaitGroup
	endpoints   map[string]string // by message id
	perEndpoint map[string]int    // number of attempts by endpoint
	mails       *int              // number of attempts by mail
}

func newInFlight() inFlight {
	return inFlight{Mutex: &sync.Mutex{}, all: &sync.WaitGroup{}, endpoints: map[string]string{}, perEndpoint: map[string]int{}, mails: new(int)}
}

// acquire adds a message if the limits allow it.
func (f inFlight) acquire(n store.Notification) bool {
	f.Lock()
	defer f.Unlock()
	if _, already := f.endpoints[n.ID]; already || len(f.endpoints) >= maxInFlight || f.perEndpoint[n.Endpoint] >= maxPerEndpoint {
		return false
	}
	if isMail(n.Endpoint) {
		if *f.mails >= maxMails {
			return false
		}
		*f.mails++
	}
	f.endpoints[n.ID] = n.Endpoint
	f.perEndpoint[n.Endpoint]++
	f.all.Add(1)
	return true
}

func (f inFlight) release(n store.Notification) {
	f.Lock()
	defer f.Unlock()
	delete(f.endpoints, n.ID)
	if f.perEndpoint[n.Endpoint]--; f.perEndpoint[n.Endpoint] == 0 {
		delete(f.perEndpoint, n.Endpoint)
	}
	if isMail(n.Endpoint) {
		*f.mails--
	}
	f.all.Done()
}

func (f inFlight) ids() []string {
	f.Lock()
	defer f.Unlock()
	ids := make([]string, 0, len(f.endpoints))
	for id := range f.endpoints {
		ids = append(ids, id)
	}
	return ids
}

// drain waits until all attempts have ended, and cancels those still running after the timeout.
func (f inFlight) drain(timeout time.Duration, cancel context.CancelFunc) {
	defer cancel()
	timer := time.AfterFunc(timeout, cancel)
	defer timer.Stop()
	f.all.Wait()
}

// dispatch starts an attempt for each due message, as far as the limits allow.
func (d *Dispatcher) dispatch(ctx, attempts context.Context, term int64) error {
	due, err := d.Store.DueNotifications(ctx, d.Now(), d.inFlight.ids(), maxPerEndpoint, pageSize)
	if err != nil {
		return err
	}
	for _, n := range due {
		if d.inFlight.acquire(n.Notification) {
			if !d.allowed(n.Endpoint) {
				d.inFlight.release(n.Notification)
				continue
			}
			go d.attempt(attempts, term, n)
		}
	}
	return nil
}

// attempt makes one attempt and stores its outcome. An outcome that cannot be stored ends this worker's leadership: otherwise the same
// messages would be sent again and again.
func (d *Dispatcher) attempt(ctx context.Context, term int64, due store.DueNotification) {
	n := due.Notification
	defer func() {
		d.inFlight.release(n)
		select {
		case d.wake <- struct{}{}:
		default: // a wake-up is already pending
		}
	}()
	to, refused := d.receiver(due)
	body := []byte(n.Body)
	if due.Event == eventDigest && refused == nil {
		body, refused = d.digestAsReadable(ctx, due)
	}
	if due.Confidential && refused == nil {
		if body, refused = withoutContent(body); refused != nil {
			refused = errUnreadable
		}
	}
	var failed error
	if refused == nil {
		send, cancel := context.WithTimeout(ctx, sendTimeout)
		failed = d.senderTo(to).Send(send, to, Message{ID: n.ID, Body: body, At: d.Now()})
		cancel()
	}
	if ctx.Err() != nil && failed != nil {
		return // cancelled by our own shutdown: it does not count as an attempt, and the next leader tries again
	}
	ctx = context.WithoutCancel(ctx)
	if err := d.attempts.record(ctx, term, d.result(ctx, n, to, refused, failed)); err != nil {
		select {
		case d.failed <- err:
		default: // one error is enough to stop
		}
	}
}

// receiver returns the address of a message, or why it is not to be sent.
func (d *Dispatcher) receiver(n store.DueNotification) (Address, error) {
	to, known := d.addresses.find(n.Endpoint)
	switch {
	case !known:
		return to, errNoAddress
	case !d.addresses.everyoneMayRead(n):
		return to, errMayNotRead
	}
	return to, nil
}

// result judges an attempt and logs it. The reason of a failure is stored and shown to operators.
func (d *Dispatcher) result(ctx context.Context, n store.Notification, to Address, refused, failed error) store.Attempt {
	log := d.Log.With("message", n.ID, "request", n.Request, "endpoint", n.Endpoint, "event", n.Event, "attempt", n.Attempts+1)
	a := store.Attempt{Message: n, At: d.Now()}
	switch {
	case refused != nil:
		log.WarnContext(ctx, "notification given up", "reason", refused)
		a.Result, a.Reason = store.AttemptRefused, refused.Error()
		return a
	case failed == nil:
		log.DebugContext(ctx, "notification delivered")
		a.Result = store.AttemptDelivered
		return a
	}
	failure := &Failure{Reason: failed.Error()}
	_ = errors.As(failed, &failure)
	a.Reason = failure.Reason
	wait, again := nextAttempt(n.Attempts+1, failure.RetryAfter, d.jitter)
	switch {
	case failure.Gone:
		log.WarnContext(ctx, "endpoint is disabled", "reason", failure.Reason)
		a.Result, a.Digest = store.AttemptGone, to.Digest()
	case !again || failure.Final:
		log.WarnContext(ctx, "notification given up", "reason", failure.Reason)
		a.Result = store.AttemptGivenUp
	default:
		a.Result, a.NextAt = store.AttemptFailed, a.At.Add(wait)
		log.InfoContext(ctx, "notification failed", "reason", failure.Reason, "retry_at", a.NextAt)
	}
	return a
}

var (
	errNoAddress  = errors.New("the directory no longer has an address")
	errUnreadable = errors.New("the stored message cannot be read")
	errMayNotRead = errors.New("the request has become confidential, and the recipient may not read it")
)

// schedule is the wait before each attempt. Together about three days, so that an outage over a long weekend loses nothing.
var schedule = []time.Duration{0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour,
	14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// maxRetryAfter is the longest wait a receiver may request.
const maxRetryAfter = 24 * time.Hour

// nextAttempt is the wait after the attempts made so far; false when there is no further one. The longer of the schedule's wait and
// the one requested by the receiver counts.
func nextAttempt(made int, requested time.Duration, jitter func(time.Duration) time.Duration) (time.Duration, bool) {
	if made >= len(schedule) {
		return 0, false
	}
	return max(jitter(schedule[made]), min(requested, maxRetryAfter)), true
}

// addJitter adds up to a fifth, so that messages that failed together are not all retried at the same moment.
func addJitter(d time.Duration) time.Duration {
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
