package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

const secretAddress = "https://hooks.slack.com/services/T0/B0/a-key-nobody-reads"

// withChats has the directory name addresses.
func withChats(t *testing.T, b *bundle) {
	t.Helper()
	book, err := directory.Parse([]byte(`
principals:
  - {id: sam, name: Sam, roles: [requester], token: dev-sam}
  - {id: ana, name: Ana, roles: [approver], token: dev-ana, notify: {webhook: "` + secretAddress + `", format: slack}}
  - {id: petra, name: Petra, roles: [pmo], token: dev-petra}
  - {id: audit, name: Audit, roles: [auditor], token: dev-audit}
  - {id: ada, name: Ada, roles: [admin], token: dev-ada}
groups:
  - {id: approvers, name: Approvers, members: [ana], notify: {webhook: "https://example.org/a-key-nobody-reads"}}
`))
	require.NoError(t, err)
	b.api.Directory.Replace(book)
}

// TestAdministratorsSeeTheChannels: what waits and what was given up, and no address.
func TestAdministratorsSeeTheChannels(t *testing.T) {
	b := setup(t)
	withChats(t, b)
	at := b.api.Now()
	b.store.channels = []store.Channel{
		{Endpoint: "group:approvers", Format: "webhook", Open: 3, Dead: 2, Oldest: &at, FailedAt: &at, Reason: "answered 500", Delivered: 7, Failed: 9, GivenUp: 2},
		{Endpoint: "person:ana", Format: "slack", DisabledAt: &at, Disabled: "answered 410"}, {Endpoint: "person:gone"}, {Endpoint: "portfolio:core"}}
	for who, want := range map[string]int{"sam": 403, "ana": 403, "petra": 403, "audit": 403, "": 401, "ada": 200} {
		for _, path := range []string{"/v1/channels", "/v1/channels/dead"} {
			status, _, _ := b.call(t, who, "GET", path, "")
			require.Equal(t, want, status, "%s %s", who, path)
		}
	}
	status, doc, _ := b.call(t, "ada", "GET", "/v1/channels?failing=true", "")
	require.Equal(t, http.StatusOK, status)
	require.True(t, b.store.fakeChannels.filter.Failing)
	require.ElementsMatch(t, []store.Receiver{{Endpoint: "person:ana", Format: "slack"}, {Endpoint: "group:approvers", Format: "webhook"}}, b.store.receivers)
	items := doc["items"].([]any)
	first := items[0].(map[string]any)
	require.Equal(t, "Approvers", first["name"])
	require.EqualValues(t, 3, first["waiting"])
	require.EqualValues(t, 2, first["dead"])
	require.Equal(t, "answered 500", first["reason"])
	require.Equal(t, "answered 410", items[1].(map[string]any)["disabled_why"])
	require.Equal(t, "gone", items[2].(map[string]any)["name"])
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	require.NotContains(t, string(text), "a-key-nobody-reads")
	status, _, _ = b.call(t, "ada", "GET", "/v1/channels?limit=201", "")
	require.Equal(t, http.StatusUnprocessableEntity, status, "pages are bounded")
}

// TestAdministratorsRedeliverAndEnable: one message or all of an endpoint; what is wrong is named by its field.
func TestAdministratorsRedeliverAndEnable(t *testing.T) {
	b := setup(t)
	withChats(t, b)
	at := b.api.Now()
	for _, id := range []string{"msg_1", "msg_2", "msg_3"} {
		b.store.dead = append(b.store.dead, store.DeadMessage{ID: id, Endpoint: "person:ana", Event: "stage", At: at, DeadAt: at, Attempts: 10, Reason: "answered 500"})
	}
	for who, want := range map[string]int{"sam": 403, "petra": 403, "audit": 403, "": 401} {
		status, _, _ := b.call(t, who, "POST", "/v1/channels/redeliver", `{"endpoint":"person:ana"}`)
		require.Equal(t, want, status, who)
		status, _, _ = b.call(t, who, "POST", "/v1/channels/enable", `{"endpoint":"person:ana"}`)
		require.Equal(t, want, status, who)
	}
	_, doc, _ := b.call(t, "ada", "GET", "/v1/channels/dead?endpoint=person:ana", "")
	require.Len(t, doc["items"], 3)
	require.NotContains(t, doc["items"].([]any)[0], "request_id")
	for body, field := range map[string]string{`{}`: "/message", `{"message":"a","endpoint":"b"}`: "/endpoint", `{"all":true}`: "/all"} {
		status, doc, _ := b.call(t, "ada", "POST", "/v1/channels/redeliver", body)
		require.Equal(t, http.StatusUnprocessableEntity, status, body)
		require.Equal(t, field, doc["errors"].([]any)[0].(map[string]any)["pointer"], body)
	}
	status, _, _ := b.call(t, "ada", "POST", "/v1/channels/enable", `{"endpoint":""}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Len(t, b.store.dead, 3, "nothing is half done")

	status, doc, _ = b.call(t, "ada", "POST", "/v1/channels/redeliver", `{"message":"msg_1"}`)
	require.Equal(t, http.StatusOK, status)
	require.EqualValues(t, 1, doc["messages"])
	status, _, _ = b.call(t, "ada", "POST", "/v1/channels/redeliver", `{"message":"msg_1"}`)
	require.Equal(t, http.StatusNotFound, status)
	_, doc, _ = b.call(t, "ada", "POST", "/v1/channels/redeliver", `{"endpoint":"person:ana"}`)
	require.EqualValues(t, 2, doc["messages"])
	status, _, _ = b.call(t, "ada", "POST", "/v1/channels/enable", `{"endpoint":"person:ana"}`)
	require.Equal(t, http.StatusNoContent, status)
	require.Equal(t, []string{"person:ana"}, b.store.enabled)
	for _, actor := range b.store.actors {
		require.Equal(t, "ada", actor, "who did it is written down")
	}
}
