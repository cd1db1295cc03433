package web

import (
	"net/http"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// homeRows is how many rows a list of the home page has; a link leads to all of them.
const homeRows = 6

type homeView struct {
	Inbox      []wire.InboxItem
	MoreInbox  bool
	Mine       []wire.RequestItem
	MoreMine   bool
	Stuck      wire.Stuck         // what does not go on
	Late       []wire.RequestItem // for the PMO: the open requests whose questions are due first
	WatchesAll bool
	Since      *time.Time // when the reader was here before
	Changed    []wire.DigestChange
	Forecasts  []wire.DigestForecast
	Waiting    wire.GroupsWaiting
}

// home shows what waits on the reader, what they asked for, what does not go on, and for the PMO what is due next.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	viewer := viewerOf(r.Context())
	inbox, err := s.api.Inbox(r.Context(), homeRows, "")
	if err != nil {
		return err
	}
	mine, err := s.api.List(r.Context(), client.Filter{Requester: viewer.ID, Sort: "newest", Limit: homeRows, Forecast: true})
	if err != nil {
		return err
	}
	stuck, err := s.api.Stuck(r.Context(), homeRows)
	if err != nil {
		return err
	}
	view := homeView{Inbox: inbox.Value.Items, MoreInbox: inbox.Value.Next != "", Mine: mine.Value.Items, MoreMine: mine.Value.Next != "",
		WatchesAll: access.WatchesAll(viewer.Actor()), Stuck: stuck.Value}
	waiting, err := s.api.WaitingForMine(r.Context())
	if err != nil {
		return err
	}
	view.Waiting = waiting.Value
	if err := s.changedSince(r, &view); err != nil {
		return err
	}
	if view.WatchesAll {
		late, err := s.api.List(r.Context(), client.Filter{Sort: "due", Limit: homeRows})
		if err != nil {
			return err
		}
		view.Late = late.Value.Items
	}
	return render(s, w, r, http.StatusOK, "home", view)
}

// longestAbsence is how far back the home page says what changed.
const longestAbsence = 30 * 24 * time.Hour

// changedSince reads what changed since the reader was last here. To open the page is a visit; that the script fetches it again is none.
func (s *Site) changedSince(r *http.Request, view *homeView) error {
	visit, err := s.api.Visit(r.Context(), r.Header.Get(liveHeader) == "")
	if err != nil || visit.Value.Since == nil {
		return err
	}
	view.Since = visit.Value.Since
	if earliest := s.Now().Add(-longestAbsence); view.Since.Before(earliest) {
		view.Since = &earliest
	}
	digest, err := s.api.Changes(r.Context(), *view.Since)
	if err != nil {
		return err
	}
	view.Forecasts = digest.Value.Forecasts[:min(len(digest.Value.Forecasts), homeRows)]
	view.Changed = digest.Value.Changed[:min(len(digest.Value.Changed), homeRows)]
	return nil
}

type requestsView struct {
	Items   []wire.RequestItem
	Next    string
	Filters filterView
}

// requests lists requests by the filters in the URL.
func (s *Site) requests(w http.ResponseWriter, r *http.Request) error {
	filters, err := s.filters(r, true)
	if err != nil || filters.showDefault(w, r) {
		return err
	}
	page, err := s.api.List(r.Context(), filters.Filter)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "requests", requestsView{Items: page.Value.Items, Next: nextPage(r, page.Value.Next), Filters: filters})
}

// nextPage is the address of the next page of a list with the same filters; empty on the last one.
func nextPage(r *http.Request, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := r.URL.Query()
	q.Set("cursor", cursor)
	return r.URL.Path + "?" + q.Encode()
}
