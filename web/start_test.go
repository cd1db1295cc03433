package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/publicform"
	"leanpmo/internal/wire"
)

const publicID = "018f0000-0000-7000-8000-00000000000a"

// fakePublic keeps who asks in memory.
type fakePublic struct {
	rows map[publicform.Hash]publicform.Request
	down error
}

func (f *fakePublic) FormSecret(context.Context) ([]byte, error) {
	return bytes.Repeat([]byte{7}, 32), f.down
}

func (f *fakePublic) BeginPublic(_ context.Context, link publicform.Hash, r publicform.Request, most int) error {
	if _, known := f.rows[link]; !known && len(f.rows) >= most {
		return publicform.ErrLimit
	} else if !known {
		f.rows[link] = r
	}
	return f.down
}

func (f *fakePublic) SubmittedPublic(_ context.Context, link publicform.Hash, request string) error {
	r := f.rows[link]
	r.RequestID = request
	f.rows[link] = r
	return f.down
}

func (f *fakePublic) DropPublic(_ context.Context, link publicform.Hash) error {
	delete(f.rows, link)
	return f.down
}

func (f *fakePublic) PublicByLink(_ context.Context, link publicform.Hash) (publicform.Request, bool, error) {
	r, known := f.rows[link]
	return r, known, f.down
}

// stranger is a browser of somebody without an account, whose clock is a test's.
type stranger struct {
	*browser
	store *fakePublic
	at    time.Time
	log   bytes.Buffer
}

func newStranger(t *testing.T, change ...func(*PublicForm)) *stranger {
	s := &stranger{store: &fakePublic{rows: map[publicform.Hash]publicform.Request{}}, at: now}
	form := &PublicForm{Requester: "public-form", Store: s.store, PerHour: 20, AddressPerHour: 10}
	for _, c := range change {
		c(form)
	}
	s.browser = newBrowserWith(t, func(o *Options) {
		o.Public, o.Now, o.Log = form, func() time.Time { return s.at }, slog.New(slog.NewTextHandler(&s.log, nil))
	})
	request := s.api.answers["GET /v1/requests/"+publicID].(wire.Request)
	request.Requester, request.Content.Title, request.Content.Kind = "public-form", "The printer is silent", "support"
	request.Reason, request.Content.Sponsor = "a reason of ana's", "theo"
	s.api.answers["GET /v1/requests/"+publicID], s.api.answers["POST /v1/requests"] = request, request
	return s
}

var hiddenMark = regexp.MustCompile(`name="mark" value="([^"]+)"`)

// begin calls the form and returns it filled in.
func (s *stranger) begin() url.Values {
	page := s.text(s.do("GET", "/start/support", nil))
	mark := hiddenMark.FindStringSubmatch(page)
	require.NotNil(s.t, mark, page)
	return url.Values{"mark": {html.UnescapeString(mark[1])}, "title": {"The printer is silent"}, "problem": {"It prints nothing"},
		"asker_name": {"Ida Larsen"}, "asker_contact": {"ida@example.net"}, "website": {""}}
}

// send submits a form as a person does: some seconds after it was called.
func (s *stranger) send(form url.Values) *http.Response {
	s.at = s.at.Add(10 * time.Second)
	form.Set("step", "send")
	return s.do("POST", "/start/support", form)
}

func TestThePublicFormIsOffByDefault(t *testing.T) {
	b := newBrowser(t)
	for _, page := range []string{"/start", "/start/support", "/status/" + strings.Repeat("A", 43)} {
		require.Equal(t, http.StatusNotFound, b.do("GET", page, nil).StatusCode, page)
	}
	require.Equal(t, http.StatusNotFound, b.do("POST", "/start/support", url.Values{"title": {"x"}}).StatusCode)
	require.Empty(t, b.api.sent)
	require.NotContains(t, b.text(b.do("GET", "/sign-in", nil)), `href="/start"`)
}

func TestThePublicFormHasThePublicKindsAndFieldsAlone(t *testing.T) {
	s := newStranger(t)
	require.Contains(t, s.text(s.do("GET", "/sign-in", nil)), `href="/start"`)
	text := s.text(s.do("GET", "/start", nil))
	require.Contains(t, text, `href="/start/support"`)
	require.NotContains(t, text, "/start/enhancement")
	require.Equal(t, http.StatusNotFound, s.do("GET", "/start/enhancement", nil).StatusCode)
	response := s.do("GET", "/start/support", nil)
	text = s.text(response)
	for _, field := range []string{"title", "problem", "asker_name", "asker_contact"} {
		require.Contains(t, text, `name="`+field+`"`)
	}
	for _, field := range []string{"inputs", "sponsor", "confidential", "size", "class", "themes", "requester", "watchers"} {
		require.NotContains(t, text, `name="`+field, field)
	}
	require.Equal(t, "noindex, nofollow", response.Header.Get("X-Robots-Tag"))
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	require.Empty(t, response.Cookies(), "no session begins")
	require.Equal(t, "public-form", s.api.caller)
}

