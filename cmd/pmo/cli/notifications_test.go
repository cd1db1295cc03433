package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNotificationsAreShownAndChosen(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/me/notifications": map[string]any{"version": 3, "time_zone": "Europe/Berlin", "digest_hour": 7,
		"choices": map[string]any{"channels": []any{map[string]any{"channel": "chat", "kind": "course", "urgency": "digest"}}, "away": "instead"},
		"muted":   []any{map[string]any{"id": "x", "ref": "R-4", "title": "Lists"}}},
		"PUT /v1/me/notifications": map[string]any{"version": 4}, "PUT /v1/requests/R-4/mute": map[string]any{}, "DELETE /v1/requests/R-4/mute": map[string]any{}}}
	shown := run(t, f, "notifications", "show")
	require.NoError(t, shown.err)
	for _, want := range []string{"course", "digest", "by the policy", "from 7:00", "Europe/Berlin", "instead", "Muted: R-4  Lists"} {
		require.Contains(t, shown.out, want)
	}
	require.NoError(t, run(t, f, "notifications", "set", "--mail", "work=never", "--chat", "course=policy", "--quiet", "22:00-07:00", "--digest-hour", "6", "--away", "as_well").err)
	require.JSONEq(t, `{"version":3,"choices":{"channels":[{"channel":"mail","kind":"work","urgency":"never"}],"quiet":{"from":"22:00","until":"07:00"},"digest_hour":6,"away":"as_well"}}`, f.bodies[len(f.bodies)-2])
	for _, wrong := range [][]string{{"--mail", "gossip=now"}, {"--chat", "work=soon"}, {"--digest-hour", "x"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"notifications", "set"}, wrong...)...).code, wrong)
	}
	require.NoError(t, run(t, f, "notifications", "mute", "R-4").err)
	require.Equal(t, "PUT /v1/requests/R-4/mute", f.asked[len(f.asked)-1])
	require.NoError(t, run(t, f, "notifications", "unmute", "R-4").err)
	require.Equal(t, "DELETE /v1/requests/R-4/mute", f.asked[len(f.asked)-1])
}
