package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// moments makes a dispatcher that puts together what belongs together, as it is in use.
func moments(d *leader) *leader {
	d.moment = momentLength
	return d
}

func events(g got) []string {
	var list []string
	for _, h := range g.Data.Happened {
		list = append(list, h.Event+": "+h.Text)
	}
	return list
}

// An answer settles review, the next stage is entered, its people are asked: each person hears of it once.
func TestWhatOneCommandCausesIsOneMessage(t *testing.T) {
	o, ana, rita := newEnvironment(t), newReceiver(t, nil), newReceiver(t, nil)
	d := moments(o.leading(o.dispatcher(map[string]string{"ana": ana.URL, "rita": rita.URL})))
	r, other := request("Lists"), request("Other")
	o.record(r, pmo.Entry{Event: pmo.EventSettled, Text: "approved", Recipients: []string{"rita"}}, entry("entered prioritization", "rita", "ana"))
	o.record(other, entry("of another request", "rita"))
	o.clock.forward(time.Second)
	o.record(r, reminded("asked", "ana"), entry("entered approach", "rita"))
	more, err := d.pass(context.Background(), context.Background(), d.lead)
	require.NoError(t, err)
	require.False(t, more)
	require.Empty(t, rita.all(), "the moment is not over")

	o.clock.forward(momentLength + momentLag)
	d.drain()
	require.Len(t, rita.all(), 2)
	require.Len(t, ana.all(), 1)
	all := map[string]got{}
	for _, g := range rita.all() {
		all[g.Data.Request.Title] = g
	}
	require.Equal(t, "request.stage_entered", all["Lists"].Type)
	require.Equal(t, "entered approach", all["Lists"].Data.Text, "named after the last, after which it stands so")
	require.Equal(t, []string{"settled: approved", "stage_entered: entered prioritization", "stage_entered: entered approach"}, events(all["Lists"]))
	require.Empty(t, all["Other"].Data.Happened, "a single event is described by the message itself")
	asked := ana.all()[0]
	require.Equal(t, "request.reminded", asked.Type, "what asks for an answer comes first")
	require.NotEmpty(t, asked.Data.Question.Options)
	require.Equal(t, []string{"stage_entered: entered prioritization", "reminded: asked"}, events(asked))

	o.record(r, entry("much later", "rita"))
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, rita.all(), 3)
	require.Empty(t, rita.all()[2].Data.Happened)
}

func TestEntriesOfOneMomentAreFoundByRequestAndTime(t *testing.T) {
	at := func(request string, seconds int) store.Event {
		e := store.Event{RequestID: request}
		e.At = day.Add(time.Duration(seconds) * time.Second)
		return e
	}
	list := []store.Event{at("a", 0), at("b", 0), at("a", 1), at("a", 2), at("b", 1), at("a", 3), at("a", 9)}
	require.Equal(t, []int{0, 1, 0, 3, 1, 3, 6}, startsOf(list, momentLength))
	c := &clock{now: day.Add(10 * time.Second)}
	d := &Dispatcher{Deps: Deps{Now: c.Now}, moment: momentLength}
	require.Equal(t, 6, d.settled(list, false), "the last moment is not over")
	c.forward(time.Minute)
	require.Equal(t, 7, d.settled(list, false))
	require.Equal(t, 6, d.settled(list, true), "it may go on in the next page")
	require.Equal(t, 1, d.settled([]store.Event{at("a", 0), at("b", 8), at("c", 8), at("b", 9), at("c", 9)}, true), "every moment that may go on, not that of the last event alone")
	require.Equal(t, 2, d.settled([]store.Event{at("a", 0), at("b", 1)}, true), "nothing but moments that may go on: they are split")
	c.now = day.Add(-time.Hour)
	require.Equal(t, 7, d.settled(list, false), "a wrong clock holds nothing back")
}

// TestAMomentAcrossTwoPagesIsOneMessage: two requests alternate in the feed, and the page ends after the first entry of each.
func TestAMomentAcrossTwoPagesIsOneMessage(t *testing.T) {
	o, rita := newEnvironment(t), newReceiver(t, nil)
	d := moments(o.leading(o.dispatcher(map[string]string{"rita": rita.URL})))
	for i := range pageSize - 2 {
		o.record(request(fmt.Sprint("Earlier ", i)), entry("something else"))
	}
	o.clock.forward(time.Hour)
	lists, other := request("Lists"), request("Other")
	for _, r := range []*pmo.Request{lists, other, lists, other, lists, other} {
		o.record(r, entry("a step", "rita"))
		o.clock.forward(100 * time.Millisecond)
	}
	o.clock.forward(time.Minute)
	d.drain()
	require.Len(t, rita.all(), 2, "one for each request")
	for _, g := range rita.all() {
		require.Len(t, g.Data.Happened, 3, g.Data.Request.Title)
	}
}

// Who has no address finds one line a moment in the file.
func TestTheFileHasOneLineAMoment(t *testing.T) {
	o := newEnvironment(t)
	file := filepath.Join(t.TempDir(), "notifications.jsonl")
	journal, err := OpenJournal(file)
	require.NoError(t, err)
	d := moments(o.leading(o.dispatcher(nil, func(d *Deps) { d.Journal = journal })))
	o.record(request("Lists"), entry("one", "rita"), entry("two", "rita"))
	o.clock.forward(time.Minute)
	d.drain()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(content), "\n"))
	var l struct{ Message Payload }
	require.NoError(t, json.Unmarshal(content, &l))
	require.Len(t, l.Message.Data.Happened, 2)
}

func TestALongMomentStaysWithinTheLimit(t *testing.T) {
	told := one(event(strings.Repeat("ü", 5000)), store.NotifyDetail{})
	for range 100 {
		told.add(addressed{envelope: envelope{To: []string{"ana", "bo"}}}, about{event(strings.Repeat("ü", 5000)), store.NotifyDetail{}, true})
	}
	body, err := compose(told, "")
	require.NoError(t, err)
	require.Less(t, len(body), maxBody)
	var p Payload
	require.NoError(t, json.Unmarshal(body, &p))
	require.Equal(t, []string{"ana", "bo"}, p.Data.To)
	require.Len(t, p.Data.Happened, maxHappened)
}
