package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
	"leanpmo/internal/session"
	"leanpmo/internal/wire"
)

// withAccess is a browser whose API knows a token and two sessions, one of them this browser's.
func withAccess(t *testing.T) (*browser, *fakeSessions) {
	shared := newFakeSessions()
	b := newBrowserWith(t, func(o *Options) { o.Sessions = shared })
	b.api.answers["GET /v1/me/tokens"] = wire.Page[wire.Token]{Items: []wire.Token{
		{ID: "t1", Principal: "sam", Name: `<script>alert("t")</script>`, Scopes: []string{"read"}, ExpiresAt: now.AddDate(0, 1, 0), Works: true}, {ID: "t2", Name: "revoked before"}}}
	b.api.answers["GET /v1/tokens"] = wire.Page[wire.Token]{Items: []wire.Token{{ID: "t9", Principal: "ana", Name: "of ana", Scopes: []string{"answer"}, Works: true}}}
	b.api.answers["GET /v1/sessions"] = wire.Page[wire.Session]{Items: []wire.Session{{ID: "s9", Person: "ana", UserAgent: "Ana's Firefox"}}, Next: "more"}
	b.api.answers["GET /v1/sign-ins"] = wire.Page[wire.SignIn]{}
	b.api.refuse["GET /v1/me/delegation"] = problem.New(problem.NotFound, "nobody acts for you")
	for _, call := range []string{"DELETE /v1/me/tokens/t1", "DELETE /v1/tokens/t9", "DELETE /v1/sessions/s9", "DELETE /v1/me/delegation"} {
		b.api.answers[call] = struct{}{}
	}
	return b, shared
}

func (b *browser) knowsSessions(t *testing.T, shared *fakeSessions, person string) {
	require.Len(t, shared.of(person), 1)
	b.api.answers["GET /v1/me/sessions"] = wire.Page[wire.Session]{Items: []wire.Session{
		{ID: session.ID(shared.of(person)[0].Hash), Person: person, UserAgent: "This Firefox"}, {ID: "s2", Person: person, UserAgent: "Old phone"}}}
}

func TestOnesOwnAccess(t *testing.T) {
	b, shared := withAccess(t)
	b.signIn("sam").knowsSessions(t, shared, "sam")
	text := b.text(b.do("GET", "/access", nil))
	require.Contains(t, text, "This Firefox")
	require.Regexp(t, `This Firefox(?s:.){0,120}this browser`, text)
	require.NotRegexp(t, `Old phone(?s:.){0,120}this browser`, text)
	require.NotContains(t, text, `<script>alert`)
	require.NotContains(t, text, "revoked before")
	require.NotContains(t, text, "Ana&#39;s Firefox")
	require.NotContains(t, text, "Everybody")
	require.NotContains(t, text, `name="principal"`)
	response := b.do("POST", "/access/tokens/t1/end", url.Values{})
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/access/sessions/gone/end", url.Values{}).StatusCode, "it has ended meanwhile")
	require.GreaterOrEqual(t, b.do("GET", "/access/tokens/t1/end", nil).StatusCode, 400, "a link revokes nothing")
}

