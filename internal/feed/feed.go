// Package feed passes the events of the ledger on to those who follow them live. A process reads the feed once, however many follow: each
// follower has a bounded buffer, and one that does not take its events loses its place, without an effect on the others.
package feed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"leanpmo/internal/store"
)

// Source is the feed in the database; *store.Store is one.
type Source interface {
	Feed(ctx context.Context, after store.FeedPosition, limit int, now time.Time) ([]store.FeedEvent, error)
	FeedNow(ctx context.Context) (store.FeedPosition, error)
}

// Intervals and limits.
const (
	pollEvery    = time.Second
	retryEvery   = 5 * time.Second // while the database is away
	pageSize     = 200
	bufferSize   = 256  // events that a follower may be behind
	maxFollowers = 5000 // of a process
)

// Why following is refused or ends.
var (
	ErrFull   = errors.New("too many follow the events")
	ErrClosed = errors.New("the events are not read here, or no longer")
	ErrSlow   = errors.New("events were not taken in time")
)

// Feed reads the events and hands them out.
type Feed struct {
	source Source
	log    *slog.Logger
	now    func() time.Time

	mu        sync.Mutex
	at        store.FeedPosition
	open      bool // at is known, and events are read
	closed    bool // for good
	followers map[*Follower]struct{}
}

// New makes a feed that nobody reads yet.
func New(source Source, log *slog.Logger, now func() time.Time) *Feed {
	return &Feed{source: source, log: log, now: now, followers: map[*Follower]struct{}{}}
}

// Follower gets the events since it began to follow.
type Follower struct {
	Events <-chan store.FeedEvent // closed when following has ended
	events chan store.FeedEvent
	err    error // why it has ended; set before Events is closed
}

// Err is why following has ended, once Events is closed.
func (f *Follower) Err() error { return f.err }

// Follow begins to follow. The events after the position are handed out; those before are in the database.
func (f *Feed) Follow() (*Follower, store.FeedPosition, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !f.open:
		return nil, f.at, ErrClosed
	case len(f.followers) >= maxFollowers:
		return nil, f.at, ErrFull
	}
	events := make(chan store.FeedEvent, bufferSize)
	follower := &Follower{Events: events, events: events}
	f.followers[follower] = struct{}{}
	return follower, f.at, nil
}

// Leave ends following. It may be called more than once, and after it has ended otherwise.
func (f *Feed) Leave(follower *Follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drop(follower, nil)
}

func (f *Feed) drop(follower *Follower, why error) {
	if _, follows := f.followers[follower]; follows {
		delete(f.followers, follower)
		follower.err = why
		close(follower.events)
	}
}

// Position is how far the feed has been read; false while it is not read.
func (f *Feed) Position() (store.FeedPosition, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at, f.open
}

// Followers is how many follow now.
func (f *Feed) Followers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.followers)
}

// Serve reads the feed until ctx ends, and then ends all following.
func (f *Feed) Serve(ctx context.Context) {
	defer f.Close()
	away := false
	for ctx.Err() == nil && !f.isClosed() {
		more, err := f.pass(ctx)
		wait := pollEvery
		switch {
		case err != nil && ctx.Err() == nil:
			if wait = retryEvery; !away {
				f.log.WarnContext(ctx, "the feed of events cannot be read", "cause", err)
			}
		case more:
			continue
		}
		away = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (f *Feed) isClosed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

// Close ends all following, and nobody can begin to follow any more.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open, f.closed = false, true
	for follower := range f.followers {
		f.drop(follower, ErrClosed)
	}
}

// pass reads a page and hands it out; more means that another page may follow.
func (f *Feed) pass(ctx context.Context) (more bool, err error) {
	at, open := f.Position()
	if !open {
		if at, err = f.source.FeedNow(ctx); err != nil {
			return false, err
		}
	}
	events, err := f.source.Feed(ctx, at, pageSize, f.now())
	if err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.open = at, !f.closed
	for _, e := range events {
		f.at = e.Place
		f.hand(e)
	}
	return len(events) == pageSize, nil
}

// hand gives an event to every follower that has room for it.
func (f *Feed) hand(e store.FeedEvent) {
	for follower := range f.followers {
		select {
		case follower.events <- e:
		default:
			f.drop(follower, ErrSlow)
		}
	}
}
