package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChatCommands(t *testing.T) {
	f := &fake{answers: map[string]any{
		"GET /v1/me/chat": map[string]any{"on": true, "chat": map[string]any{"endpoint": "person:sam", "name": "Sam", "format": "slack", "set_at": noon, "set_by": "sam"}},
		"GET /v1/chats":   map[string]any{"on": false, "items": []any{}},
		"PUT /v1/me/chat": "", "DELETE /v1/me/chat": "", "POST /v1/chats/group:approvers/test": "", "PUT /v1/chats/group:approvers": "",
	}}
	got := run(t, f, "chat", "show")
	require.NoError(t, got.err)
	require.Regexp(t, `(?m)^person:sam +slack +.* +sam +Sam`, got.out)
	got = run(t, f, "chat", "show", "--office")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "PMO_SECRETS_KEY_FILE")
	file := filepath.Join(t.TempDir(), "address")
	require.NoError(t, os.WriteFile(file, []byte("https://hooks.slack.com/x\n"), 0o600))
	got = run(t, f, "chat", "set", "--format", "slack", "--file", file)
	require.NoError(t, got.err)
	require.NotContains(t, got.out, "hooks.slack.com")
	require.JSONEq(t, `{"format":"slack","address":"https://hooks.slack.com/x"}`, f.lastBody())
	require.NoError(t, run(t, f, "chat", "set", "--endpoint", "group:approvers", "--format", "slack", "--file", file).err)
	require.Equal(t, ExitUsage, run(t, f, "chat", "set", "--format", "slack").code)
	require.NoError(t, run(t, f, "chat", "remove").err)
	require.NoError(t, run(t, f, "chat", "test", "--endpoint", "group:approvers").err)
}
