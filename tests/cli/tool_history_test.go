package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

// toolWith is GitHub as the adapter calls it, with issues that were finished: begun by a label a week after they were opened, closed two days after that.
func toolWith(t *testing.T, issues int) *httptest.Server {
	opened := time.Now().UTC().AddDate(0, 0, -40).Truncate(time.Second)
	var closed, events []map[string]any
	for i := 1; i <= issues; i++ {
		begun := opened.AddDate(0, 0, 7+i)
		closed = append(closed, map[string]any{"number": i, "title": "Fix the door", "state": "closed", "state_reason": "completed", "created_at": opened, "closed_at": begun.AddDate(0, 0, 2), "labels": []any{}})
		events = append(events, map[string]any{"event": "labeled", "created_at": begun, "label": map[string]any{"name": "in progress"}, "issue": map[string]any{"number": i}})
	}
	answer := func(rows []map[string]any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer tool-token" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(rows) // a client that is gone reads nothing
		}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /repos/acme/doors/issues", answer(closed))
	mux.Handle("GET /repos/acme/doors/issues/events", answer(events))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// TestTheHistoryOfAToolIsPipedIntoTheForecasts as the help of pmo delivery history says; the same again changes nothing, and a tool that refuses imports nothing.
func TestTheHistoryOfAToolIsPipedIntoTheForecasts(t *testing.T) {
	p := start(t)
	tool := toolWith(t, 5)
	pipe := func(token string) (string, error) {
		shell := exec.Command("bash", "-o", "pipefail", "-c", fmt.Sprintf("%[1]q delivery history --backend github --days 90 | %[1]q import history - --source doors", p.Program))
		shell.Env = append(os.Environ(), "PMO_URL="+p.Stack.HTTP, "PMO_TOKEN=dev-petra", "PMO_TOOL_URL="+tool.URL, "PMO_TOOL_PROJECT=acme/doors", "PMO_TOOL_TOKEN="+token)
		out, err := shell.CombinedOutput()
		return string(out), err
	}
	sources := func() []wire.ImportedSource { return read[wire.Page[wire.ImportedSource]](p, "import", "list").Items }

	out, err := pipe("wrong-token")
	require.Error(t, err, out)
	require.NotContains(t, out, "wrong-token")
	require.Empty(t, sources())

	out, err = pipe("tool-token")
	require.NoError(t, err, out)
	got := sources()
	require.Len(t, got, 1, out)
	require.Equal(t, "doors", got[0].Source)
	require.Equal(t, 5, got[0].Items)
	require.Equal(t, 5, got[0].Started, "with when work on each began")

	out, err = pipe("tool-token")
	require.NoError(t, err, out)
	require.Equal(t, 5, sources()[0].Items, "the same again adds nothing: %s", out)
}
