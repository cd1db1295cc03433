package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func withPeople(t *testing.T, who string) *browser {
	b, shared := withAccess(t)
	at := now
	b.api.answers["GET /v1/sign-ins"] = wire.Page[wire.SignIn]{Items: []wire.SignIn{
		{Person: "oidc-zoe", Name: `<script>alert("z")</script>`, Provider: "staff", Issuer: "https://id.example.org", Subject: "zoe-1", State: "admitted", LastSeen: &at},
		{Person: "bo", Name: "Bo Hansen", Provider: "staff", Issuer: "https://id.example.org", Subject: "b", State: "linked", LastSeen: &at},
		{Person: "rita", Name: "Rita Lindqvist", Blocked: &wire.Blocked{At: at, By: "ada", Reason: "left the company"}},
	}}
	b.api.answers["PUT /v1/people/oidc-zoe/block"], b.api.answers["DELETE /v1/people/rita/block"], b.api.answers["DELETE /v1/people/bo/link"] = struct{}{}, struct{}{}, struct{}{}
	auditor, err := directory.Parse([]byte(strings.Replace(string(directory.Local()), "roles: [requester], token: dev-rita", "roles: [auditor], token: dev-rita", 1)))
	require.NoError(t, err)
	b.site.People.Replace(auditor)
	b.signIn(who).knowsSessions(t, shared, who)
	return b
}

// TestAdministratorsBlockOnThePage: each control leads to its command, and a refusal is shown beside what was written.
func TestAdministratorsBlockOnThePage(t *testing.T) {
	b := withPeople(t, "ada")
	text := b.text(b.do("GET", "/access", nil))
	require.Contains(t, text, "zoe-1")
	require.NotContains(t, text, "<script>alert")
	require.Contains(t, text, "left the company")
	require.Regexp(t, `action="/access/people/unblock"><input type="hidden" name="person" value="rita"`, text)
	require.Regexp(t, `action="/access/people/unlink"><input type="hidden" name="person" value="bo"`, text)

	require.Equal(t, http.StatusSeeOther, b.do("POST", "/access/people/block", url.Values{"person": {"oidc-zoe"}, "reason": {"left"}}).StatusCode)
	require.JSONEq(t, `{"reason":"left"}`, string(b.api.sent["PUT /v1/people/oidc-zoe/block"]))
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/access/people/unblock", url.Values{"person": {"rita"}}).StatusCode)
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/access/people/unlink", url.Values{"person": {"bo"}}).StatusCode)
	require.GreaterOrEqual(t, b.do("GET", "/access/people/block", nil).StatusCode, 400, "a link blocks nobody")

	b.api.refuse["PUT /v1/people/ada/block"] = problem.New(problem.Conflict, "nobody blocks themselves: another administrator may")
	response := b.do("POST", "/access/people/block", url.Values{"person": {"ada"}, "reason": {"a mistake"}})
	require.Equal(t, http.StatusConflict, response.StatusCode)
	text = b.text(response)
	require.Contains(t, text, "nobody blocks themselves")
	require.Contains(t, text, "a mistake")
}

func TestAuditorsSeeAccountsAndChangeNone(t *testing.T) {
	b := withPeople(t, "rita")
	text := b.text(b.do("GET", "/access", nil))
	require.Contains(t, text, "zoe-1")
	require.NotContains(t, text, "/access/people/")
}
