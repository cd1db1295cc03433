package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPagesSayWhatTheyFollow(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	require.NotContains(t, b.text(b.do("GET", "/inbox", nil)), "data-live", "the events are not read")
	b.site.Position = func() string { return "place-1" }
	require.Contains(t, b.text(b.do("GET", "/inbox", nil)), `data-live="all" data-position="place-1"`)
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), `data-live="`+requestID+`" data-position="place-1"`)
	require.NotContains(t, b.text(b.do("GET", "/policy", nil)), "data-live")
	answer := url.Values{"question": {"review/1/approvers"}, "verdict": {"defer"}}
	require.NotContains(t, b.text(b.do("POST", "/requests/R-8/answer", answer)), "data-live", "a form with errors is not one to fetch again")
}

// TestEventsAreThePersonsOwn: the cookie of the session counts, and nothing that a request says of itself; they end with the session.
func TestEventsAreThePersonsOwn(t *testing.T) {
	b := newBrowser(t)
	require.Equal(t, http.StatusSeeOther, b.do("GET", "/events", nil).StatusCode)
	b.signIn("ana")
	api := &streamingAPI{begun: make(chan *http.Request, 1)}
	b.site.API = api
	ctx, stop := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, "GET", "/events?after=x&request=R-8", nil)
	r.AddCookie(&http.Cookie{Name: "pmo-session", Value: b.cookies["pmo-session"]})
	r.Header.Set("Last-Event-ID", "y")
	r.Header.Set("Authorization", "Bearer dev-petra")
	done, w := make(chan struct{}), httptest.NewRecorder()
	go func() {
		b.site.ServeHTTP(w, r)
		close(done)
	}()
	call := <-api.begun
	require.Equal(t, "/v1/events?after=x&request=R-8", call.URL.String())
	require.Equal(t, http.Header{"Last-Event-Id": {"y"}}, call.Header)
	require.Equal(t, "ana", call.Context().Value(callerKey{}))
	require.Empty(t, w.Result().Cookies(), "to follow is no use of the session")
	stop()
	<-done
}

// streamingAPI answers until its caller goes.
type streamingAPI struct{ begun chan *http.Request }

func (a *streamingAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, ": here\n\n")
	a.begun <- r
	<-r.Context().Done()
}

// TestALivePageDoesNotKeepItsReaderSignedIn: what the script fetches by itself does not lengthen the session.
func TestALivePageDoesNotKeepItsReaderSignedIn(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	b.headers.Set(liveHeader, "1")
	response := b.do("GET", "/inbox", nil)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Empty(t, response.Cookies())
	b.headers.Del(liveHeader)
	require.NotEmpty(t, b.do("GET", "/inbox", nil).Cookies())
}

func TestWhoFollowsIsSignedOut(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	token := b.cookies["pmo-session"]
	require.False(t, b.site.signedOut(token, "ana"))
	require.True(t, b.site.signedOut(token, "bo"), "the session is another's now")
	b.do("POST", "/sign-out", nil)
	require.True(t, b.site.signedOut(token, "ana"))
}

func TestTheScriptIsSmall(t *testing.T) {
	script, err := assetFiles.ReadFile("assets/site.js")
	require.NoError(t, err)
	require.LessOrEqual(t, len(script), 10<<10)
}
