package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// ledger is a source in memory.
type ledger struct {
	mu     sync.Mutex
	events []store.FeedEvent
	reads  int
	away   error
}

func (l *ledger) add(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		at := store.FeedPosition{Xid: 7, Position: int64(len(l.events) + 1)}
		l.events = append(l.events, store.FeedEvent{Event: store.Event{RequestID: fmt.Sprint(at.Position)}, Place: at})
	}
}

func (l *ledger) Feed(_ context.Context, after store.FeedPosition, limit int, _ time.Time) ([]store.FeedEvent, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	rest := l.events[after.Position:]
	return rest[:min(len(rest), limit)], l.away
}

func (l *ledger) FeedNow(context.Context) (store.FeedPosition, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return store.FeedPosition{Xid: 7, Position: int64(len(l.events))}, l.away
}

// TestOneWhoDoesNotReadHurtsOnlyThemselves: of 500 followers one never takes an event. The others get all, in order, the database is read
// once for all, and the one is dropped.
func TestOneWhoDoesNotReadHurtsOnlyThemselves(t *testing.T) {
	const followers, events = 500, 1000
	l := &ledger{}
	f := New(l, slog.New(slog.DiscardHandler), time.Now)
	l.add(3) // from before: nobody gets them
	read := func(want int) {
		before := l.reads
		for done := 0; done < want; {
			at, _ := f.Position()
			_, err := f.pass(t.Context())
			require.NoError(t, err)
			now, _ := f.Position()
			done += int(now.Position - at.Position)
		}
		require.LessOrEqual(t, l.reads-before, want/pageSize+1, "reads do not grow with the followers")
	}
	_, err := f.pass(t.Context())
	require.NoError(t, err)
	idle, at, err := f.Follow()
	require.NoError(t, err)
	require.EqualValues(t, 3, at.Position)
	var all sync.WaitGroup
	got := make([]int, followers-1)
	reading := make([]chan struct{}, followers-1)
	for i := range got {
		follower, _, err := f.Follow()
		require.NoError(t, err)
		reading[i] = make(chan struct{}, events)
		all.Go(func() {
			for e := range follower.Events {
				if int(e.Place.Position) == got[i]+4 {
					got[i]++
					reading[i] <- struct{}{}
				}
			}
		})
	}
	for range events / 100 {
		l.add(100)
		read(100)
		for i := range reading { // everybody but the one has read before more comes
			for range 100 {
				<-reading[i]
			}
		}
	}
	require.Equal(t, followers-1, f.Followers(), "who does not read is dropped")
	taken := 0
	for range idle.Events {
		taken++
	}
	require.Equal(t, bufferSize, taken, "the buffer is bounded")
	require.ErrorIs(t, idle.Err(), ErrSlow)
	f.Close()
	all.Wait()
	for i := range got {
		require.Equal(t, events, got[i])
	}
}

func TestFollowingEndsWithTheServer(t *testing.T) {
	l := &ledger{away: errors.New("away")}
	f := New(l, slog.New(slog.DiscardHandler), time.Now)
	_, _, err := f.Follow()
	require.ErrorIs(t, err, ErrClosed, "the feed is not read yet")
	_, err = f.pass(t.Context())
	require.Error(t, err)
	_, open := f.Position()
	require.False(t, open)
	l.away = nil
	ctx, stop := context.WithCancel(t.Context())
	var serving sync.WaitGroup
	serving.Go(func() { f.Serve(ctx) })
	require.Eventually(t, func() bool { _, open := f.Position(); return open }, testkit.Patience, time.Millisecond)
	follower, _, err := f.Follow()
	require.NoError(t, err)
	left, _, err := f.Follow()
	require.NoError(t, err)
	f.Leave(left)
	f.Leave(left)
	stop()
	serving.Wait()
	_, more := <-follower.Events
	require.False(t, more)
	require.ErrorIs(t, follower.Err(), ErrClosed)
	require.NoError(t, left.Err())
	_, _, err = f.Follow()
	require.ErrorIs(t, err, ErrClosed)
}