func TestAStrangerSubmits(t *testing.T) {
	s := newStranger(t)
	form := s.begin()
	form.Set("confidential", "yes")
	form.Set("sponsor", "ana")
	form.Set("inputs.business_value", "20")
	form.Set("requester", "sam")
	text := s.text(s.do("POST", "/start/support", form))
	require.Contains(t, text, "Check your answers")
	require.Contains(t, text, "ida@example.net")
	require.Empty(t, s.api.sent)
	response := s.send(form)
	require.Equal(t, http.StatusSeeOther, response.StatusCode, s.text(response))
	require.JSONEq(t, `{"title":"The printer is silent","kind":"support","problem":"It prints nothing"}`, string(s.api.sent["POST /v1/requests"]), "nothing else is taken, and nothing of the person")
	require.Equal(t, "public-form", s.api.caller)
	link := response.Header.Get("Location")
	require.Regexp(t, `^/status/[A-Za-z0-9_-]{43}\?new=1$`, link)
	require.Len(t, s.store.rows, 1)

	again := s.send(form)
	require.Equal(t, link, again.Header.Get("Location"), "a second click is the same")
	require.Equal(t, s.api.keys[0], s.api.keys[1])
	require.Len(t, s.store.rows, 1)
	form.Set("problem", "It prints nonsense")
	other := s.send(form)
	require.NotEqual(t, link, other.Header.Get("Location"), "other answers are another request")
	require.NotEqual(t, s.api.keys[0], s.api.keys[2])

	status := s.do("GET", link, nil)
	text = s.text(status)
	require.Equal(t, http.StatusOK, status.StatusCode)
	require.Equal(t, "no-referrer", status.Header.Get("Referrer-Policy"))
	require.Equal(t, "no-store", status.Header.Get("Cache-Control"))
	require.Equal(t, "noindex, nofollow", status.Header.Get("X-Robots-Tag"))
	for _, want := range []string{"The printer is silent", "R-8", "Received.", "http://example.com/status/", "It is being judged", "1 Apr 2027"} {
		require.Contains(t, text, want)
	}
	text = strings.ReplaceAll(text, strings.TrimSuffix(strings.TrimPrefix(link, "/status/"), "?new=1"), "") // random letters
	for _, internal := range []string{"Ana", "Bo Hansen", "ana", "a reason of", "Shall we do it", "theo", "Theo", "small and known", "done by 1 May", "Ida"} {
		require.NotContains(t, text, internal)
	}
	require.Empty(t, status.Cookies())
}

// A program fills in what people do not see, is quicker than they, or sends a form that was not handed out.
func TestWhatNoPersonSendsIsNotTaken(t *testing.T) {
	s := newStranger(t)
	form := s.begin()
	form.Set("website", "https://spam.example")
	require.Equal(t, http.StatusUnprocessableEntity, s.send(form).StatusCode)
	form = s.begin()
	form.Set("step", "send")
	response := s.do("POST", "/start/support", form)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, s.text(response), "That was too quick")
	for _, mark := range []string{"", "made up", publicform.NewMark(now).Text([]byte("another secret"))} {
		form.Set("mark", mark)
		response := s.send(form)
		require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
		text := s.text(response)
		require.Contains(t, text, "open for a long time")
		require.Contains(t, text, "ida@example.net", "what was written stays")
	}
	form = s.begin()
	s.at = s.at.Add(publicform.LongestTime)
	require.Equal(t, http.StatusUnprocessableEntity, s.send(form).StatusCode)
	require.Empty(t, s.api.sent)
	require.Empty(t, s.store.rows)
	form = s.begin()
	s.headers.Set("Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, s.send(form).StatusCode)
	s.headers.Del("Sec-Fetch-Site")
	form.Set("problem", strings.Repeat("x", maxPublicForm))
	require.Equal(t, http.StatusRequestEntityTooLarge, s.send(form).StatusCode)
	require.Empty(t, s.api.sent)
}

func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	s := newStranger(t)
	form := s.begin()
	for name, value := range map[string]string{"title": " ", "asker_name": "", "asker_contact": strings.Repeat("x", 201)} {
		form.Set(name, value)
	}
	response := s.send(form)
	text := s.text(response)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	for _, want := range []string{`id="f-title-error"`, `id="f-asker_name-error"`, "longer than 200 characters"} {
		require.Contains(t, text, want)
	}
	require.Empty(t, s.store.rows)

	s.api.refuse["POST /v1/requests"] = problem.InvalidField("/problem", "is longer than 4000 characters")
	response = s.send(s.begin())
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, s.text(response), `id="f-problem-error"`)
	require.Empty(t, s.store.rows, "of whose request is refused, nothing is kept")
}

