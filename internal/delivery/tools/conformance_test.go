package tools

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/delivery/native"
	"leanpmo/internal/outbound"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const token = "a-token-of-the-conformance-suite"

var discard = slog.New(slog.DiscardHandler)

var projects = map[string]string{"github": "acme/delivery", "gitlab": "acme/delivery", "jira": "PMO", "azure": "Delivery", "linear": "PMO"}

func fakeOf(t *testing.T, tool string) *fake {
	return map[string]func(*testing.T) *fake{"github": fakeGitHub, "gitlab": fakeGitLab, "jira": fakeJira, "azure": fakeAzure, "linear": fakeLinear}[tool](t)
}

func tracker(t *testing.T, tool string, f *fake) *Tracker {
	tr, err := New(tool, Config{URL: f.start(), Project: projects[tool], User: "bot@acme.example", Token: "tool-token"}, discard)
	require.NoError(t, err)
	return tr
}

// served is a client of the delivery API of the backend.
func served(t *testing.T, b delivery.Backend) (*delivery.Client, string) {
	h, err := delivery.NewHandler(b, token, discard)
	require.NoError(t, err)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := delivery.NewClient(server.URL+delivery.Prefix, token, outbound.Guard{})
	require.NoError(t, err)
	return c, server.URL
}

// everyBackend runs a check against our own implementation and every adapter.
func everyBackend(t *testing.T, check func(t *testing.T, c *delivery.Client, url string)) {
	t.Run("native", func(t *testing.T) {
		s, err := store.Open(context.Background(), testkit.Database(t, store.Migrate), store.Options{})
		require.NoError(t, err)
		t.Cleanup(s.Close)
		c, url := served(t, native.New(s))
		check(t, c, url)
	})
	for _, tool := range Names() {
		t.Run(tool, func(t *testing.T) {
			c, url := served(t, tracker(t, tool, fakeOf(t, tool)))
			check(t, c, url)
		})
	}
}

func work() (key string, n delivery.New) {
	id := uuid.NewString()
	return id + "/1", delivery.New{Request: id, Ref: "R-42", Title: "Vehicle booking", Summary: "bookings take a minute", Team: "falcon", Approach: "kanban",
		Milestones: []pmo.Milestone{{Name: "first booking", Due: "2027-04-01"}}, Link: "https://pmo.example/v1/requests/R-42"}
}

func status(s pmo.WorkStatus) delivery.Patch {
	return delivery.Patch{Status: &s, Reason: "because of the test"}
}

func TestConformance(t *testing.T) {
	everyBackend(t, func(t *testing.T, c *delivery.Client, _ string) {
		ctx, key, n := t.Context(), "", delivery.New{}
		key, n = work()
		_, found, err := c.Find(ctx, key)
		require.NoError(t, err)
		require.False(t, found)

		item, err := c.Open(ctx, key, n)
		require.NoError(t, err)
		require.Equal(t, []any{key, n.Request, n.Title, pmo.WorkOpen}, []any{item.Key, item.Request, item.Title, item.Status})
		require.NotEmpty(t, item.URL)
		again, err := c.Open(ctx, key, n)
		require.NoError(t, err)
		require.Equal(t, item, again, "the same key is the same item")
		other, err := c.Open(ctx, strings.TrimSuffix(key, "1")+"2", n)
		require.NoError(t, err)
		require.NotEqual(t, item.ID, other.ID, "another round is another item")
		back, found, err := c.Find(ctx, key)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, item, back)

		for _, s := range []pmo.WorkStatus{pmo.WorkOnHold, pmo.WorkOnHold, pmo.WorkOpen, pmo.WorkClosed, pmo.WorkClosed, pmo.WorkOpen, pmo.WorkCancelled} {
			item, err = c.Change(ctx, item.ID, status(s))
			require.NoError(t, err)
			require.Equal(t, s, item.Status)
		}
		title, summary := "Fleet booking", "bookings take a second"
		item, err = c.Change(ctx, item.ID, delivery.Patch{Title: &title, Summary: &summary})
		require.NoError(t, err)
		require.Equal(t, title, item.Title)
		require.Equal(t, key, item.Key, "it is still found by its key")
		read, err := c.Get(ctx, item.ID)
		require.NoError(t, err)
		require.Equal(t, item, read)
		for _, id := range []string{"999999", "PMO-999", uuid.NewString(), "..%2F..", "x"} {
			_, err = c.Get(ctx, id)
			var e *delivery.Error
			require.ErrorAs(t, err, &e, id)
			require.Equal(t, http.StatusNotFound, e.Status, id)
			require.False(t, e.Retry)
		}
	})
}

