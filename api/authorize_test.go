package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSignedInAs: a call of this process acts as the person of its context; nothing in a request from outside does that, and nobody who is
// not in the directory.
func TestSignedInAs(t *testing.T) {
	b := setup(t)
	call := func(person string) int {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/inbox", nil)
		if person != "" {
			r = r.WithContext(SignedInAs(r.Context(), person))
		}
		w := httptest.NewRecorder()
		b.api.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, http.StatusOK, call("sam"))
	require.Equal(t, http.StatusUnauthorized, call("mallory"))
	require.Equal(t, http.StatusUnauthorized, call(""))
}

// TestPagesAnswerWhatIsNoRoute: the API's own paths stay the API's.
func TestPagesAnswerWhatIsNoRoute(t *testing.T) {
	b := setup(t)
	b.api.ServePages(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for path, want := range map[string]int{"/": http.StatusTeapot, "/inbox": http.StatusTeapot, "/v1/nothing": http.StatusNotFound, "/delivery/nothing": http.StatusNotFound, "/livez": http.StatusOK} {
		w := httptest.NewRecorder()
		b.api.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		require.Equal(t, want, w.Code, path)
	}
}
