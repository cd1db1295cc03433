package delivery_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/outbound"
	"leanpmo/internal/pmo"
)

func answering(t *testing.T, h http.HandlerFunc) *delivery.Client {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := delivery.NewClient(server.URL+"/delivery/v1/", "a-token", outbound.Guard{})
	require.NoError(t, err)
	return c
}

// TestWhatAToolNamesIsBounded: it is stored with the request, and in the history of its workflow.
func TestWhatAToolNamesIsBounded(t *testing.T) {
	item := delivery.Item{ID: "17", URL: "https://tool.example/17"}
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			_ = json.NewEncoder(w).Encode(delivery.List{Items: []delivery.Item{item}})
			return
		}
		_ = json.NewEncoder(w).Encode(item)
	})
	got, err := client.Get(t.Context(), "17")
	require.NoError(t, err)
	require.Equal(t, item, got)
	for _, address := range []string{"https://tool.example/" + strings.Repeat("x", delivery.MaxURLBytes), "javascript:alert(1)", "://"} {
		item.URL = address
		got, err = client.Get(t.Context(), "17")
		require.NoError(t, err)
		require.Equal(t, "17", got.ID)
		require.Empty(t, got.URL)
	}
	item.ID = strings.Repeat("7", delivery.MaxIDBytes+1)
	for name, call := range map[string]func() error{
		"open":   func() error { _, err := client.Open(t.Context(), "k", delivery.New{}); return err },
		"get":    func() error { _, err := client.Get(t.Context(), "17"); return err },
		"find":   func() error { _, found, err := client.Find(t.Context(), "k"); require.False(t, found); return err },
		"change": func() error { _, err := client.Change(t.Context(), "17", delivery.Patch{}); return err },
	} {
		var e *delivery.Error
		require.ErrorAs(t, call(), &e, name)
		require.Equal(t, delivery.KindGarbled, e.Kind, name)
		require.False(t, e.Retry, name)
	}
}

func TestErrors(t *testing.T) {
	problem := `{"kind":"forbidden","detail":"not your project","status":403}`
	for name, c := range map[string]struct {
		status  int
		headers map[string]string
		body    string
		kind    string
		retry   bool
		after   time.Duration
	}{
		"forbidden, with a document": {403, map[string]string{"Content-Type": "application/problem+json"}, problem, "forbidden", false, 0},
		"a page of a proxy":          {403, map[string]string{"Content-Type": "text/html"}, "<h1>no</h1>", "forbidden", false, 0},
		"unauthenticated":            {401, nil, "", "unauthenticated", false, 0},
		"malformed":                  {400, nil, "", "malformed_request", false, 0},
		"not found":                  {404, nil, "", "not_found", false, 0},
		"invalid":                    {422, nil, "", "invalid_input", false, 0},
		"a conflict that stays":      {409, nil, "", "conflict", false, 0},
		"a conflict that passes":     {409, map[string]string{"Retry-After": "3"}, "", "conflict", true, 3 * time.Second},
		"limited":                    {429, map[string]string{"Retry-After": "30"}, "", "rate_limited", true, 30 * time.Second},
		"limited for ever":           {429, map[string]string{"Retry-After": "99999999"}, "", "rate_limited", true, time.Hour},
		"unavailable":                {503, map[string]string{"Retry-After": "-1"}, "", "unavailable", true, 0},
		"broken":                     {500, nil, "", "internal", true, 0},
		"a broken gateway":           {502, nil, "", "internal", true, 0},
		"slow":                       {408, nil, "", "malformed_request", true, 0},
		"redirected":                 {307, map[string]string{"Location": "http://169.254.169.254/"}, "", delivery.KindRedirected, false, 0},
		"no JSON":                    {200, nil, "<h1>welcome</h1>", delivery.KindGarbled, true, 0},
		"no item":                    {200, nil, "{}", delivery.KindGarbled, true, 0},
		"endless":                    {200, nil, strings.Repeat(" ", 2<<20), delivery.KindGarbled, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				calls++
				for name, value := range c.headers {
					w.Header().Set(name, value)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			})
			_, err := client.Open(t.Context(), "key-of-it/1", delivery.New{})
			var e *delivery.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, []any{c.kind, c.retry, c.after}, []any{e.Kind, e.Retry, e.RetryAfter})
			require.NotEmpty(t, e.Detail)
			require.Equal(t, 1, calls, "Temporal repeats calls, not the client")
		})
	}
}

func TestUnreachable(t *testing.T) {
	client := answering(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := client.Get(t.Context(), "17")
	var e *delivery.Error
	require.ErrorAs(t, err, &e)
	require.True(t, e.Retry)
	require.Equal(t, delivery.KindUnreachable, e.Kind)
	require.NotContains(t, e.Error(), "127.0.0.1", "the address is only for the log")
}

func TestClientRequest(t *testing.T) {
	var got *http.Request
	var body delivery.Patch
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		require.NoError(t, json.NewDecoder(r.Body).Decode(&body))
		_, _ = w.Write([]byte(`{"id":"a/b"}`))
	})
	closed := pmo.WorkClosed
	_, err := client.Change(t.Context(), "a/b", delivery.Patch{Status: &closed})
	require.NoError(t, err)
	require.Equal(t, "/delivery/v1/work-items/a%2Fb", got.URL.EscapedPath())
	require.Equal(t, "Bearer a-token", got.Header.Get("Authorization"))
	require.Equal(t, closed, *body.Status)
}

func TestCheckBase(t *testing.T) {
	for base, good := range map[string]bool{"https://adapter.example/delivery/v1": true, "http://127.0.0.1:8080/": true, "adapter.example": false, "": false,
		"ftp://x/y": false, "https://a:b@x/": false, "https://x/?y=z": false, "https:///x": false, "https://x/#y": false} {
		_, err := delivery.NewClient(base, "t", outbound.Guard{})
		require.Equal(t, good, err == nil, base)
	}
}
