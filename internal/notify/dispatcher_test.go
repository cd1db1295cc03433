package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestNotificationsAreDeliveredInOrderAndSigned(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	r := request("Lists")
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.record(r, entry("first", "ana", "rita"), entry("not for ana", "rita"), reminded("second", "ana"))
	o.record(r, entry("third", "ana"))
	d.drain()

	require.Equal(t, []string{"first", "second", "third"}, ana.texts())
	for _, g := range ana.all() {
		require.NoError(t, verify(t, 'k', g, day))
		require.ErrorIs(t, verify(t, 'x', g, day), delivery.ErrSignature)
	}
	second := ana.all()[1].Payload
	require.Equal(t, "request.reminded", second.Type)
	require.Equal(t, []string{"ana"}, second.Data.To)
	require.Equal(t, "Lists", second.Data.Request.Title)
	require.Equal(t, "https://pmo.example/v1/requests/"+r.ID+"/decisions", second.Data.Links.Decisions)
	require.Equal(t, day.Add(48*time.Hour), second.Data.Question.DueAt)
	require.Equal(t, "approve", second.Data.Question.Options[0].Verdict)
	require.Equal(t, "7", ana.all()[0].Data.Policy)
	status, err := o.store.NotifyStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, store.NotifyStatus{Delivered: 3, Endpoints: status.Endpoints}, status)
	require.Empty(t, status.Endpoints)
}

func TestRecipientsWithoutAnAddressAreNotifiedThroughTheirGroup(t *testing.T) {
	o, ana, group, finance := newEnvironment(t), newReceiver(t, nil), newReceiver(t, nil), newReceiver(t, nil)
	file := filepath.Join(t.TempDir(), "notifications.jsonl")
	journal, err := OpenJournal(file)
	require.NoError(t, err)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL, "group:approvers": group.URL, "group:finance": finance.URL},
		func(d *Deps) { d.Journal = journal }))
	o.record(request("Lists"), reminded("to both", "ana", "bo"), entry("to bo and rita", "bo", "rita", "nobody", "bo"))
	d.drain()
	require.Equal(t, []string{"to both"}, ana.texts())
	require.Equal(t, []string{"to both", "to bo and rita"}, group.texts(), "the asked group, then every group of bo")
	require.Equal(t, []string{"bo"}, group.all()[0].Data.To)
	require.Equal(t, []string{"to bo and rita"}, finance.texts(), "a question to the approvers is not sent to finance")

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), "\n"), "%s", text)
	var l struct {
		Endpoint string
		Message  Payload
	}
	require.NoError(t, json.Unmarshal(text, &l))
	require.Equal(t, "person:rita", l.Endpoint)
	require.Equal(t, "to bo and rita", l.Message.Data.Text)
}

func TestConfidentialRequestsNotifyOnlyTheirReaders(t *testing.T) {
	o, hook := newEnvironment(t), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"rita": hook.URL, "bo": hook.URL, "zoe": hook.URL, "group:approvers": hook.URL}))
	r := request("Personnel files", confidential, func(r *pmo.Request) { r.Questions[0].People = []string{"ana"} })
	o.record(r, entry("about a person", "rita", "bo", "zoe"), reminded("to ana", "ana"))
	d.drain()
	var to []string
	for _, g := range hook.all() {
		to = append(to, g.Data.To...)
		require.NotContains(t, string(g.body), "Personnel")
		require.NotContains(t, string(g.body), "about a person")
		require.True(t, g.Data.Request.Confidential)
	}
	slices.Sort(to)
	require.Equal(t, []string{"rita", "zoe"}, to, "bo may not read it, so nothing is sent to the group he is in with ana")
}

// TestPermissionIsCheckedAgainAtDelivery: a message for somebody who may no longer read the request is given up; the others are sent without its content.
func TestPermissionIsCheckedAgainAtDelivery(t *testing.T) {
	o, hook := newEnvironment(t), newReceiver(t, fails(3, http.StatusServiceUnavailable))
	d := o.leading(o.dispatcher(map[string]string{"rita": hook.URL, "bo": hook.URL, "group:approvers": hook.URL}))
	r := request("A new desk", func(r *pmo.Request) { r.Questions[0].People = []string{"ana"} })
	o.record(r, entry("about a desk", "rita", "bo"), reminded("to ana", "ana"))
	d.drain()
	require.Len(t, hook.texts(), 3, "each was tried once")
	confidential(r)
	o.record(r, entry("now confidential"))
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, hook.texts(), 4)
	require.Equal(t, []string{"rita"}, hook.all()[3].Data.To)
	require.NotContains(t, string(hook.all()[3].body), "desk", "what the message said before is left out")
	require.True(t, hook.all()[3].Data.Request.Confidential)
	dead, err := o.store.DeadNotifications(t.Context(), "", 10)
	require.NoError(t, err)
	require.Len(t, dead, 2)
	for _, n := range dead {
		require.Contains(t, []string{"person:bo", "group:approvers"}, n.Endpoint)
		require.Equal(t, errMayNotRead.Error(), n.Reason)
	}
}

