package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

const draftID = "018f0000-0000-7000-8000-0000000000d1"

// TestADraftSurvives a closed browser: it is listed, fills the form, and is gone when the form is sent.
func TestADraftSurvives(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	list := b.text(b.do("GET", "/requests/new", nil))
	require.Contains(t, list, `href="/requests/new/enhancement?draft=`+draftID+`">Half a form`)
	require.NotContains(t, list, "draft=other", "its kind is none any more")
	form := b.text(b.do("GET", "/requests/new/enhancement?draft="+draftID, nil))
	require.Contains(t, form, `value="Half a form"`)
	require.Contains(t, form, "half a problem</textarea>")
	id := regexp.MustCompile(`name="draft" value="([^"]+)"`)
	fresh := id.FindStringSubmatch(b.text(b.do("GET", "/requests/new/enhancement", nil)))[1]
	require.NotEqual(t, fresh, id.FindStringSubmatch(b.text(b.do("GET", "/requests/new/enhancement", nil)))[1], "each form has a draft of its own")

	sent := url.Values{"draft": {draftID}, "title": {"Lists"}, "problem": {" "}, "size": {"many"}, "step": {"draft"}, "key": {"k"}}
	response := b.do("POST", "/requests/new/enhancement", sent)
	require.Equal(t, "/requests/new/enhancement?draft="+draftID, response.Header.Get("Location"))
	require.JSONEq(t, `{"kind":"enhancement","fields":{"title":["Lists"],"size":["many"]}}`, string(b.api.sent["PUT /v1/me/drafts/"+draftID]), "what is wrong is kept as it is")
	require.NotContains(t, b.api.sent, "POST /v1/requests")
	b.headers.Set(liveHeader, "1")
	require.Equal(t, http.StatusNoContent, b.do("POST", "/requests/new/enhancement", sent).StatusCode)
	b.headers.Del(liveHeader)

	b.api.query = map[string]string{}
	sent.Set("step", "send")
	sent.Set("size", "1")
	sent.Set("problem", "typing")
	require.Equal(t, "/requests/R-8?new=1", b.do("POST", "/requests/new/enhancement", sent).Header.Get("Location"))
	require.Contains(t, b.api.query, "DELETE /v1/me/drafts/"+draftID)
	require.Equal(t, "/requests/new", b.do("POST", "/requests/new", url.Values{"draft": {draftID}}).Header.Get("Location"))
}

func TestSimilarRequestsAreShown(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	check := b.text(b.do("POST", "/requests/new/enhancement", url.Values{"title": {"Lists"}, "problem": {"typing"}}))
	require.Contains(t, check, "&lt;i&gt;Lists&lt;/i&gt; of old")
	require.Equal(t, "problem=typing&title=Lists", b.api.query["GET /v1/similar"])
	part := b.text(b.do("GET", "/similar?title=Lists", nil))
	require.Contains(t, part, "same words: lists")
	require.NotContains(t, part, "<html")
	require.Empty(t, b.text(b.do("GET", "/similar?title=a", nil)))
	b.api.refuse["GET /v1/similar"] = problem.New(problem.Unavailable, "away")
	require.Equal(t, http.StatusOK, b.do("POST", "/requests/new/enhancement", url.Values{"title": {"Lists"}, "problem": {"typing"}}).StatusCode)
}

func TestHomeSaysWhatChanged(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	page := b.text(b.do("GET", "/", nil))
	require.Contains(t, page, "Pulled by the run")
	require.Equal(t, strings.Count(page, "<div"), strings.Count(page, "</div>"), "every part of the page ends where it should")
	require.Equal(t, "only=changed&since=2027-02-27T09%3A00%3A00Z", b.api.query["GET /v1/digest"])
	require.Contains(t, b.api.query, "POST /v1/me/visit")
	b.api.query = map[string]string{}
	b.headers.Set(liveHeader, "1")
	b.do("GET", "/", nil)
	require.NotContains(t, b.api.query, "POST /v1/me/visit", "a page that is only open is no visit")
}
