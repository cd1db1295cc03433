package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"leanpmo/internal/store"
)

// inFlight is what is under way.
type inFlight struct {
	*sync.Mutex
	all  *sync.WaitGroup
	busy map[string]string // endpoint by message id
	each map[string]int
}

func newInFlight() inFlight {
	return inFlight{Mutex: &sync.Mutex{}, all: &sync.WaitGroup{}, busy: map[string]string{}, each: map[string]int{}}
}

// acquire gives a message a place, if there is one.
func (f inFlight) acquire(n store.Notification) bool {
	f.Lock()
	defer f.Unlock()
	if _, already := f.busy[n.ID]; already || len(f.busy) >= atOneTime || f.each[n.Endpoint] >= perEndpoint {
		return false
	}
	f.busy[n.ID] = n.Endpoint
	f.each[n.Endpoint]++
	f.all.Add(1)
	return true
}

func (f inFlight) release(n store.Notification) {
	f.Lock()
	defer f.Unlock()
	delete(f.busy, n.ID)
	if f.each[n.Endpoint]--; f.each[n.Endpoint] == 0 {
		delete(f.each, n.Endpoint)
	}
	f.all.Done()
}

func (f inFlight) ids() []string {
	f.Lock()
	defer f.Unlock()
	ids := make([]string, 0, len(f.busy))
	for id := range f.busy {
		ids = append(ids, id)
	}
	return ids
}

// drain waits for what is under way, and breaks it off when that takes too long.
func (f inFlight) drain(within time.Duration, abandon context.CancelFunc) {
	defer abandon()
	timer := time.AfterFunc(within, abandon)
	defer timer.Stop()
	f.all.Wait()
}

// dispatch starts what is due, as far as there are places.
func (d *Dispatcher) dispatch(ctx, attempts context.Context, term int64) error {
	due, err := d.Store.DueNotifications(ctx, d.Now(), d.inFlight.ids(), perEndpoint, batch)
	if err != nil {
		return err
	}
	for _, n := range due {
		if d.inFlight.acquire(n.Notification) {
			go d.attempt(attempts, term, n)
		}
	}
	return nil
}

// attempt makes one attempt and notes what came of it. What cannot be noted ends the lead: to go on sending would repeat messages
// without an end.
func (d *Dispatcher) attempt(ctx context.Context, term int64, due store.DueNotification) {
	n := due.Notification
	defer func() {
		d.inFlight.release(n)
		select {
		case d.wake <- struct{}{}:
		default: // it is awake already
		}
	}()
	to, refused := d.receiver(due)
	var failed error
	if refused == nil {
		send, cancel := context.WithTimeout(ctx, sendWithin)
		failed = d.Sender.Send(send, to, Message{ID: n.ID, Body: []byte(n.Body), At: d.Now()})
		cancel()
	}
	if ctx.Err() != nil && failed != nil {
		return // broken off by us: not the receiver's fault, and tried again by who leads next
	}
	if err := d.note(context.WithoutCancel(ctx), term, n, to, refused, failed); err != nil {
		select {
		case d.failed <- err:
		default: // one cause is enough
		}
	}
}

// receiver is where a message goes, or why it goes nowhere any more.
func (d *Dispatcher) receiver(n store.DueNotification) (Address, error) {
	to, known := d.addresses.find(n.Endpoint)
	switch {
	case !known:
		return to, errNoAddress
	case !d.addresses.everyoneMayRead(n):
		return to, errNotTheirs
	}
	return to, nil
}

// note writes down what came of an attempt.
func (d *Dispatcher) note(ctx context.Context, term int64, n store.Notification, to Address, refused, failed error) error {
	log := d.Log.With("message", n.ID, "request", n.Request, "endpoint", n.Endpoint, "event", n.Event, "attempt", n.Attempts+1)
	now := d.Now()
	switch {
	case refused != nil:
		log.WarnContext(ctx, "notification is given up", "reason", refused)
		return d.Store.NotificationDead(ctx, term, n, refused.Error(), now)
	case failed == nil:
		log.DebugContext(ctx, "notification delivered")
		return d.Store.NotificationSent(ctx, term, n, now)
	}
	failure := &Failure{Reason: failed.Error()}
	_ = errors.As(failed, &failure)
	wait, again := nextAttempt(n.Attempts+1, failure.RetryAfter, d.jitter)
	switch {
	case failure.Gone:
		log.WarnContext(ctx, "endpoint is disabled", "reason", failure.Reason)
		return d.Store.DisableEndpoint(ctx, term, n, to.Digest(), failure.Reason, now)
	case !again:
		log.WarnContext(ctx, "notification is given up", "reason", failure.Reason)
		return d.Store.NotificationDead(ctx, term, n, failure.Reason, now)
	}
	log.InfoContext(ctx, "notification failed", "reason", failure.Reason, "again_at", now.Add(wait))
	return d.Store.NotificationFailed(ctx, term, n, failure.Reason, now.Add(wait))
}

var (
	errNoAddress = errors.New("the directory has no address any more")
	errNotTheirs = errors.New("the request has become confidential, and is not theirs to read")
)
