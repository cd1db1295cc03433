package notify

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// quietly are the choices of somebody who reads what becomes of requests in the digest, in the chat.
func quietly() notice.Choices {
	return notice.Choices{TimeZone: "Europe/Berlin"}.Choose(notice.Chat, notice.Course, notice.Digest)
}

// digests are the digests among what was received.
func (r *receiver) digests() []DayDigest {
	var list []DayDigest
	for _, g := range r.all() {
		if g.Data.Digest != nil {
			list = append(list, *g.Data.Digest)
		}
	}
	return list
}

func TestADigestADayAndNotMore(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	hooks := map[string]string{"ana": ana.URL}
	o.clock.forward(-4 * time.Hour) // 05:00 in Berlin
	d := o.leading(o.dispatcher(hooks))
	o.choose("ana", quietly())
	r := request("Lists")
	o.record(r, entry("entered review", "ana"), reminded("asked", "ana"), entry("and more", "ana"))
	d.drain()
	require.Equal(t, []string{"asked"}, ana.texts(), "the rest is left to the digest, whose hour has not come")

	o.clock.forward(2 * time.Hour)
	d.drain()
	require.Len(t, ana.digests(), 1)
	digest := ana.digests()[0]
	require.EqualValues(t, "2027-03-01", digest.Day)
	require.Len(t, digest.Waiting, 1)
	require.True(t, strings.HasSuffix(digest.Waiting[0].Page, "/answer?question=review%2F1%2Fapprovers"))
	require.Len(t, digest.Changed, 1, "a request is one line")
	require.Equal(t, "and more", digest.Changed[0].Text)
	require.Empty(t, digest.Late)
	text := ana.all()[1].Data.Text
	require.Contains(t, text, "Waits on you:")
	require.Contains(t, text, "Changed:\n- "+digest.Changed[0].Request.Ref+" Lists: and more")

	o.clock.forward(time.Hour)
	o.record(r, entry("later on", "ana"))
	d.drain()
	d.lead.Release()
	d = o.leading(o.dispatcher(hooks))
	d.drain()
	require.Len(t, ana.digests(), 1, "not twice a day, also with another leader")
	require.NoError(t, o.store.QueueDigest(t.Context(), d.lead.Term, "ana", "2027-03-01", &store.Notification{ID: "x", Request: store.NoRequest, Endpoint: "person:ana", At: day}, day))
	d.drain()
	require.Len(t, ana.all(), 2)

	o.clock.forward(71 * time.Hour)
	d.drain()
	require.Len(t, ana.digests(), 2, "one for the days on which nobody was there")
	digest = ana.digests()[1]
	require.Equal(t, "later on", digest.Changed[0].Text, "what changed since the one before")
	require.Len(t, digest.Late, 1, "the answer was due after two days")
}

func TestNothingToSayNothingSent(t *testing.T) {
	o, kim := newEnvironment(t), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"kim": kim.URL}))
	o.choose("kim", quietly())
	d.drain()
	require.Empty(t, kim.all())
	last, err := o.store.LastDigests(t.Context(), []string{"kim"})
	require.NoError(t, err)
	require.EqualValues(t, "2027-03-01", last["kim"].Day, "it is not looked for again that day")
	o.record(request("Lists"), entry("entered review", "kim"))
	o.clock.forward(time.Hour)
	d.drain()
	require.Empty(t, kim.all())
	o.clock.forward(24 * time.Hour)
	d.drain()
	require.Len(t, kim.digests(), 1)

	none := quietly()
	none.NoDigest = true
	o.choose("kim", none)
	o.record(request("Other"), entry("entered review", "kim"))
	o.clock.forward(24 * time.Hour)
	d.drain()
	require.Len(t, kim.digests(), 1, "who wants none gets none")
}

