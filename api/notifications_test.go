package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnesOwnNotifications(t *testing.T) {
	b := setup(t)
	const path = "/v1/me/notifications"
	_, doc, _ := b.call(t, "sam", "GET", path, "")
	require.Equal(t, 0.0, doc["version"])
	require.Equal(t, 7.0, doc["digest_hour"])
	require.Equal(t, "UTC", doc["time_zone"])
	require.Equal(t, []any{"questions"}, doc["fixed"])
	require.NotEmpty(t, doc["table"])

	body := `{"version":0,"choices":{"channels":[{"channel":"mail","kind":"work","urgency":"never"}],"quiet":{"from":"22:00","until":"07:00"},"time_zone":"Europe/Berlin","digest_hour":6,"away":"instead"}}`
	status, doc, _ := b.call(t, "sam", "PUT", path, body)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, 1.0, doc["version"])
	_, doc, _ = b.call(t, "sam", "GET", path, "")
	require.Equal(t, "Europe/Berlin", doc["time_zone"])
	require.Equal(t, 6.0, doc["digest_hour"])
	require.Equal(t, "instead", doc["choices"].(map[string]any)["away"])
	_, doc, _ = b.call(t, "rita", "GET", path, "")
	require.Equal(t, 0.0, doc["version"], "they are of one person")
	status, doc, _ = b.call(t, "sam", "PUT", path, strings.Replace(body, "07:00", "08:00", 1))
	require.Equal(t, http.StatusConflict, status, doc)
	require.Contains(t, doc["type"], "stale")
}

func TestWrongChoicesAreRefusedWithTheirFields(t *testing.T) {
	b := setup(t)
	for pointer, choices := range map[string]string{
		"/choices/channels/0/channel": `{"channels":[{"channel":"pigeon","kind":"work","urgency":"now"}]}`,
		"/choices/channels/0/kind":    `{"channels":[{"channel":"mail","kind":"gossip","urgency":"now"}]}`,
		"/choices/channels/0/urgency": `{"channels":[{"channel":"mail","kind":"work","urgency":"soon"}]}`,
		"/choices/channels/1":         `{"channels":[{"channel":"mail","kind":"work","urgency":"now"},{"channel":"mail","kind":"work","urgency":"never"}]}`,
		"/choices/channels":           `{"channels":[` + strings.Repeat(`{"channel":"mail","kind":"work","urgency":"now"},`, 8) + `{"channel":"mail","kind":"work","urgency":"now"}]}`,
		"/choices/quiet/from":         `{"quiet":{"from":"25:00","until":"07:00"}}`,
		"/choices/quiet/until":        `{"quiet":{"from":"07:00","until":"07:00"}}`,
		"/choices/time_zone":          `{"time_zone":"Mars/Olympus"}`,
		"/choices/digest_hour":        `{"digest_hour":24}`,
		"/choices/away":               `{"away":"never"}`,
	} {
		status, doc, _ := b.call(t, "sam", "PUT", "/v1/me/notifications", `{"version":0,"choices":`+choices+`}`)
		require.Equal(t, http.StatusUnprocessableEntity, status, choices)
		require.Contains(t, pointers(doc), pointer, choices)
	}
	status, doc, _ := b.call(t, "sam", "PUT", "/v1/me/notifications", `{"version":-1,"choices":{}}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/version"}, pointers(doc))
	require.Empty(t, b.store.discussion.chosen, "nothing is kept")
}

func TestARequestIsMutedForOnePerson(t *testing.T) {
	b := setup(t)
	for range 2 {
		status, _, _ := b.call(t, "sam", "PUT", "/v1/requests/"+requestA+"/mute", "")
		require.Equal(t, http.StatusNoContent, status)
	}
	require.Equal(t, map[[2]string]bool{{"sam", requestA}: true}, b.store.discussion.muted)
	_, doc, _ := b.call(t, "sam", "GET", "/v1/me/notifications", "")
	require.Len(t, doc["muted"], 1)
	_, doc, _ = b.call(t, "rita", "GET", "/v1/me/notifications", "")
	require.Empty(t, doc["muted"])
	status, _, _ := b.call(t, "sam", "DELETE", "/v1/requests/"+requestA+"/mute", "")
	require.Equal(t, http.StatusNoContent, status)
	require.Empty(t, b.store.discussion.muted)
	status, _, _ = b.call(t, "sam", "PUT", "/v1/requests/R-999/mute", "")
	require.Equal(t, http.StatusNotFound, status)
}
