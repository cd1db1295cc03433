package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/outbound"
	"leanpmo/internal/sealed"
)

// chatSettings have a key, and a network of the operator's own.
func chatSettings(t *testing.T) ChatSettings {
	t.Helper()
	keys, err := sealed.ParseKeys(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))))
	require.NoError(t, err)
	guard, err := outbound.ParseGuard("127.0.0.0/8")
	require.NoError(t, err)
	return ChatSettings{Keys: keys, Guard: guard}
}

func chatForm(format, address string) string {
	return fmt.Sprintf(`{"format":%q,"address":%q}`, format, address)
}

// TestPeopleSetTheirChat: an address is taken, sealed, and never answered, logged or written to the ledger again.
func TestPeopleSetTheirChat(t *testing.T) {
	b := setup(t)
	withChats(t, b)
	_, doc, _ := b.call(t, "sam", "GET", "/v1/me/chat", "")
	require.Equal(t, false, doc["on"])
	status, doc, _ := b.call(t, "sam", "PUT", "/v1/me/chat", chatForm("slack", secretAddress))
	require.Equal(t, http.StatusConflict, status, "without a key it is off, and says so")
	require.Contains(t, doc["detail"], "PMO_SECRETS_KEY_FILE")
	b.api.Chats = chatSettings(t)
	status, _, _ = b.call(t, "", "PUT", "/v1/me/chat", chatForm("slack", secretAddress))
	require.Equal(t, http.StatusUnauthorized, status)

	status, _, _ = b.call(t, "sam", "PUT", "/v1/me/chat", chatForm("slack", "  "+secretAddress+" "))
	require.Equal(t, http.StatusNoContent, status)
	kept := b.store.chats["person:sam"]
	require.NotContains(t, string(kept.Sealed), "a-key-nobody-reads")
	opened, err := b.api.Chats.Keys.Open(kept.Sealed, "person:sam")
	require.NoError(t, err)
	require.Equal(t, secretAddress, opened)
	_, doc, _ = b.call(t, "sam", "GET", "/v1/me/chat", "")
	require.Equal(t, map[string]any{"endpoint": "person:sam", "name": "Sam", "format": "slack", "set_at": now.UTC().Format("2006-01-02T15:04:05Z07:00"), "set_by": "sam"}, doc["chat"])
	require.Equal(t, false, doc["directory"])
	_, other, _ := b.call(t, "ana", "GET", "/v1/me/chat", "")
	require.Nil(t, other["chat"], "one's own alone")
	require.Equal(t, true, other["directory"])

	status, _, _ = b.call(t, "sam", "POST", "/v1/me/chat/test", "")
	require.Equal(t, http.StatusNoContent, status)
	require.Equal(t, "person:sam", b.store.tests[0].Endpoint)
	require.NotContains(t, b.store.tests[0].Body, "a-key-nobody-reads")
	status, _, _ = b.call(t, "sam", "POST", "/v1/me/chat/test", "")
	require.Equal(t, http.StatusConflict, status, "tests are bounded")
	status, _, _ = b.call(t, "ana", "POST", "/v1/me/chat/test", "")
	require.Equal(t, http.StatusNotFound, status)
	status, _, _ = b.call(t, "sam", "DELETE", "/v1/me/chat", "")
	require.Equal(t, http.StatusNoContent, status)
	status, _, _ = b.call(t, "sam", "DELETE", "/v1/me/chat", "")
	require.Equal(t, http.StatusNotFound, status)
	require.NotContains(t, b.log.String(), "a-key-nobody-reads")
}

