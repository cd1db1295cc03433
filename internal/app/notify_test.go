package app

import (
	"context"
	"encoding/base64"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/testkit"
)

const withWebhook = `
principals:
  - {id: ana, name: Ana, roles: [approver], token: t, notify: {webhook: "https://example.org/hooks/key"}}
`

func TestSenderNeedsASecretForEveryWebhook(t *testing.T) {
	people, err := directory.Parse([]byte(withWebhook))
	require.NoError(t, err)
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("s", 32)))
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{}, "PMO_NOTIFY_SECRET_FILE is missing: the directory names webhooks (person:ana)"},
		{Config{NotifySecret: "short"}, "PMO_NOTIFY_SECRET: line 1"},
		{Config{NotifySecret: "person:bo " + secret}, "no secret for person:ana"},
		{Config{NotifySecret: secret, NotifyAllowCIDRs: "10.0.0.0/99"}, "PMO_NOTIFY_ALLOW_CIDRS"},
	} {
		_, err := c.config.sender(people)
		require.ErrorIs(t, err, ErrConfig)
		require.ErrorContains(t, err, c.want)
		require.NotContains(t, err.Error(), "key")
		require.NotContains(t, err.Error(), secret)
	}
	for _, good := range []string{secret, secret + "\n" + secret, "person:ana " + secret} {
		sender, err := Config{NotifySecret: good, NotifyAllowCIDRs: "10.0.0.0/8"}.sender(people)
		require.NoError(t, err)
		require.NotNil(t, sender)
	}
	local, err := directory.Parse(LocalDirectory())
	require.NoError(t, err)
	sender, err := Config{}.sender(local)
	require.NoError(t, err)
	require.NotNil(t, sender, "an address of a chat may come while it runs")
	chat, err := directory.Parse([]byte(strings.ReplaceAll(withWebhook, `/key"`, `/key", format: slack`)))
	require.NoError(t, err)
	_, err = Config{}.sender(chat)
	require.NoError(t, err, "a chat takes no signature")
}

func TestNotifyConfigIsReadAndCheckedAtTheStart(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("# new\nwhsec_a\n# old\nwhsec_b\n"), 0o600))
	c, err := FromEnv(vars(map[string]string{"PMO_NOTIFY_SECRET_FILE": secret, "PMO_NOTIFY_ALLOW_CIDRS": "10.0.0.0/8", "PMO_NOTIFY_FILE": "/var/lib/pmo/notifications.jsonl"}))
	require.NoError(t, err)
	require.Equal(t, "# new\nwhsec_a\n# old\nwhsec_b", c.NotifySecret)
	require.Equal(t, "10.0.0.0/8", c.NotifyAllowCIDRs)
	require.Equal(t, "/var/lib/pmo/notifications.jsonl", c.NotifyFile)

	c = local(t, "127.0.0.1:0")
	c.NotifyFile = t.TempDir()
	require.ErrorContains(t, Work(t.Context(), c, slog.New(slog.DiscardHandler)), "PMO_NOTIFY_FILE")
}

// The notifier retries while the database is unavailable, and stops with the worker.
func TestNotifierStopsWithTheWorker(t *testing.T) {
	c := local(t, "127.0.0.1:0")
	c.NotifyFile = filepath.Join(t.TempDir(), "notifications.jsonl")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Work(ctx, c, slog.New(slog.DiscardHandler)) }()
	require.Eventually(t, func() bool { _, err := os.Stat(c.NotifyFile); return err == nil }, testkit.Patience, 10*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
}
