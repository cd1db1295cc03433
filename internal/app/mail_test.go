package app

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

func TestTheSettingsOfMailsAreReadAndCheckedAtTheStart(t *testing.T) {
	people, err := directory.Parse(LocalDirectory())
	require.NoError(t, err)
	password := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(password, []byte("very secret\n"), 0o600))
	c, err := FromEnv(vars(map[string]string{"PMO_SMTP_ADDRESS": "smtp.example.org:587", "PMO_SMTP_USER": "pmo", "PMO_SMTP_PASSWORD_FILE": password,
		"PMO_MAIL_FROM": "Lean PMO <pmo@example.org>", "PMO_MAILS_PER_MINUTE": "60"}))
	require.NoError(t, err)
	require.Equal(t, "very secret", c.SMTPPassword)
	require.Equal(t, 60, c.MailsPerMinute)
	sender, err := c.mailSender(people, &store.Store{})
	require.NoError(t, err)
	require.Equal(t, "pmo@example.org", sender.From.Address)

	none, err := Config{}.mailSender(people, &store.Store{})
	require.NoError(t, err)
	require.Nil(t, none, "without a mail server no mails are sent")
	for want, wrong := range map[string]Config{
		"PMO_MAIL_FROM":    {SMTPAddress: "smtp.example.org:587"},
		"PMO_SMTP_ADDRESS": {SMTPAddress: "smtp.example.org", MailFrom: "pmo@example.org"},
		"PMO_SMTP_USER":    {SMTPAddress: "smtp.example.org:587", MailFrom: "pmo@example.org", SMTPPassword: "very secret"},
	} {
		_, err := wrong.mailSender(people, &store.Store{})
		require.ErrorIs(t, err, ErrConfig)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "very secret")
	}
	_, err = FromEnv(vars(map[string]string{"PMO_MAILS_PER_MINUTE": "0"}))
	require.ErrorContains(t, err, "PMO_MAILS_PER_MINUTE")
}