func TestRetriesFollowTheScheduleUntilTheMessageIsDead(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, fails(len(schedule), http.StatusInternalServerError))
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	r, other := request("Lists"), request("Other")
	o.record(r, entry("one", "ana"), entry("two", "ana"))
	for i, wait := range schedule {
		if i > 0 {
			o.clock.forward(wait - time.Second)
			d.drain()
			require.Len(t, ana.all(), i, "not before the wait is over")
			o.clock.forward(time.Second)
		}
		if i < len(schedule)-1 {
			d.drain()
			require.Len(t, ana.all(), i+1)
		}
	}
	d.drain()
	require.Equal(t, append(slices.Repeat([]string{"one"}, len(schedule)), "two"), ana.texts(), "after the dead one the next is sent")
	seen := ana.all()
	for _, g := range seen[:len(schedule)] {
		require.Equal(t, seen[0].header.Get("Webhook-Id"), g.header.Get("Webhook-Id"))
		require.Equal(t, seen[0].body, g.body)
	}
	require.NotEqual(t, seen[0].header.Get("Webhook-Timestamp"), seen[1].header.Get("Webhook-Timestamp"))

	dead, err := o.store.DeadNotifications(t.Context(), "person:ana", 10)
	require.NoError(t, err)
	require.Len(t, dead, 1)
	require.Equal(t, "answered 500", dead[0].Reason)
	require.Equal(t, len(schedule), dead[0].Attempts)
	o.record(other, entry("three", "ana"))
	n, err := o.store.Redeliver(t.Context(), store.Redelivery{ID: dead[0].ID}, o.clock.Now())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	d.drain()
	require.ElementsMatch(t, []string{"one", "three"}, ana.texts()[len(seen):])
	n, err = o.store.Redeliver(t.Context(), store.Redelivery{All: true}, o.clock.Now())
	require.NoError(t, err)
	require.Zero(t, n, "nothing is dead any more")
}

func TestAFailureHoldsBackOnlyTheSameRequestAndRecipient(t *testing.T) {
	o, bo := newEnvironment(t), newReceiver(t, nil)
	ana := newReceiver(t, nil)
	bad := request("Bad")
	ana.answer = func(_ int, w http.ResponseWriter, r *http.Request) {
		seen := ana.all()
		if seen[len(seen)-1].Data.Request.ID == bad.ID && o.clock.Now().Equal(day) {
			w.WriteHeader(http.StatusBadGateway)
		}
	}
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL, "bo": bo.URL}))
	d.Store = o.store
	o.record(bad, entry("bad 1", "ana", "bo"), entry("bad 2", "ana", "bo"))
	d.drain()
	o.record(request("Good"), entry("good", "ana"))
	d.drain()
	require.Equal(t, []string{"bad 1", "good"}, ana.texts())
	require.Equal(t, []string{"bad 1", "bad 2"}, bo.texts())
	o.clock.forward(5 * time.Second)
	d.drain()
	require.Equal(t, []string{"bad 1", "good", "bad 1", "bad 2"}, ana.texts())
}

func TestRetryAfterIsHonoured(t *testing.T) {
	o := newEnvironment(t)
	ana := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.record(request("Lists"), entry("one", "ana"))
	d.drain()
	o.clock.forward(119 * time.Second)
	d.drain()
	require.Len(t, ana.all(), 1)
	o.clock.forward(time.Second)
	d.drain()
	require.Len(t, ana.all(), 2)
}