// TestWrongAddressesOfChatsAreRefused by the field, without repeating them, and nothing is stored.
func TestWrongAddressesOfChatsAreRefused(t *testing.T) {
	b := setup(t)
	b.api.Chats = chatSettings(t)
	for _, c := range [][3]string{
		{"fax", secretAddress, "/format"}, {"", secretAddress, "/format"}, {"slack", "", "/address"}, {"slack", "hooks.slack.com/a-secret", "/address"},
		{"slack", "ftp://hooks.slack.com/a-secret", "/address"}, {"slack", "http://hooks.slack.com/a-secret", "/address"}, {"slack", "https://user:a-secret@hooks.slack.com/x", "/address"},
		{"slack", "https://hooks.slack.com.evil.example/a-secret", "/address"}, {"slack", "https://evil.example/a-secret", "/address"}, {"teams", "https://evillogic.azure.com/a-secret", "/address"},
		{"mattermost", "https://10.0.0.7/a-secret", "/address"}, {"mattermost", "https://169.254.169.254/a-secret", "/address"}, {"mattermost", "https://[::1]/a-secret", "/address"},
		{"mattermost", "https://localhost/a-secret", "/address"}, {"matrix", "https://intranet/a-secret", "/address"}, {"matrix", "http://chat.example.org/a-secret", "/address"},
		{"matrix", "https://chat.example.org/#a-secret", "/address"}, {"matrix", "https://chat.example.org/" + strings.Repeat("a-secret", 300), "/address"},
	} {
		status, doc, _ := b.call(t, "sam", "PUT", "/v1/me/chat", chatForm(c[0], c[1]))
		require.Equal(t, http.StatusUnprocessableEntity, status, c)
		require.Equal(t, c[2], doc["errors"].([]any)[0].(map[string]any)["pointer"], c)
		text, err := json.Marshal(doc)
		require.NoError(t, err)
		require.NotContains(t, string(text), "a-secret", c)
	}
	require.Empty(t, b.store.chats)
	for _, c := range [][2]string{{"teams", "https://prod-1.westeurope.logic.azure.com:443/workflows/x"}, {"mattermost", "https://chat.example.org/hooks/x"}, {"slack", "http://127.0.0.1:9/x"}} {
		status, doc, _ := b.call(t, "sam", "PUT", "/v1/me/chat", chatForm(c[0], c[1]))
		require.Equal(t, http.StatusNoContent, status, doc)
	}
}

// TestTheOfficeSetsChatsOfGroupsAndPortfolios: nobody else does, nobody sets another person's, and a person's is in no list.
func TestTheOfficeSetsChatsOfGroupsAndPortfolios(t *testing.T) {
	b := setup(t)
	withChats(t, b)
	b.api.Chats = chatSettings(t)
	portfolio := "portfolio:" + b.api.Policy.Now().Portfolios()[0]
	form := chatForm("slack", secretAddress)
	for who, want := range map[string]int{"sam": 403, "ana": 403, "audit": 403, "": 401} {
		for _, call := range [][3]string{{"GET", "/v1/chats", ""}, {"PUT", "/v1/chats/group:approvers", form}, {"DELETE", "/v1/chats/group:approvers", ""}, {"POST", "/v1/chats/group:approvers/test", ""}} {
			status, _, _ := b.call(t, who, call[0], call[1], call[2])
			require.Equal(t, want, status, "%s %v", who, call)
		}
	}
	for _, endpoint := range []string{"person:sam", "group:nobody", "portfolio:nothing", "mail:sam", "x"} {
		status, _, _ := b.call(t, "ada", "PUT", "/v1/chats/"+endpoint, form)
		require.Equal(t, http.StatusNotFound, status, endpoint)
	}
	for who, endpoint := range map[string]string{"petra": "group:approvers", "ada": portfolio} {
		status, _, _ := b.call(t, who, "PUT", "/v1/chats/"+endpoint, form)
		require.Equal(t, http.StatusNoContent, status)
		require.Equal(t, who, b.store.chats[endpoint].SetBy)
	}
	own := b.store.chats[portfolio]
	own.Endpoint = "person:sam"
	b.store.chats["person:sam"] = own
	_, doc, _ := b.call(t, "petra", "GET", "/v1/chats", "")
	require.Len(t, doc["items"], 2)
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	require.NotContains(t, string(text), "a-key-nobody-reads")
	status, _, _ := b.call(t, "petra", "POST", "/v1/chats/"+portfolio+"/test", "")
	require.Equal(t, http.StatusNoContent, status)
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/chats/"+portfolio, "")
	require.Equal(t, http.StatusNoContent, status)
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/chats/person:sam", "")
	require.Equal(t, http.StatusNotFound, status, "a person's is theirs")
	require.Contains(t, b.store.chats, "person:sam")
}