func TestThePublicFormIsBounded(t *testing.T) {
	s := newStranger(t, func(f *PublicForm) { f.AddressPerHour = 2 })
	for range 2 {
		require.Equal(t, http.StatusSeeOther, s.send(s.begin()).StatusCode)
	}
	response := s.send(s.begin())
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	require.NotEmpty(t, response.Header.Get("Retry-After"))
	text := s.text(response)
	require.Contains(t, text, "Many requests came from your network")
	require.Contains(t, text, "ida@example.net", "what was written stays")
	s.at = s.at.Add(time.Hour)
	require.Equal(t, http.StatusSeeOther, s.send(s.begin()).StatusCode)

	s = newStranger(t, func(f *PublicForm) { f.PerHour = 1 })
	require.Equal(t, http.StatusSeeOther, s.send(s.begin()).StatusCode)
	response = s.send(s.begin())
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	require.Contains(t, s.text(response), "as many requests as it may in an hour")

	s = newStranger(t)
	status := 0
	for range publicPagesPerMinute + 1 {
		status = s.do("GET", "/start", nil).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, status)
}

func TestNothingIsSubmittedWithoutTheStore(t *testing.T) {
	s := newStranger(t)
	form := s.begin()
	s.store.down = errors.New("away")
	require.Equal(t, http.StatusServiceUnavailable, s.send(form).StatusCode)
	require.Empty(t, s.api.sent)
}

func TestAStatusLinkShowsItsOwnRequestAlone(t *testing.T) {
	s := newStranger(t)
	link := strings.TrimSuffix(s.send(s.begin()).Header.Get("Location"), "?new=1")
	token := strings.TrimPrefix(link, "/status/")
	for _, other := range []string{strings.Repeat("A", 43), token[:42], token + "A", "..", "%2e%2e"} {
		require.Equal(t, http.StatusNotFound, s.do("GET", "/status/"+other, nil).StatusCode, other)
	}
	change := func(f func(*wire.Request)) int {
		request := s.api.answers["GET /v1/requests/"+publicID].(wire.Request)
		f(&request)
		s.api.answers["GET /v1/requests/"+publicID] = request
		return s.do("GET", link, nil).StatusCode
	}
	closed := func(r *wire.Request) {
		r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeRejected, s.at
	}
	require.Equal(t, http.StatusOK, change(closed))
	text := s.text(s.do("GET", link, nil))
	require.Contains(t, text, "It will not be done")
	require.NotContains(t, text, "a reason of")
	s.at = s.at.Add(access.StatusLinkFor)
	require.Equal(t, http.StatusNotFound, s.do("GET", link, nil).StatusCode, "expired")
	require.Equal(t, http.StatusOK, change(func(r *wire.Request) { r.Status, r.Outcome, r.ClosedAt = pmo.StatusOpen, "", time.Time{} }))
	require.Equal(t, http.StatusNotFound, change(func(r *wire.Request) { r.Content.Confidential = true }), "confidential")
	require.Equal(t, http.StatusOK, change(func(r *wire.Request) { r.Content.Confidential = false }))
	for hash, row := range s.store.rows {
		row.Revoked = at(now)
		s.store.rows[hash] = row
	}
	require.Equal(t, http.StatusNotFound, s.do("GET", link, nil).StatusCode, "revoked")
	s.store.down = errors.New("away")
	require.Equal(t, http.StatusServiceUnavailable, s.do("GET", link, nil).StatusCode)
	require.NotContains(t, s.log.String(), token, "the log does not have it")
}

// Who asked is shown to those whom the API tells, and the PMO ends the link.
func TestTheContactOfAPublicRequest(t *testing.T) {
	s := newStranger(t)
	s.signIn("petra")
	request := s.api.answers["GET /v1/requests/"+publicID]
	s.api.answers["GET /v1/requests/R-8"] = request
	require.NotContains(t, s.text(s.do("GET", "/requests/R-8", nil)), "Asked for by the public form")
	s.api.answers["GET /v1/requests/"+publicID+"/contact"] = wire.Contact{Name: "Ida Larsen", Contact: "<ida@example.net>", AskedAt: now, MayRevoke: true}
	text := s.text(s.do("GET", "/requests/R-8", nil))
	require.Contains(t, text, "Ida Larsen")
	require.Contains(t, text, "&lt;ida@example.net&gt;")
	end := fmt.Sprintf("/requests/%s/status-link/end", publicID)
	require.Contains(t, text, `action="`+end+`"`)
	s.api.answers["DELETE /v1/requests/"+publicID+"/status-link"] = struct{}{}
	response := s.do("POST", end, nil)
	require.Equal(t, "/requests/R-8#contact", response.Header.Get("Location"))
}
