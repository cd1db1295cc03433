package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChannelCommands(t *testing.T) {
	f := &fake{answers: map[string]any{
		"GET /v1/channels": map[string]any{"items": []any{
			map[string]any{"endpoint": "group:approvers", "name": "Approvers", "format": "slack", "waiting": 3, "dead": 2, "failed": noon, "reason": "answered \x1b[31m500"},
			map[string]any{"endpoint": "person:ana", "name": "Ana", "disabled": noon, "disabled_why": "answered 410", "delivered": noon}}},
		"GET /v1/channels/dead": map[string]any{"items": []any{
			map[string]any{"id": "msg_1", "endpoint": "group:approvers", "event": "stage", "at": noon, "dead_at": noon, "attempts": 10, "reason": "answered 500"}}},
		"POST /v1/channels/redeliver": map[string]any{"messages": 2}, "POST /v1/channels/enable": "",
	}}
	got := run(t, f, "channels", "--failing")
	require.NoError(t, got.err)
	require.Regexp(t, `(?m)^group:approvers +slack +3 +2 +never `, got.out)
	require.Regexp(t, `(?m)^person:ana +no address .*disabled since`, got.out)
	require.NotContains(t, got.out, "\x1b")
	got = run(t, f, "channels", "dead", "--endpoint", "group:approvers")
	require.NoError(t, got.err)
	require.Regexp(t, `(?m)^msg_1 +group:approvers +stage`, got.out)
	got = run(t, f, "channels", "redeliver", "--endpoint", "group:approvers")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "Sent again: 2.")
	require.JSONEq(t, `{"endpoint":"group:approvers"}`, f.lastBody())
	require.NoError(t, run(t, f, "channels", "enable", "person:ana").err)
	require.JSONEq(t, `{"endpoint":"person:ana"}`, f.lastBody())
}
