package inprocess

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"
)

// TestAPageOfOneMethodCallsARouteOfAnother: a form that is sent reads from the API before it gives its command.
func TestAPageOfOneMethodCallsARouteOfAnother(t *testing.T) {
	backend := chi.NewMux()
	backend.Get("/v1/things/{id}", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(chi.URLParam(r, "id"))) })
	pages := chi.NewMux()
	var got int
	pages.Post("/page/{id}", func(_ http.ResponseWriter, r *http.Request) {
		inner, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://api.invalid/v1/things/7", nil)
		require.NoError(t, err)
		response, err := Transport{Handler: backend}.RoundTrip(inner)
		require.NoError(t, err)
		defer response.Body.Close()
		got = response.StatusCode
		require.Equal(t, "8", chi.URLParam(r, "id"), "the page keeps its own route")
	})
	pages.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/page/8", nil))
	require.Equal(t, http.StatusOK, got)
}
