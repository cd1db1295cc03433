package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/temporalui"
)

// TestARequestNamesItsHistory holds that a request, also one that no worker has processed yet, links to its page in the Temporal UI.
func TestARequestNamesItsHistory(t *testing.T) {
	b := setup(t)
	_, doc, _ := b.call(t, "rita", "GET", "/v1/requests/R-1", "")
	require.Equal(t, "http://127.0.0.1:8233/namespaces/pmo/workflows/request%2F"+requestA, doc["links"].(map[string]any)["history"])

	b.api.TemporalUI = temporalui.UI{}
	_, doc, _ = b.call(t, "rita", "GET", "/v1/requests/R-1", "")
	require.NotContains(t, doc["links"], "history", "a server that was not told where the UI is")
}

func TestSavedViewsAreTheCallers(t *testing.T) {
	b := setup(t)
	for _, who := range []string{"rita", "ana"} {
		status, doc, _ := b.call(t, who, "GET", "/v1/saved-views", "")
		require.Equal(t, 200, status)
		first := doc["items"].([]any)[0].(map[string]any)
		require.Equal(t, "waiting on me", first["name"])
		require.Contains(t, first["query"], `PmoWaitingOn = "`+who+`"`)
		require.Contains(t, first["link"], "http://127.0.0.1:8233/namespaces/pmo/workflows?query=")
	}
}
