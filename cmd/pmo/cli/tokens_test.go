package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

func TestTokenCommands(t *testing.T) {
	f := &fake{answers: map[string]any{
		"POST /v1/me/tokens": map[string]any{"id": "i", "principal": "sam", "name": "nightly \x1b[31m", "scopes": []string{"read"}, "expires_at": noon, "token": "pmo_SECRET"},
		"POST /v1/tokens":    problem.New(problem.Invalid, "is not a service"),
		"GET /v1/me/tokens": map[string]any{"items": []any{
			map[string]any{"id": "i1", "principal": "sam", "name": "works", "scopes": []string{"read"}, "made_at": noon, "expires_at": noon.AddDate(1, 0, 0), "works": true, "used_at": noon},
			map[string]any{"id": "i2", "principal": "sam", "name": "gone", "scopes": []string{"read"}, "made_at": noon, "expires_at": noon.AddDate(1, 0, 0), "revoked_at": noon},
			map[string]any{"id": "i3", "principal": "sam", "name": "old", "scopes": []string{"read"}, "made_at": noon, "expires_at": noon.AddDate(-1, 0, 0)}}, "next": "more"},
		"DELETE /v1/tokens/i1": "",
	}}
	got := run(t, f, "tokens", "make", "nightly", "--scope", "read,submit", "--days", "30")
	require.NoError(t, got.err)
	require.Equal(t, "pmo_SECRET", strings.TrimSpace(got.out[strings.LastIndex(got.out, "pmo_"):]), "the token ends the output")
	require.JSONEq(t, `{"name":"nightly","scopes":["read","submit"],"days":30}`, f.lastBody())
	got = run(t, f, "tokens", "make", "nightly")
	require.Equal(t, ExitUsage, got.code)
	got = run(t, f, "tokens", "make", "x", "--scope", "read", "--service", "sam")
	require.Error(t, got.err)
	require.JSONEq(t, `{"principal":"sam","name":"x","scopes":["read"],"days":90}`, f.lastBody())

	f.answers["GET /v1/me/tokens"].(map[string]any)["next"] = ""
	got = run(t, f, "tokens")
	require.NoError(t, got.err)
	for name, state := range map[string]string{"works": "works", "gone": "revoked", "old": "expired"} {
		require.Regexp(t, `(?m)^`+name+` .*`+state, got.out)
	}
	got = run(t, f, "tokens", "revoke", "--all", "i1")
	require.NoError(t, got.err)
	require.Equal(t, "DELETE /v1/tokens/i1", f.asked[len(f.asked)-1])
}
