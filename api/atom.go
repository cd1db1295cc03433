package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/feeds"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const (
	// feedEntries is how many entries a feed has, the latest.
	feedEntries = 100
	// feedDays is how far back the feed of a person goes.
	feedDays = 31
	// feedID begins the ids of feeds and of their entries, which are the same in every answer and hold no token.
	feedID = "tag:lean-pmo,2026:"
)

// atom writes what changed: of what its owner hears of, or in a portfolio, as they may read it.
func (a *API) atom(w http.ResponseWriter, r *http.Request, portfolio string) {
	ctx := r.Context()
	var items []*feeds.Item
	var err error
	title, id := "Lean PMO", feedID+"person/"+actorOf(ctx).ID
	if portfolio == "" {
		items, err = a.heardItems(ctx)
	} else {
		title, id = "Lean PMO: "+portfolio, feedID+"portfolio/"+portfolio
		items, err = a.portfolioItems(ctx, portfolio)
	}
	if err != nil {
		writeProblem(w, r, a.answerProblem(ctx, calendarPath+"{token}", err))
		return
	}
	f := &feeds.Feed{Id: id, Title: title, Link: &feeds.Link{Href: cmp.Or(a.PublicURL, "/")}, Author: &feeds.Author{Name: "Lean PMO"}, Updated: a.moment(), Items: items}
	if len(items) > 0 {
		f.Updated = items[0].Updated
	}
	text, err := f.ToAtom()
	if err != nil {
		writeProblem(w, r, a.answerProblem(ctx, calendarPath+"{token}", err))
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write([]byte(text)) // nobody is left to tell when the reader has gone
}

// heardItems are the changes of the last month that the person hears of, the newest first.
func (a *API) heardItems(ctx context.Context) ([]*feeds.Item, error) {
	v := viewOf(ctx)
	v.Limit = feedEntries
	events, _, err := a.Store.Changes(ctx, v, a.Now().UTC().AddDate(0, 0, -feedDays))
	if err != nil {
		return nil, err
	}
	var items []*feeds.Item
	for i := range events {
		e := &events[i]
		items = append(items, a.feedItem(fmt.Sprintf("ledger/%s/%d", e.RequestID, e.Position), e.RequestID, fmt.Sprintf("%s %s", cmp.Or(pmo.Ref(e.Number), "New"), e.Title), e.Text, e.At))
	}
	return items, nil
}

// portfolioItems are the stages that the newest requests of a portfolio are in, or how they ended; the latest change first.
func (a *API) portfolioItems(ctx context.Context, portfolio string) ([]*feeds.Item, error) {
	v := viewOf(ctx)
	found, err := a.Store.List(ctx, store.Filter{Portfolio: portfolio, Closed: true, Viewer: v.Viewer, ActsFor: v.ActsFor, SeesAll: v.SeesAll, Sort: store.SortNewest, Limit: feedEntries})
	if err != nil {
		return nil, err
	}
	var items []*feeds.Item
	for i := range found.Items {
		r := &found.Items[i]
		says := "In stage " + string(r.Stage) + "."
		if r.Outcome != "" {
			says = "Closed: " + string(r.Outcome) + "."
		}
		items = append(items, a.feedItem(fmt.Sprintf("stage/%s/%s", r.ID, cmp.Or(string(r.Outcome), string(r.Stage))), r.ID, fmt.Sprintf("%s %s", cmp.Or(pmo.Ref(r.Number), "New"), r.Title), says, r.StageSince))
	}
	slices.SortStableFunc(items, func(x, y *feeds.Item) int { return y.Updated.Compare(x.Updated) })
	return items, nil
}

func (a *API) feedItem(id, request, title, says string, at time.Time) *feeds.Item {
	return &feeds.Item{Id: feedID + id, Title: title, Description: says, Link: &feeds.Link{Href: cmp.Or(a.pageOf(request), "/requests/"+request)}, Created: at.UTC(), Updated: at.UTC()}
}
