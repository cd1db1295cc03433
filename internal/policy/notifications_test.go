package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

func withNotifications(rows string) ([]byte, error) {
	src := append(policy.Default().Source(), []byte("\nnotifications:\n"+rows)...)
	_, err := policy.Parse(src)
	return src, err
}

func TestThePolicySaysWhoHearsOfWhat(t *testing.T) {
	require.Equal(t, notice.Default(), policy.Default().Notifications())
	require.Equal(t, "UTC", policy.Default().TimeZone())
	src, err := withNotifications("  - {events: [asked], relations: [asked, deputy], channel: chat, urgency: now, must: true}\n" +
		"  - {relations: [asked], channel: mail, urgency: now}\n  - {channel: mail, urgency: digest}\n")
	require.NoError(t, err)
	p, err := policy.Parse(src)
	require.NoError(t, err)
	require.Equal(t, notice.Row{Events: []string{pmo.EventAsked}, Relations: []notice.Relation{notice.Asked, notice.Deputy}, Channel: notice.Chat, Urgency: notice.Now, Must: true}, p.Notifications()[0])
	words := strings.Join(p.Words(), "\n")
	require.Contains(t, words, "By chat, asked: asked, deputy hear of it at once; this cannot be muted, and quiet hours do not hold it.")
	require.Contains(t, words, "By mail, everything else: everybody whom it concerns hear of it in the digest of the day.")
	require.NotEqual(t, policy.Default().Digest(), p.Digest())
}

func TestTheTableOfNotificationsIsChecked(t *testing.T) {
	asked := "  - {channel: chat, urgency: now}\n  - {channel: mail, urgency: now}\n"
	for row, want := range map[string]string{
		"{events: [asked, moved], channel: chat, urgency: now}":   `notifications[2].events[1]: "moved" is not an event`,
		"{events: [answered], channel: chat, urgency: now}":       `notifications[2].events[0]: "answered" is not an event`,
		"{events: [closed, closed], channel: chat, urgency: now}": `notifications[2].events[1]: "closed" is listed twice`,
		"{relations: [friend], channel: chat, urgency: now}":      `notifications[2].relations[0]: "friend" is not one of`,
		"{channel: pigeon, urgency: now}":                         `notifications[2].channel: "pigeon" is not one of`,
		"{channel: mail, urgency: soon}":                          `notifications[2].urgency: "soon" is not one of`,
		"{channel: mail, urgency: digest, must: true}":            "notifications[2].must: needs the urgency now",
		"{channel: mail, urgency: digest, mus: true}":             "mus",
	} {
		_, err := withNotifications(asked + "  - " + row + "\n")
		require.ErrorContains(t, err, want, row)
	}
	_, err := withNotifications("  - {channel: chat, urgency: now}\n  - {channel: mail, urgency: digest}\n")
	require.ErrorContains(t, err, "notifications: tell nobody at once by mail that they are asked")
	_, err = withNotifications(strings.Repeat("  - {channel: chat, urgency: now}\n", 101) + "  - {channel: mail, urgency: now}\n")
	require.ErrorContains(t, err, "are more than 100 rows")
}