func TestGoneDisablesTheEndpointUntilRedelivery(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, fails(1, http.StatusGone))
	hooks := map[string]string{"ana": ana.URL}
	d := o.leading(o.dispatcher(hooks))
	r := request("Lists")
	o.record(r, entry("one", "ana"), entry("two", "ana"))
	d.drain()
	o.record(r, entry("three", "ana"))
	d.drain()
	require.Equal(t, []string{"one"}, ana.texts())
	status, err := o.store.NotifyStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, status.Dead)
	require.NotNil(t, status.Endpoints[0].Disabled)

	n, err := o.store.Redeliver(t.Context(), store.Redelivery{Endpoint: "person:ana"}, o.clock.Now())
	require.NoError(t, err)
	require.Equal(t, 3, n)
	d.drain()
	require.Equal(t, []string{"one", "one", "two", "three"}, ana.texts(), "in their original order")
	o.record(r, entry("four", "ana"))
	d.drain()
	require.Len(t, ana.all(), 5, "it is no longer disabled")
}

func TestANewAddressIsUsedWhenTheOldOneIsGone(t *testing.T) {
	o, old, fresh := newEnvironment(t), newReceiver(t, fails(9, http.StatusGone)), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"ana": old.URL}))
	r := request("Lists")
	o.record(r, entry("one", "ana"))
	d.drain()
	d.lead.Release()
	d = o.leading(o.dispatcher(map[string]string{"ana": fresh.URL}))
	o.record(r, entry("two", "ana"))
	d.drain()
	require.Equal(t, []string{"two"}, fresh.texts())
	d.lead.Release()

	d = o.leading(o.dispatcher(map[string]string{"ana": old.URL + "/none", "bo": old.URL}))
	o.record(r, entry("three", "ana"))
	_, err := d.collect(t.Context(), d.lead)
	require.NoError(t, err)
	d.lead.Release()
	o.leading(o.dispatcher(map[string]string{"bo": old.URL})).drain()
	dead, err := o.store.DeadNotifications(t.Context(), "", 10)
	require.NoError(t, err)
	require.Equal(t, errNoAddress.Error(), dead[1].Reason, "a message for somebody without an address is given up")
}

// crashing sends a message and then calls die, which panics, before the outcome is stored.
type crashing struct {
	Sender
	once sync.Once
	die  func()
}

func (c *crashing) Send(ctx context.Context, to Address, m Message) error {
	err := c.Sender.Send(ctx, to, m)
	c.once.Do(c.die)
	return err
}

func TestACrashBeforeTheOutcomeIsStoredSendsAgainWithTheSameID(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	hooks := map[string]string{"ana": ana.URL}
	first := o.leading(o.dispatcher(hooks))
	// The lock is lost and another dispatcher leads while the message is being sent.
	var second *leader
	first.Sender = &crashing{Sender: first.Sender, die: func() {
		first.lead.Release()
		second = o.leading(o.dispatcher(hooks))
	}}
	r := request("Lists")
	o.record(r, entry("one", "ana"), entry("two", "ana"))
	_, err := first.pass(t.Context(), t.Context(), first.lead)
	require.NoError(t, err)
	first.inFlight.all.Wait()
	require.ErrorIs(t, <-first.failed, store.ErrNotLeading, "a former leader stores nothing")
	require.Error(t, first.Store.QueueNotifications(t.Context(), first.lead, "", nil, day), "nor moves the cursor")

	second.drain()
	require.Equal(t, []string{"one", "one", "two"}, ana.texts())
	seen := ana.all()
	require.Equal(t, seen[0].header.Get("Webhook-Id"), seen[1].header.Get("Webhook-Id"))
	require.Equal(t, seen[0].body, seen[1].body)
}

func TestTwoDispatchersSendEachMessageOnce(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	hooks := map[string]string{"ana": ana.URL}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for range 2 {
		d := o.dispatcher(hooks, func(d *Deps) { d.Store = o.open() })
		running.Go(func() { d.Serve(ctx) })
	}
	defer running.Wait()
	defer stop()
	want := []string{}
	for i := range 4 {
		r := request("Lists")
		o.record(r, entry("a", "ana"), entry("b", "ana"), entry("c", "ana"))
		want = append(want, "a", "b", "c")
		require.Eventually(t, func() bool { return len(ana.all()) >= 3*(i+1) }, testkit.Patience, 5*time.Millisecond)
	}
	require.Equal(t, want, ana.texts())
	lead, err := o.store.LeadNotify(t.Context(), day)
	require.NoError(t, err)
	require.Nil(t, lead, "one of them leads")
}

