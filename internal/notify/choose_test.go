package notify

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

func (o *environment) choose(person string, c notice.Choices) {
	o.t.Helper()
	was, err := o.store.NotificationChoices(o.t.Context(), person)
	require.NoError(o.t, err)
	require.NoError(o.t, o.store.PutNotificationChoices(o.t.Context(), person, c, was.Version, o.clock.Now()))
}

func TestTheTableOfThePolicySaysWhoHears(t *testing.T) {
	o, ana, rita := newEnvironment(t), newReceiver(t, nil), newReceiver(t, nil)
	p, err := policy.Parse(append(policy.Default().Source(), []byte(`
notifications:
  - {events: [reminded, asked], relations: [asked, deputy], channel: chat, urgency: now}
  - {relations: [requester], channel: chat, urgency: now}
  - {relations: [asked], channel: mail, urgency: now}
`)...))
	require.NoError(t, err)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL, "rita": rita.URL}, func(d *Deps) { d.Policy = policy.Holding(p) }))
	o.record(request("Lists"), entry("entered review", "rita", "ana"), reminded("asked", "ana"))
	d.drain()
	require.Equal(t, []string{"asked"}, ana.texts())
	require.Equal(t, []string{"entered review"}, rita.texts())
}

func TestOwnChoicesAndMutedRequestsAreHonoured(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.choose("ana", notice.Choices{TimeZone: "Asia/Tokyo"}.Choose(notice.Chat, notice.Work, notice.Never).Choose(notice.Chat, notice.Questions, notice.Never))
	muted, other := request("Muted"), request("Other")
	require.NoError(t, o.store.Mute(t.Context(), "ana", muted.ID, day))
	reported := pmo.Entry{Event: pmo.EventReported, Text: "reported", Recipients: []string{"ana"}}
	o.record(muted, entry("muted stage", "ana"), reminded("asked all the same", "ana"))
	o.record(other, reported, entry("stage", "ana"))
	d.drain()
	require.ElementsMatch(t, []string{"asked all the same", "stage"}, ana.texts(), "a question cannot be muted")
	require.Equal(t, "Asia/Tokyo", ana.all()[0].Data.TimeZone)

	require.NoError(t, o.store.Unmute(t.Context(), "ana", muted.ID))
	o.record(muted, entry("heard again", "ana"))
	d.drain()
	require.Contains(t, ana.texts(), "heard again")
}

// What comes in quiet hours is sent when they end, in its order; what must be heard is sent at once, and takes along what waits before it.
func TestQuietHoursHoldMessages(t *testing.T) {
	o, ana := newEnvironment(t), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.choose("ana", notice.Choices{Quiet: &notice.Quiet{From: "22:00", Until: "07:00"}, TimeZone: "Europe/Berlin"})
	o.clock.forward(15 * time.Hour) // 00:00 in Berlin
	r, asked := request("Lists"), request("Asked")
	o.record(r, entry("one", "ana"), entry("two", "ana"))
	o.record(asked, entry("before", "ana"))
	d.drain()
	require.Empty(t, ana.texts())
	o.clock.forward(time.Hour)
	o.record(asked, reminded("must", "ana"))
	d.drain()
	require.Equal(t, []string{"before", "must"}, ana.texts())
	o.clock.forward(6*time.Hour - time.Second)
	d.drain()
	require.Len(t, ana.texts(), 2, "06:59:59 in Berlin")
	o.clock.forward(time.Second)
	d.drain()
	require.Equal(t, []string{"before", "must", "one", "two"}, ana.texts())
}

func TestTheDelegateHearsAsWellOrInstead(t *testing.T) {
	o, ana, bo, kim := newEnvironment(t), newReceiver(t, nil), newReceiver(t, nil), newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{"ana": ana.URL, "bo": bo.URL, "kim": kim.URL}))
	require.NoError(t, o.store.SetDelegation(t.Context(), store.Delegation{Person: "ana", Delegate: "kim", From: day, Until: day.Add(24 * time.Hour)}, "ana", day))
	r := request("Lists")
	o.record(r, reminded("as well", "ana", "bo"))
	d.drain()
	o.choose("ana", notice.Choices{Away: notice.Instead})
	o.record(r, reminded("instead", "ana", "bo"), entry("no question", "ana"))
	d.drain()
	require.Equal(t, []string{"as well", "no question"}, ana.texts())
	require.Equal(t, []string{"as well", "instead"}, kim.texts())
	require.Equal(t, []string{"as well", "instead"}, bo.texts())
	d.lead.Release()

	d = o.leading(o.dispatcher(map[string]string{"ana": ana.URL}))
	o.record(r, reminded("never nobody", "ana"))
	d.drain()
	require.Contains(t, ana.texts(), "never nobody", "the delegate has no address")
}

