package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// keysOfCommands gives each command twice under its key, then another command or body under the same key.
func keysOfCommands(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Keys of commands"))
	r.AwaitOpen("review/1/approvers")
	why := map[string]any{"reason": "budget"}
	once := func(who, method, path string, body any, key string) *drive.Answer {
		first := must(api.As(who).Try(method, path, body, "Idempotency-Key", key))
		require.Less(t, first.Status, 300, "%s %s", path, first.Raw)
		require.Empty(t, first.Header.Get("Idempotency-Replayed"), path)
		again := must(api.As(who).Try(method, path, body, "Idempotency-Key", key))
		require.Equal(t, first.Status, again.Status, "%s %s", path, again.Raw)
		require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"), path)
		return again
	}
	refused := func(who, method, path string, body any, key string) {
		answer := must(api.As(who).Try(method, path, body, "Idempotency-Key", key))
		require.Equal(t, 422, answer.Status, "%s %s", path, answer.Raw)
		require.Equal(t, "idempotency_mismatch", answer.Text("kind"))
	}
	hold, office, split := uuid.NewString(), uuid.NewString(), uuid.NewString()
	require.Equal(t, "held", once("petra", http.MethodPost, r.Path("/hold"), why, hold).Text("result"))
	for _, other := range []string{"/resume", "/cancel", "/wake", "/pull"} {
		refused("petra", http.MethodPost, r.Path(other), why, hold)
	}
	r.Do("petra", "resume", why)
	parts := map[string]any{"reason": "two asks in one", "parts": []any{harness.Ordinary("One key"), harness.Ordinary("Another key")}}
	refused("petra", http.MethodPost, r.Path("/split"), parts, hold)
	once("petra", http.MethodPost, "/v1/prioritizations", why, office)
	refused("petra", http.MethodPost, "/v1/prioritizations", map[string]any{"reason": "budget", "dry": true}, office)
	refused("petra", http.MethodDelete, "/v1/me/delegation", nil, office)
	once("petra", http.MethodPut, "/v1/teams/k"+strings.ToLower(office[:8]), map[string]any{"name": "Keys", "portfolio": portfolio,
		"leads": []string{"theo"}, "skills": []string{"keys"}, "capacity": 1}, uuid.NewString())

	once("petra", http.MethodPost, r.Path("/split"), parts, split)
	r.AwaitClosed("merged")
	again := must(api.As("petra").Try(http.MethodPost, r.Path("/split"), parts, "Idempotency-Key", split))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"), "%s", again.Raw)
	require.Equal(t, "held", must(api.As("petra").Try(http.MethodPost, r.Path("/hold"), why, "Idempotency-Key", hold)).Text("result"), "also after closing")
	refused("petra", http.MethodPost, r.Path("/cancel"), why, hold)
	refused("petra", http.MethodPost, r.Path("/split"), map[string]any{"reason": "other", "parts": parts["parts"]}, split)
}