func TestASlowReceiverDoesNotDelayOthers(t *testing.T) {
	o, bo := newEnvironment(t), newReceiver(t, nil)
	free := make(chan struct{})
	slow := newReceiver(t, func(int, http.ResponseWriter, *http.Request) { <-free })
	release := sync.OnceFunc(func() { close(free) })
	t.Cleanup(release) // before the receiver is closed, because Close waits for open calls
	d := o.leading(o.dispatcher(map[string]string{"ana": slow.URL, "bo": bo.URL}))
	for range 3 * maxPerEndpoint {
		o.record(request("Lists"), entry("x", "ana"))
	}
	o.record(request("Lists"), entry("for bo", "bo"))
	for deadline := time.Now().Add(testkit.Patience); len(bo.all()) < 1 || len(slow.all()) < maxPerEndpoint; {
		require.True(t, time.Now().Before(deadline), "the message for bo is delayed by the receiver of ana")
		_, err := d.pass(context.Background(), context.Background(), d.lead)
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return len(d.inFlight.ids()) == maxPerEndpoint }, testkit.Patience, 5*time.Millisecond, "no more attempts than the limit of an endpoint")
	release()
	d.drain()
	require.Len(t, slow.all(), 3*maxPerEndpoint)
}

func TestShutdownCancelsAttemptsWithoutCountingThem(t *testing.T) {
	o, free := newEnvironment(t), make(chan struct{})
	slow := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-free:
		case <-r.Context().Done():
		}
	})
	defer close(free)
	d := o.leading(o.dispatcher(map[string]string{"ana": slow.URL}))
	o.record(request("Lists"), entry("x", "ana"))
	attempts, abandon := context.WithCancel(t.Context())
	_, err := d.pass(t.Context(), attempts, d.lead)
	require.NoError(t, err)
	d.inFlight.drain(10*time.Millisecond, abandon)
	due, err := o.store.DueNotifications(t.Context(), day, nil, 4, 4)
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Zero(t, due[0].Attempts)
}

func TestOnlyEventsAfterTheFirstStartAreSent(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	r := request("Lists")
	o.record(r, entry("long ago", "ana"))
	o.clock.forward(2 * mostSkew)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.record(r, entry("now", "ana"))
	d.drain()
	require.Equal(t, []string{"now"}, ana.texts())
	d.lead.Release()

	// While nobody has an address, events are skipped.
	d = o.leading(o.dispatcher(nil))
	o.record(r, entry("to nobody", "ana"))
	d.drain()
	d.lead.Release()
	d = o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.record(r, entry("again", "ana"))
	d.drain()
	require.Equal(t, []string{"now", "again"}, ana.texts())
}

// TestWhatHappensBeforeTheFirstLeaderIsSent: the first worker of a database has started, and cannot lead yet, because the database is away
// or slow. What happens meanwhile is not old.
func TestWhatHappensBeforeTheFirstLeaderIsSent(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	d := o.dispatcher(map[string]string{"ana": ana.URL})
	o.record(request("Lists"), entry("early", "ana"))
	o.clock.forward(time.Hour)
	o.leading(d).drain()
	require.Equal(t, []string{"early"}, ana.texts())
}

func TestOldMessagesAreDeleted(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.record(request("Lists"), entry("one", "ana"))
	d.drain()
	o.clock.forward(keepDelivered + time.Minute)
	d.drain()
	status, err := o.store.NotifyStatus(t.Context())
	require.NoError(t, err)
	require.Zero(t, status.Delivered)
	_, err = o.store.Redeliver(t.Context(), store.Redelivery{}, day)
	require.True(t, errors.Is(err, store.ErrInvalid))
}

func TestABacklogIsLoggedOnceAMinuteAndAsAWarningWhenOld(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, fails(99, http.StatusInternalServerError))
	var out bytes.Buffer
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL + "/key"}, func(d *Deps) { d.Log = slog.New(slog.NewTextHandler(&out, nil)) }))
	o.record(request("Secret plan"), entry("the text", "ana"), entry("more", "ana"))
	d.drain()
	d.drain()
	require.Equal(t, 1, strings.Count(out.String(), `level=INFO msg="notifications wait" open=2 oldest_seconds=0`), "%s", out.String())
	o.clock.forward(warnAfter + time.Second)
	d.drain()
	require.Contains(t, out.String(), `level=WARN msg="notifications wait" open=2 oldest_seconds=601`)
	require.Contains(t, out.String(), `reason="answered 500"`)
	for _, private := range []string{"key", "Secret plan", "the text", "127.0.0.1"} {
		require.NotContains(t, out.String(), private)
	}
}