// Of one moment, the messages to people who can answer are queued before those to people who may only know.
func TestWhoCanAnswerHearsFirst(t *testing.T) {
	o := newEnvironment(t)
	var mu sync.Mutex
	var order []string
	heard := func(name string) *receiver {
		return newReceiver(t, func(int, http.ResponseWriter, *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, name)
		})
	}
	hooks := map[string]string{"ana": heard("ana").URL, "rita": heard("rita").URL, "zoe": heard("zoe").URL}
	d := moments(o.leading(o.dispatcher(hooks)))
	o.record(request("Lists"), entry("entered review", "rita", "zoe"), reminded("asked", "ana"))
	o.clock.forward(momentLength + momentLag)
	_, err := d.collect(t.Context(), d.lead)
	require.NoError(t, err)
	due, err := o.store.DueNotifications(t.Context(), o.clock.Now(), nil, 1, 10)
	require.NoError(t, err)
	require.Equal(t, "person:ana", due[0].Endpoint)
	d.drain()
	require.Len(t, order, 3)
}

func TestWhatAPersonIsToARequest(t *testing.T) {
	o := newEnvironment(t)
	r := request("Lists", func(r *pmo.Request) {
		r.Watchers, r.Content.Sponsor = []string{"kim", "ana"}, "bo"
		r.Assignment = &pmo.Assignment{Leads: []string{"bo"}}
	})
	all := []string{"ana", "bo", "rita", "zoe", "kim"}
	o.record(r, pmo.Entry{Event: pmo.EventReminded, Question: "review/1/approvers", Text: "asked", Recipients: all})
	page, err := o.store.Events(t.Context(), store.View{SeesAll: true, Limit: 10})
	require.NoError(t, err)
	details, err := o.store.NotifyDetails(t.Context(), page.Items, asksForAnswer)
	require.NoError(t, err)
	e := page.Items[0]
	c := chooser{addresses: New(Deps{Directory: people(t, nil)}).addresses}
	relations := map[string][]notice.Relation{}
	for _, person := range all {
		relations[person] = c.relations(about{e, details[e.Position], true}, person)
	}
	require.Equal(t, map[string][]notice.Relation{
		"ana": {notice.Asked, notice.Watcher}, "bo": {notice.Asked, notice.Sponsor, notice.Lead}, "rita": {notice.Requester}, "zoe": {notice.PMO}, "kim": {notice.Watcher},
	}, relations)
	require.Equal(t, []notice.Relation{notice.Concerned}, c.relations(about{e, store.NotifyDetail{Question: &pmo.Question{}}, true}, "kim"))
	comment := store.Comment{ID: "0192f1a0-0000-7000-8000-000000000001", Request: r.ID, Author: "rita", At: day, Text: "@zoe", Mentions: []string{"zoe"}}
	entry := pmo.Entry{Event: pmo.EventCommented, Key: "comment/" + comment.ID, At: day, Actor: "rita", Text: "commented", Recipients: []string{"zoe", "kim"}}
	require.NoError(t, o.store.AddComment(t.Context(), comment, entry))
	page, err = o.store.Events(t.Context(), store.View{SeesAll: true, Limit: 10})
	require.NoError(t, err)
	details, err = o.store.NotifyDetails(t.Context(), page.Items, asksForAnswer)
	require.NoError(t, err)
	e = page.Items[slices.IndexFunc(page.Items, func(e store.Event) bool { return e.Entry.Event == pmo.EventCommented })]
	require.Contains(t, c.relations(about{e, details[e.Position], true}, "zoe"), notice.Mentioned)
	require.Equal(t, []notice.Relation{notice.Watcher}, c.relations(about{e, details[e.Position], true}, "kim"))
}
