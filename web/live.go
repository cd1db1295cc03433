package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"leanpmo/internal/inprocess"
)

// followsAll is what a page follows that shows many requests. A page of one request follows that.
const followsAll = "all"

// follower is a view whose page is kept up to date by the script: it says which request it shows, or all.
type follower interface{ Follows() string }

func (v requestView) Follows() string { return v.Request.ID }
func (v answerView) Follows() string  { return v.Request.ID }
func (homeView) Follows() string      { return followsAll }
func (inboxView) Follows() string     { return followsAll }
func (requestsView) Follows() string  { return followsAll }
func (boardView) Follows() string     { return followsAll }
func (backlogView) Follows() string   { return followsAll }
func (teamsView) Follows() string     { return followsAll }

// liveHeader marks a page that the script fetches to show it in place of an older one.
const liveHeader = "Pmo-Live"

type positionKey struct{}

// withSession reads and keeps the session. What the script does by itself is no use of it: a page that is only open does not keep its reader
// signed in. The position of the feed is read first, so that nothing is missed that happens while the page is made.
func (s *Site) withSession(next http.Handler) http.Handler {
	keeps := s.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Position != nil {
			r = r.WithContext(context.WithValue(r.Context(), positionKey{}, s.Position()))
		}
		if r.Method != http.MethodGet || r.URL.Path != eventsPath && r.Header.Get(liveHeader) == "" {
			keeps.ServeHTTP(w, r)
			return
		}
		w.Header().Add("Vary", "Cookie")
		ctx, err := s.sessions.Load(r.Context(), s.sessionToken(r))
		if err != nil {
			s.sessions.ErrorFunc(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *Site) sessionToken(r *http.Request) string {
	if c, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		return c.Value
	}
	return ""
}

const eventsPath = "/events"

// sessionCheckEvery is how long somebody may follow the events whose session has been ended elsewhere.
const sessionCheckEvery = 15 * time.Second

// events passes the API's events on to the script, for as long as the session lasts.
func (s *Site) events(w http.ResponseWriter, r *http.Request) {
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	go s.whileSignedIn(ctx, stop, s.sessionToken(r), viewerOf(ctx).ID)
	call := inprocess.OwnRoute(r.WithContext(ctx))
	call.URL = &url.URL{Path: "/v1/events", RawQuery: r.URL.RawQuery}
	call.Header = http.Header{"Last-Event-Id": r.Header.Values("Last-Event-ID")}
	s.API.ServeHTTP(w, call)
}

// whileSignedIn stops when the session has ended or is somebody else's. While the sessions cannot be reached, it goes on.
func (s *Site) whileSignedIn(ctx context.Context, stop context.CancelFunc, token, person string) {
	check := time.NewTicker(sessionCheckEvery)
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-check.C:
			if s.signedOut(token, person) {
				stop()
				return
			}
		}
	}
}

// signedOut reports whether the session has ended or is somebody else's. The context of the request has its session already, and scs would not
// read it again.
func (s *Site) signedOut(token, person string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), sessionCheckEvery)
	defer cancel()
	session, err := s.sessions.Load(ctx, token)
	return err == nil && s.sessions.GetString(session, personKey) != person
}

// Live is what the page follows; empty: nothing. A page that answers a form is not one that can be fetched again.
func (f frame[V]) Live() string {
	if view, ok := any(f.View).(follower); ok && f.fetched && f.Position != "" {
		return view.Follows()
	}
	return ""
}
