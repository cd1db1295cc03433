package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

// TestTheChannelsOnTheirPage: an administrator sees what became of notifications; what is sent again is confirmed first, and a GET changes nothing.
func TestTheChannelsOnTheirPage(t *testing.T) {
	b, shared := withAccess(t)
	at := now
	b.api.answers["GET /v1/channels"] = wire.Page[wire.Channel]{Next: "older", Items: []wire.Channel{
		{Endpoint: "group:approvers", Name: "Approvers", Format: "slack", Waiting: 3, Oldest: &at, Dead: 2, Failed: &at, Reason: "answered <500>"},
		{Endpoint: "person:ana", Name: "Ana Moreau", Disabled: &at, DisabledWhy: "answered 410", Delivered: &at}}}
	b.api.answers["GET /v1/channels/dead"] = wire.Page[wire.DeadMessage]{Items: []wire.DeadMessage{{ID: "msg_1", Endpoint: "group:approvers", Event: "stage", At: now, DeadAt: now, Attempts: 10, Reason: "answered 500"}}}
	b.api.answers["POST /v1/channels/redeliver"] = wire.Redelivered{Messages: 2}
	b.api.answers["POST /v1/channels/enable"] = struct{}{}
	b.signIn("ada").knowsSessions(t, shared, "ada")
	require.Contains(t, b.text(b.do("GET", "/access", nil)), `href="/channels"`)
	text := b.text(b.do("GET", "/channels?failing=1&cursor=c", nil))
	require.Contains(t, text, "Slack")
	require.Contains(t, text, "answered &lt;500&gt;")
	require.Contains(t, text, "no address")
	require.Contains(t, text, `href="/channels/person:ana/enable"`)
	require.Contains(t, text, "cursor=older")
	require.Contains(t, b.api.query["GET /v1/channels"], "failing=true")
	text = b.text(b.do("GET", "/channels/group:approvers", nil))
	require.Contains(t, text, `href="/channels/group:approvers/redeliver?message=msg_1"`)
	require.Equal(t, "group:approvers", mustQuery(t, b.api.query["GET /v1/channels/dead"]).Get("endpoint"))

	for _, step := range []string{"redeliver", "redeliver?message=msg_1", "enable"} {
		require.Equal(t, http.StatusOK, b.do("GET", "/channels/group:approvers/"+step, nil).StatusCode)
	}
	require.Empty(t, b.api.sent["POST /v1/channels/redeliver"], "looking changes nothing")
	require.Equal(t, "/channels/group:approvers", b.do("POST", "/channels/group:approvers/redeliver", url.Values{}).Header.Get("Location"))
	require.JSONEq(t, `{"endpoint":"group:approvers"}`, string(b.api.sent["POST /v1/channels/redeliver"]))
	b.do("POST", "/channels/group:approvers/redeliver", url.Values{"message": {"msg_1"}})
	require.JSONEq(t, `{"message":"msg_1"}`, string(b.api.sent["POST /v1/channels/redeliver"]))
	require.Equal(t, "/channels", b.do("POST", "/channels/person:ana/enable", url.Values{}).Header.Get("Location"))
	require.JSONEq(t, `{"endpoint":"person:ana"}`, string(b.api.sent["POST /v1/channels/enable"]))
}

func TestTheChannelsAreForAdministrators(t *testing.T) {
	b, shared := withAccess(t)
	b.signIn("sam").knowsSessions(t, shared, "sam")
	require.NotContains(t, b.text(b.do("GET", "/access", nil)), `href="/channels"`)
	require.Equal(t, http.StatusNotFound, b.do("GET", "/channels/person:ana/enable", nil).StatusCode)
}

func mustQuery(t *testing.T, text string) url.Values {
	t.Helper()
	q, err := url.ParseQuery(text)
	require.NoError(t, err)
	return q
}
