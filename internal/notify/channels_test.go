package notify

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func (o *environment) channels(f store.ChannelFilter, receivers ...store.Receiver) map[string]store.Channel {
	o.t.Helper()
	page, err := o.store.Channels(o.t.Context(), receivers, f)
	require.NoError(o.t, err)
	all := map[string]store.Channel{}
	for _, c := range page.Items {
		all[c.Endpoint] = c
	}
	return all
}

func (o *environment) kind(kind string) store.KindCount {
	o.t.Helper()
	kinds, err := o.store.NotifyKinds(o.t.Context())
	require.NoError(o.t, err)
	require.Len(o.t, kinds, 5, "a fixed list")
	return kinds[slices.IndexFunc(kinds, func(k store.KindCount) bool { return k.Kind == kind })]
}

// TestAChannelsStateIsKept: last success, last failure with its reason, what waits and what was given up, also after the messages are deleted.
func TestAChannelsStateIsKept(t *testing.T) {
	o, ana, bo := newEnvironment(t), newReceiver(t, fails(1, http.StatusBadGateway)), newReceiver(t, fails(1000, http.StatusInternalServerError))
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL, "bo": bo.URL}))
	d.drain()
	o.record(request("Lists"), entry("one", "ana", "bo"))
	d.drain()
	all := o.channels(store.ChannelFilter{}, store.Receiver{Endpoint: "person:ana", Format: "webhook"}, store.Receiver{Endpoint: "person:zoe", Format: "slack"})
	require.Len(t, all, 3)
	require.Equal(t, store.Channel{Endpoint: "person:zoe", Format: "slack"}, all["person:zoe"], "it was never sent to")
	require.Equal(t, "answered 502", all["person:ana"].Reason)
	require.Equal(t, 1, all["person:ana"].Open)
	require.Nil(t, all["person:ana"].DeliveredAt)
	require.Empty(t, all["person:bo"].Format, "no address is known")
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, o.channels(store.ChannelFilter{Failing: true}), 1, "ana's works again")
	for range len(schedule) {
		o.clock.forward(maxRetryAfter)
		d.drain()
	}
	o.clock.forward(keepDead + time.Hour)
	d.drain()
	all = o.channels(store.ChannelFilter{})
	works, dead := all["person:ana"], all["person:bo"]
	require.Equal(t, day.Add(time.Hour), works.DeliveredAt.UTC())
	require.Equal(t, day, works.FailedAt.UTC())
	require.Equal(t, []int64{1, 1, 0}, []int64{works.Delivered, works.Failed, works.GivenUp})
	require.Equal(t, []int64{0, int64(len(schedule)), 1}, []int64{dead.Delivered, dead.Failed, dead.GivenUp})
	require.Zero(t, dead.Dead, "the message itself is deleted")
	people := o.kind("person")
	require.Equal(t, []int64{1, int64(len(schedule)) + 1, 1}, []int64{people.Delivered, people.Failed, people.GivenUp})
	require.Zero(t, o.kind("other").Delivered)

	page, err := o.store.Channels(t.Context(), nil, store.ChannelFilter{Limit: 1})
	require.NoError(t, err)
	require.Equal(t, "person:ana", page.Items[0].Endpoint)
	page, err = o.store.Channels(t.Context(), nil, store.ChannelFilter{Limit: 1, Cursor: page.Next})
	require.NoError(t, err)
	require.Equal(t, "person:bo", page.Items[0].Endpoint)
	require.Empty(t, page.Next)
}

// TestWhoRedeliversAndEnablesIsLogged: in the office ledger, where something was changed.
func TestWhoRedeliversAndEnablesIsLogged(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, fails(1, http.StatusGone))
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	d.drain()
	o.record(request("Lists"), entry("one", "ana"), entry("two", "ana"))
	d.drain()
	require.Equal(t, int64(2), o.channels(store.ChannelFilter{})["person:ana"].GivenUp)
	require.Equal(t, 1, o.kind("person").Disabled)
	require.NoError(t, o.store.EnableEndpoint(t.Context(), "person:ana", "ada", o.clock.Now()))
	require.NoError(t, o.store.EnableEndpoint(t.Context(), "person:ana", "ada", o.clock.Now()))
	require.Equal(t, 2, o.channels(store.ChannelFilter{})["person:ana"].Dead, "what was given up stays")
	require.Nil(t, o.channels(store.ChannelFilter{})["person:ana"].DisabledAt)
	dead, err := o.store.DeadNotifications(t.Context(), "person:ana", 10)
	require.NoError(t, err)
	for _, r := range []store.Redelivery{{ID: dead[0].ID, Actor: "ada"}, {Endpoint: "person:ana"}, {All: true, Actor: "ada"}} {
		_, err = o.store.Redeliver(t.Context(), r, o.clock.Now())
		require.NoError(t, err)
	}
	page, err := o.store.Office(t.Context(), store.OfficeFilter{Kind: store.OfficeChannel})
	require.NoError(t, err)
	var lines []string
	for _, l := range page.Items {
		lines = append(lines, fmt.Sprintf("%s %s %s", l.Actor, l.Event, l.ID))
	}
	require.Equal(t, []string{"system redelivered person:ana", "ada redelivered person:ana", "ada enabled person:ana"}, lines, "the last found nothing")
	d.drain()
	require.Equal(t, []string{"one", "one", "two"}, ana.texts())
}

// TestADeadChannelHoldsNothingUp: twenty requests go on to one person while another's address fails half the time and a third never answers well; the order of a
// request at an endpoint is kept through the retries.
func TestADeadChannelHoldsNothingUp(t *testing.T) {
	o, works, dead := newEnvironment(t), newReceiver(t, nil), newReceiver(t, fails(100_000, http.StatusServiceUnavailable))
	half := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n%2 == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	d := o.leading(o.dispatcher(map[string]string{"ana": works.URL, "bo": half.URL, "rita": dead.URL}))
	d.drain()
	const requests, each = 20, 3
	for i := range requests {
		r := request(fmt.Sprintf("Request %d", i))
		for j := range each {
			o.record(r, entry(fmt.Sprintf("%d/%d", i, j), "ana", "bo", "rita"))
		}
	}
	d.drain()
	require.Len(t, works.all(), requests*each, "at once, while the others wait")
	for range 40 {
		o.clock.forward(time.Hour)
		d.drain()
	}
	require.Equal(t, int64(requests*each), o.channels(store.ChannelFilter{})["person:bo"].Delivered)
	seen := map[string]string{}
	for _, g := range half.all() {
		about, text := g.Data.Request.Title, g.Data.Text
		require.GreaterOrEqual(t, text, seen[about], "%s: a later message came first", about)
		seen[about] = text
	}
	require.Zero(t, o.channels(store.ChannelFilter{})["person:rita"].Delivered)
}