// 79 digests in one morning, 35 mails after one meeting: one message, with so many lines and no more.
func TestADigestIsCapped(t *testing.T) {
	o, kim := newEnvironment(t), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"kim": kim.URL}))
	d.drain()
	o.choose("kim", quietly())
	for i := range 35 {
		o.record(request(fmt.Sprintf("Request %d", i)), entry("was pulled", "kim"))
	}
	o.clock.forward(24 * time.Hour)
	d.drain()
	require.Len(t, kim.all(), 1)
	digest := kim.digests()[0]
	require.Len(t, digest.Changed, mostDigestLines)
	require.Equal(t, 35-mostDigestLines, digest.MoreChanged)
	require.Contains(t, kim.all()[0].Data.Text, "and 25 more")
}

// What a digest says is judged when it is sent, which may be days after it was made.
func TestADigestSaysNothingOfWhatBecameConfidential(t *testing.T) {
	o, kim := newEnvironment(t), newReceiver(t, fails(1, http.StatusServiceUnavailable))
	d := o.leading(o.dispatcher(map[string]string{"kim": kim.URL}))
	o.choose("kim", quietly())
	hidden, own, open := request("Personnel files"), request("Own files", func(r *pmo.Request) { r.Watchers = []string{"kim"} }), request("Lists")
	for _, r := range []*pmo.Request{hidden, own, open} {
		o.record(r, entry("about "+r.Content.Title, "kim"))
	}
	d.drain()
	require.Len(t, kim.digests(), 1)
	confidential(hidden)
	confidential(own)
	o.record(hidden, entry("now confidential"))
	o.record(own, entry("now confidential"))
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, kim.digests(), 2)
	last := kim.all()[1]
	require.Equal(t, kim.all()[0].header.Get("Webhook-Id"), last.header.Get("Webhook-Id"))
	require.NotContains(t, string(last.body), "Personnel")
	require.NotContains(t, string(last.body), "Own files")
	require.Contains(t, string(last.body), "Lists")
	require.Len(t, last.Data.Digest.Changed, 2)
	require.Contains(t, last.Data.Text, "a confidential request")
}

func TestWhereADigestGoes(t *testing.T) {
	c := chooser{addresses: newAddresses(t), table: notice.Default()}
	_, wanted := c.digestEndpoint("ana")
	require.False(t, wanted, "who has a chat alone, and chose nothing, hears everything at once")
	_, wanted = c.digestEndpoint("rita")
	require.False(t, wanted, "who has no address")
	p, err := policy.Parse(append(policy.Default().Source(), []byte("\nnotifications:\n  - {relations: [asked], channel: chat, urgency: now}\n  - {relations: [asked], channel: mail, urgency: now}\n  - {channel: chat, urgency: digest}\n")...))
	require.NoError(t, err)
	c.table = p.Notifications()
	endpoint, wanted := c.digestEndpoint("ana")
	require.True(t, wanted)
	require.Equal(t, "person:ana", endpoint)
}

func newAddresses(t *testing.T) addressBook {
	return New(Deps{Directory: people(t, map[string]string{"ana": "https://chat.example/ana"})}).addresses
}

func TestALongDigestFitsIntoItsMessage(t *testing.T) {
	var g DayDigest
	for _, part := range g.parts() {
		for range mostDigestLines + 5 {
			*part = append(*part, DigestLine{Request: Subject{ID: store.NoRequest, Ref: "R-123456", Title: strings.Repeat("ü", 500)}, Text: strings.Repeat("€", 500), DueAt: day, Page: "https://pmo.example/requests/R-123456"})
		}
	}
	g.shorten()
	body, err := encodeDigest(Payload{Data: Data{Digest: &g}})
	require.NoError(t, err)
	require.Less(t, len(body), maxBody)
	c := digestChat(Data{Digest: &g})
	require.Less(t, len(strings.Join(c.Lines, "\n")), 3000, "a block of Slack")
	require.Len(t, c.Lines, 3*(mostDigestLines+2))
	require.Contains(t, c.Lines[len(c.Lines)-1], "and 5 more")
}
