package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const chatSecret = "https://hooks.slack.com/services/a-secret"

// TestTheChatOnItsPage: the address goes to the API and comes back in no page, also not in the form that was refused.
func TestTheChatOnItsPage(t *testing.T) {
	b, shared := withAccess(t)
	b.api.answers["GET /v1/me/chat"] = wire.OwnChat{On: true, Chat: &wire.Chat{Endpoint: "person:sam", Name: "Sam", Format: "slack", SetAt: now, SetBy: "sam"}}
	for _, call := range []string{"PUT /v1/me/chat", "DELETE /v1/me/chat", "POST /v1/me/chat/test"} {
		b.api.answers[call] = struct{}{}
	}
	b.signIn("sam").knowsSessions(t, shared, "sam")
	require.Contains(t, b.text(b.do("GET", "/access", nil)), `href="/chat"`)
	text := b.text(b.do("GET", "/chat", nil))
	require.Contains(t, text, "<strong>Slack</strong>, set by Sam Okafor")
	require.NotContains(t, text, `id="office"`)
	require.Equal(t, "/chat", b.do("POST", "/chat/set", url.Values{"format": {"slack"}, "address": {" " + chatSecret}}).Header.Get("Location"))
	require.JSONEq(t, `{"format":"slack","address":"`+chatSecret+`"}`, string(b.api.sent["PUT /v1/me/chat"]))
	require.Equal(t, "/chat?sent=1", b.do("POST", "/chat/test", url.Values{}).Header.Get("Location"))
	require.Contains(t, b.text(b.do("GET", "/chat?sent=1", nil)), "A test is on its way")
	require.Equal(t, "/chat", b.do("POST", "/chat/remove", url.Values{}).Header.Get("Location"))

	b.api.refuse["PUT /v1/me/chat"] = problem.InvalidField("/address", "is not of slack")
	response := b.do("POST", "/chat/set", url.Values{"format": {"teams"}, "address": {chatSecret}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	text = b.text(response)
	require.Contains(t, text, "is not of slack")
	require.Contains(t, text, `<option value="teams" selected>`)
	require.NotContains(t, text, "a-secret")
	b.api.answers["GET /v1/me/chat"] = wire.OwnChat{Directory: true}
	text = b.text(b.do("GET", "/chat", nil))
	require.Contains(t, text, "the server has no key")
	require.NotContains(t, text, `name="address"`)
}

// TestTheOfficeHasTheChatsOfGroupsAndPortfolios on the same page.
func TestTheOfficeHasTheChatsOfGroupsAndPortfolios(t *testing.T) {
	b, shared := withAccess(t)
	rules := policy.Default().Document()
	target := "portfolio:" + rules.Portfolios[0].ID
	b.api.answers["GET /v1/policy"] = wire.Policy{Data: rules}
	b.api.answers["GET /v1/me/chat"] = wire.OwnChat{On: true}
	b.api.answers["GET /v1/chats"] = wire.Chats{On: true, Items: []wire.Chat{{Endpoint: "group:approvers", Name: "Approvers", Format: "teams", SetAt: now, SetBy: "ada"}}}
	b.api.answers["PUT /v1/chats/"+target], b.api.answers["POST /v1/chats/group:approvers/test"] = struct{}{}, struct{}{}
	b.signIn("petra").knowsSessions(t, shared, "petra")
	text := b.text(b.do("GET", "/chat", nil))
	require.Contains(t, text, "Microsoft Teams")
	require.Contains(t, text, `<option value="`+target+`">`)
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/chat/set", url.Values{"endpoint": {target}, "format": {"slack"}, "address": {chatSecret}}).StatusCode)
	require.Contains(t, string(b.api.sent["PUT /v1/chats/"+target]), "a-secret")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/chat/test", url.Values{"endpoint": {"group:approvers"}}).StatusCode)
}
