package notify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// TestAttemptsThatEndWhileOneIsStoredAreStoredTogether, those of another term apart; each learns whether its own were stored.
func TestAttemptsThatEndWhileOneIsStoredAreStoredTogether(t *testing.T) {
	type batch struct {
		term int64
		size int
	}
	var mu sync.Mutex
	var stored []batch
	begun, free := make(chan struct{}), make(chan struct{})
	over := errors.New("the term is over")
	r := &recorder{write: func(_ context.Context, term int64, attempts []store.Attempt) error {
		mu.Lock()
		stored = append(stored, batch{term, len(attempts)})
		first := len(stored) == 1
		mu.Unlock()
		if first {
			close(begun)
			<-free
		}
		if term == 2 {
			return over
		}
		return nil
	}}
	errs := make(chan error, 6)
	record := func(term int64) {
		r.mu.Lock()
		before := len(r.waiting)
		r.mu.Unlock()
		go func() { errs <- r.record(t.Context(), term, store.Attempt{}) }()
		require.Eventually(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return !r.writing || len(r.waiting) > before }, testkit.Patience, time.Millisecond)
	}
	go func() { errs <- r.record(t.Context(), 1, store.Attempt{}) }()
	<-begun
	for _, term := range []int64{1, 1, 1, 2, 2} {
		record(term)
	}
	close(free)
	failed := 0
	for range 6 {
		if err := <-errs; err != nil {
			require.ErrorIs(t, err, over)
			failed++
		}
	}
	require.Equal(t, []batch{{1, 1}, {1, 3}, {2, 2}}, stored)
	require.Equal(t, 2, failed)
	require.NoError(t, r.record(t.Context(), 3, store.Attempt{}), "it goes on after an error")
}

// TestABatchOfAttemptsIsStoredAsOneByOne: every result once, in a batch and alone, leaves the same messages and counts.
func TestABatchOfAttemptsIsStoredAsOneByOne(t *testing.T) {
	together, alone := attempted(t, 100), attempted(t, 1)
	require.Equal(t, alone, together)
	require.Equal(t, 2, together.status.Delivered)
	require.Equal(t, 1, together.status.Pending, "the failed one; its follower stays queued")
	require.Equal(t, 1, together.status.Queued)
	require.Equal(t, 7, together.status.Dead, "given up, refused, and all five unsent ones of the endpoint that is gone")
	for _, c := range together.channels {
		if c.Endpoint == "person:gone" {
			require.Equal(t, []int64{1, 2, 5}, []int64{c.Delivered, c.Failed, c.GivenUp})
			require.NotNil(t, c.DisabledAt)
			require.Equal(t, "answered 410", c.Disabled)
		}
	}
}

// TestAWorkerThatStopsBeforeABatchIsStoredSendsAgainWithTheSameIDs: several messages were sent, and none of what became of them was stored.
func TestAWorkerThatStopsBeforeABatchIsStoredSendsAgainWithTheSameIDs(t *testing.T) {
	o, ana, bo, zoe := newEnvironment(t), newReceiver(t, nil), newReceiver(t, nil), newReceiver(t, nil)
	hooks := map[string]string{"ana": ana.URL, "bo": bo.URL, "zoe": zoe.URL}
	first := o.leading(o.dispatcher(hooks))
	sent := func() int { return len(ana.all()) + len(bo.all()) + len(zoe.all()) }
	var second *leader
	first.attempts.write = func(ctx context.Context, term int64, attempts []store.Attempt) error {
		if second == nil {
			require.Eventually(t, func() bool { return sent() == 3 }, testkit.Patience, time.Millisecond)
			first.lead.Release()
			second = o.leading(o.dispatcher(hooks))
		}
		return o.store.RecordAttempts(ctx, term, attempts)
	}
	o.record(request("Lists"), entry("one", "ana", "bo", "zoe"))
	_, err := first.pass(t.Context(), t.Context(), first.lead)
	require.NoError(t, err)
	first.inFlight.all.Wait()
	require.ErrorIs(t, <-first.failed, store.ErrNotLeading)
	second.drain()
	for _, r := range []*receiver{ana, bo, zoe} {
		all := r.all()
		require.Len(t, all, 2)
		require.Equal(t, all[0].header.Get("Webhook-Id"), all[1].header.Get("Webhook-Id"))
		require.Equal(t, all[0].body, all[1].body)
	}
	require.Equal(t, 6, sent())
}