func TestATokenIsShownOnceOnThePage(t *testing.T) {
	b, shared := withAccess(t)
	b.signIn("sam").knowsSessions(t, shared, "sam")
	b.api.answers["POST /v1/me/tokens"] = wire.MadeToken{Token: wire.Token{Name: "nightly"}, Secret: "pmo_SECRET"}
	response := b.do("POST", "/access/tokens", url.Values{"name": {"nightly"}, "scopes": {"read", "submit"}, "days": {"30"}})
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	require.Contains(t, b.text(response), "pmo_SECRET")
	require.JSONEq(t, `{"name":"nightly","scopes":["read","submit"],"days":30}`, string(b.api.sent["POST /v1/me/tokens"]))
	require.NotContains(t, b.text(b.do("GET", "/access", nil)), "pmo_SECRET")
	b.api.refuse["POST /v1/me/tokens"] = problem.InvalidField("/scopes", "one at least")
	response = b.do("POST", "/access/tokens", url.Values{"name": {"nightly"}, "days": {"x"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	text := b.text(response)
	require.Contains(t, text, "one at least")
	require.Contains(t, text, `value="nightly"`, "what was filled in stays")
}

func TestAdministratorsManageEverybodysAccess(t *testing.T) {
	b, shared := withAccess(t)
	b.signIn("ada").knowsSessions(t, shared, "ada")
	text := b.text(b.do("GET", "/access?person=ana", nil))
	require.Contains(t, text, "Ana&#39;s Firefox")
	require.Contains(t, text, "of ana")
	require.Contains(t, text, "There are more than fit here")
	require.Contains(t, text, `href="/access?all_sessions=more&amp;person=ana"`)
	b.do("GET", "/access?all_sessions=more&person=ana&all_tokens=older&own_tokens=own", nil)
	require.Contains(t, b.api.query["GET /v1/sessions"], "cursor=more")
	require.Contains(t, b.api.query["GET /v1/tokens"], "cursor=older")
	require.Contains(t, b.api.query["GET /v1/me/tokens"], "cursor=own")
	for _, action := range []string{"/access/tokens/t9/end", "/access/sessions/s9/end"} {
		require.Contains(t, text, action)
		require.Equal(t, http.StatusSeeOther, b.do("POST", action, url.Values{"any": {"1"}}).StatusCode)
	}
	require.Equal(t, "ada", b.api.caller)
}

func TestDelegationOnThePage(t *testing.T) {
	b, shared := withAccess(t)
	b.signIn("ana").knowsSessions(t, shared, "ana")
	b.api.answers["PUT /v1/me/delegation"] = wire.Delegation{}
	b.cookies["zone"] = "Europe/Berlin"
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/access/delegation", url.Values{"delegate": {"kai"}, "until": {"2027-03-10"}}).StatusCode)
	require.Contains(t, string(b.api.sent["PUT /v1/me/delegation"]), `"until":"2027-03-11T00:00:00+01:00"`, "the day included, in the reader's zone")
	response := b.do("POST", "/access/delegation", url.Values{"delegate": {"kai"}, "until": {"soon"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "is not a day")
	delete(b.api.refuse, "GET /v1/me/delegation")
	b.api.answers["GET /v1/me/delegation"] = wire.Delegation{Person: "ana", Delegate: "kai", Until: now}
	require.Contains(t, b.text(b.do("GET", "/access", nil)), "Kai Tanaka acts for you until")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/access/delegation", url.Values{"clear": {"1"}}).StatusCode)
}

// TestACalendarHasAnAddress: made on the page, shown once, whole, and by a form of its own.
func TestACalendarHasAnAddress(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	for _, call := range []string{"GET /v1/me/tokens", "GET /v1/me/sessions"} {
		b.api.answers[call] = map[string]any{"items": []any{}}
	}
	page := b.text(b.do("GET", "/access", nil))
	require.Contains(t, page, `name="scopes" value="calendar"`)
	require.Equal(t, 1, strings.Count(page, `value="calendar"`), "the form for other tokens does not offer it")
	b.api.answers["POST /v1/me/tokens"] = wire.MadeToken{Token: wire.Token{Name: "Phone", Scopes: []string{"calendar"}}, Secret: "pmo_SECRET", Calendar: "/calendar/pmo_SECRET.ics"}
	response := b.do("POST", "/access/tokens", url.Values{"name": {"Phone"}, "scopes": {"calendar"}, "days": {"366"}})
	require.JSONEq(t, `{"name":"Phone","scopes":["calendar"],"days":366}`, string(b.api.sent["POST /v1/me/tokens"]))
	page = b.text(response)
	require.Regexp(t, `value="https?://[^"]+/calendar/pmo_SECRET\.ics"`, page)
	require.NotContains(t, page, `value="pmo_SECRET"`)
}
