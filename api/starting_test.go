package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadyzSaysWhichPolicy(t *testing.T) {
	b := setup(t)
	fault := ""
	b.api.PolicyState = func() (string, string) { return "3 (abc)", fault }
	require.Contains(t, get(b, "/readyz").Body.String(), `"policy":{"ok":true,"detail":"3 (abc)"}`)
	fault = "policy 4 is in force"
	r := get(b, "/readyz")
	require.Equal(t, http.StatusOK, r.Code, "it works on by what it began with")
	require.Contains(t, r.Body.String(), `"policy":{"ok":false,"detail":"3 (abc): policy 4 is in force"}`)
	require.Contains(t, r.Body.String(), `"degraded":true`)
}

func TestAStartingServerIsAliveAndNotReady(t *testing.T) {
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/livez": {200, `"status":"ok"`}, "/readyz": {503, `"policy":{"ok":false,"detail":"the database does not answer"}`},
		"/v1/requests": {503, `"kind":"unavailable"`},
	} {
		w := httptest.NewRecorder()
		Starting("the database does not answer").ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, want.status, w.Code, path)
		require.Contains(t, w.Body.String(), want.says)
		require.Equal(t, want.status == 503, w.Header().Get("Retry-After") != "", path)
	}
}