// BenchmarkRecordAttempts is the time of one attempt's storing when 64 end together, stored one by one as until 0.10 and by the recorder.
func BenchmarkRecordAttempts(b *testing.B) {
	dsn := testkit.Database(b, store.Migrate)
	s, err := store.Open(b.Context(), dsn, store.Options{})
	require.NoError(b, err)
	defer s.Close()
	lead, err := s.LeadNotify(b.Context(), day)
	require.NoError(b, err)
	defer lead.Release()
	all := &recorder{write: s.RecordAttempts}
	for name, record := range map[string]func(context.Context, int64, store.Attempt) error{
		"one by one": func(ctx context.Context, term int64, a store.Attempt) error {
			return s.RecordAttempts(ctx, term, []store.Attempt{a})
		},
		"together": all.record,
	} {
		b.Run(name, func(b *testing.B) {
			messages := make([]store.Notification, b.N)
			for i := range messages {
				messages[i] = store.Notification{ID: uuid.NewString(), Request: uuid.NewString(), Endpoint: fmt.Sprintf("person:%d", i%200), Event: "asked", At: day, Body: "{}"}
			}
			require.NoError(b, s.QueueNotifications(b.Context(), lead, "", messages, day))
			var running sync.WaitGroup
			next := make(chan store.Notification)
			b.ResetTimer()
			for range maxInFlight {
				running.Go(func() {
					for n := range next {
						if err := record(b.Context(), lead.Term, store.Attempt{Message: n, Result: store.AttemptDelivered, At: day}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for _, n := range messages {
				next <- n
			}
			close(next)
			running.Wait()
		})
	}
}

// stateOfAll is what was stored.
type stateOfAll struct {
	status   store.NotifyStatus
	channels []store.Channel
	dead     []store.Notification
}

// attempted stores one attempt of each result, so many in one transaction.
func attempted(t *testing.T, size int) stateOfAll {
	t.Helper()
	o := newEnvironment(t)
	lead, err := o.store.LeadNotify(t.Context(), day)
	require.NoError(t, err)
	defer lead.Release()
	var messages []store.Notification
	var attempts []store.Attempt
	add := func(endpoint string, request int, results ...store.AttemptResult) {
		for i, result := range results {
			n := store.Notification{ID: fmt.Sprintf("%s/%d/%d", endpoint, request, i), Request: uuid.NewSHA1(uuid.Nil, []byte{byte(request)}).String(),
				Endpoint: KindPerson + ":" + endpoint, Event: "asked", At: day, Body: "{}"}
			messages = append(messages, n)
			if result == 0 { // it is queued alone
				continue
			}
			a := store.Attempt{Message: n, Result: result, At: day.Add(time.Minute), Reason: fmt.Sprintf("answered %d", 399+int(result))}
			switch a.Result {
			case store.AttemptDelivered:
				a.Reason = ""
			case store.AttemptFailed:
				a.NextAt = day.Add(time.Hour)
			case store.AttemptGone:
				a.Digest, a.Reason = "digest", "answered 410"
			}
			attempts = append(attempts, a)
		}
	}
	add("one", 1, store.AttemptDelivered)
	add("two", 1, store.AttemptFailed, 0)
	add("three", 2, store.AttemptGivenUp)
	add("three", 3, store.AttemptRefused)
	add("gone", 4, store.AttemptDelivered)
	add("gone", 6, store.AttemptFailed)
	add("gone", 5, store.AttemptGone, 0)
	add("gone", 7, 0)
	add("gone", 8, 0)
	require.NoError(t, o.store.QueueNotifications(t.Context(), lead, "", messages, day))
	for len(attempts) > 0 {
		n := min(size, len(attempts))
		require.NoError(t, o.store.RecordAttempts(t.Context(), lead.Term, attempts[:n]))
		attempts = attempts[n:]
	}
	require.ErrorIs(t, o.store.RecordAttempts(t.Context(), lead.Term-1, []store.Attempt{{Message: messages[0], Result: store.AttemptFailed, At: day, NextAt: day}}), store.ErrNotLeading)
	var all stateOfAll
	all.status, err = o.store.NotifyStatus(t.Context())
	require.NoError(t, err)
	channels, err := o.store.Channels(t.Context(), nil, store.ChannelFilter{})
	require.NoError(t, err)
	all.channels = channels.Items
	all.dead, err = o.store.DeadNotifications(t.Context(), "", 100)
	require.NoError(t, err)
	return all
}