func TestManyOpeningsAtOnceMakeOneItem(t *testing.T) {
	everyBackend(t, func(t *testing.T, c *delivery.Client, _ string) {
		key, n := work()
		var wait sync.WaitGroup
		ids, faults := make([]string, 8), make([]error, 8)
		for i := range ids {
			wait.Go(func() {
				item, err := c.Open(t.Context(), key, n)
				ids[i], faults[i] = item.ID, err
			})
		}
		wait.Wait()
		for i := range ids {
			require.NoError(t, faults[i])
			require.Equal(t, ids[0], ids[i])
		}
	})
}

func TestRefusalsAreProblems(t *testing.T) {
	everyBackend(t, func(t *testing.T, _ *delivery.Client, url string) {
		key, n := work()
		good := `{"request":"` + n.Request + `","title":"T","team":"falcon"}`
		for name, c := range map[string]struct {
			method, path, body string
			headers            map[string]string
			status             int
		}{
			"no token":         {"GET", "/work-items/1", "", map[string]string{"Authorization": ""}, 401},
			"another token":    {"GET", "/work-items/1", "", map[string]string{"Authorization": "Bearer no"}, 401},
			"no key":           {"POST", "/work-items", good, nil, 422},
			"bad key":          {"POST", "/work-items", good, map[string]string{"Idempotency-Key": "a b"}, 422},
			"no media type":    {"POST", "/work-items", good, map[string]string{"Idempotency-Key": key, "Content-Type": ""}, 415},
			"no JSON":          {"POST", "/work-items", "{", map[string]string{"Idempotency-Key": key}, 400},
			"unknown field":    {"POST", "/work-items", `{"colour":1}`, map[string]string{"Idempotency-Key": key}, 400},
			"two values":       {"POST", "/work-items", good + good, map[string]string{"Idempotency-Key": key}, 400},
			"nothing in it":    {"POST", "/work-items", `{}`, map[string]string{"Idempotency-Key": key}, 422},
			"too large":        {"POST", "/work-items", `{"title":"` + strings.Repeat("x", 300<<10) + `"}`, map[string]string{"Idempotency-Key": key}, 413},
			"no such status":   {"PATCH", "/work-items/1", `{"status":"gone"}`, nil, 422},
			"an empty title":   {"PATCH", "/work-items/1", `{"title":" "}`, nil, 422},
			"a look-up of all": {"GET", "/work-items", "", nil, 422},
			"no such route":    {"GET", "/nothing", "", nil, 404},
		} {
			t.Run(name, func(t *testing.T) {
				res := call(t, c.method, url+delivery.Prefix+c.path, c.body, c.headers)
				require.Equal(t, c.status, res.StatusCode)
				require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
			})
		}
	})
}

func call(t *testing.T, method, url, body string, headers map[string]string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, res.Body)
	require.NoError(t, res.Body.Close())
	return res
}

// TestOneKeyOneRequest: a key cannot be used for two requests.
func TestOneKeyOneRequest(t *testing.T) {
	everyBackend(t, func(t *testing.T, c *delivery.Client, _ string) {
		key, n := work()
		_, err := c.Open(t.Context(), key, n)
		require.NoError(t, err)
		n.Request = uuid.NewString()
		_, err = c.Open(t.Context(), key, n)
		var e *delivery.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, http.StatusUnprocessableEntity, e.Status)
	})
}
