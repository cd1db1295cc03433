package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// changeReader reads what a person hears of.
type changeReader interface {
	Changes(ctx context.Context, v store.View, since time.Time) (events []store.Event, more bool, err error)
}

const (
	digestLength  = 24 * time.Hour
	longestDigest = 31 * 24 * time.Hour
	mostWaiting   = 50
)

type digestInput struct {
	Since time.Time `query:"since" doc:"From when on, at most 31 days ago; a day ago when absent"`
	Only  string    `query:"only" enum:"changed" doc:"Only what changed: waiting and late are empty then, and nothing is read for them"`
}

type digestOutput struct {
	Body wire.Digest
}

// digest is what the caller has to know of a day. What is sent at once (notifications) is in it too.
func (a *API) digest(ctx context.Context, in *digestInput) (*digestOutput, error) {
	now := a.Now().UTC()
	since := in.Since.UTC()
	switch {
	case in.Since.IsZero():
		since = now.Add(-digestLength)
	case since.After(now):
		return nil, problem.InvalidField("query/since", "lies in the future: %s is after now, %s", minute(in.Since), minute(now.In(in.Since.Location())))
	case since.Before(now.Add(-longestDigest)):
		return nil, problem.InvalidField("query/since", "lies more than 31 days back: %s; now it is %s", minute(in.Since), minute(now.In(in.Since.Location())))
	}
	view := viewOf(ctx)
	view.Limit = 200
	events, more, err := a.Store.Changes(ctx, view, since)
	if err != nil {
		return nil, err
	}
	out := &digestOutput{Body: wire.Digest{Person: actorOf(ctx).ID, Since: since, Until: now, Waiting: []wire.InboxItem{}, Late: []wire.LateItem{}, Forecasts: []wire.DigestForecast{},
		Changed: changesOf(events), MoreChanged: more}}
	if err := a.addForecasts(ctx, &out.Body); err != nil || in.Only != "" {
		return out, err
	}
	return out, a.addWaiting(ctx, &out.Body)
}

// addWaiting adds what waits on the person, and what is late.
func (a *API) addWaiting(ctx context.Context, d *wire.Digest) error {
	inbox, err := a.inbox(ctx, &inboxInput{Limit: mostWaiting})
	if err != nil {
		return err
	}
	view := viewOf(ctx)
	own, err := a.Store.List(ctx, store.Filter{Requester: d.Person, Sort: store.SortAge, Limit: 200, Viewer: view.Viewer, SeesAll: view.SeesAll})
	if err != nil {
		return err
	}
	d.Waiting, d.MoreWaiting = inbox.Body.Items, inbox.Body.Next != ""
	d.Late, d.MoreLate = a.late(inbox.Body.Items, own.Items, d.Until), own.Next != ""
	return nil
}

// late are answers of the person that are overdue, and requests of theirs that are not delivered though their wanted date is over.
func (a *API) late(waiting []wire.InboxItem, own []store.Item, now time.Time) []wire.LateItem {
	list := []wire.LateItem{}
	for _, i := range waiting {
		if i.Question.DueAt.Before(now) {
			list = append(list, wire.LateItem{Request: i.Request, What: fmt.Sprintf("your answer to %s", i.Question.ID), Due: i.Question.DueAt})
		}
	}
	for _, i := range own {
		if over, late := i.Overdue(now, a.Policy.Now().Calendar(i.Portfolio).Location()); late {
			list = append(list, wire.LateItem{Request: wire.InboxRequest{ID: i.ID, Number: i.Number, Ref: pmo.Ref(i.Number), Title: i.Title, Requester: i.Requester, Stage: i.Stage},
				What: "wanted by " + string(i.WantedBy), Due: over.UTC()})
		}
	}
	return list
}

// changesOf puts entries, the newest first, together by request.
func changesOf(events []store.Event) []wire.DigestChange {
	list := []wire.DigestChange{}
	for _, e := range events {
		at := slices.IndexFunc(list, func(c wire.DigestChange) bool { return c.Request.ID == e.RequestID })
		if at < 0 {
			at = len(list)
			list = append(list, wire.DigestChange{Request: wire.InboxRequest{ID: e.RequestID, Number: e.Number, Ref: pmo.Ref(e.Number), Title: e.Title, Stage: e.Stage}})
		}
		list[at].Entries = append(list[at].Entries, wire.DigestEntry{At: e.At, Event: e.Entry.Event, Actor: e.Actor, Text: e.Text, Stage: e.Stage})
	}
	for i := range list {
		slices.Reverse(list[i].Entries)
	}
	return list
}
