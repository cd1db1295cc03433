package app

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
)

// TestTheMailIntakeNeedsItsSettings: without a relay and the name of its results every sender would be believed, or none.
func TestTheMailIntakeNeedsItsSettings(t *testing.T) {
	require.Empty(t, Config{MailIntakeAddress: "wrong"}.mailFaults(), "off by default")
	whole := Config{MailIntakeListen: "127.0.0.1:2525", MailIntakeAddress: "pmo@example.org", MailIntakeRelays: "127.0.0.1, 10.0.0.0/8", MailIntakeAuthServ: "mx.example.org"}
	require.Empty(t, whole.mailFaults())
	for name, change := range map[string]func(*Config){
		"PMO_MAIL_INTAKE_LISTEN":   func(c *Config) { c.MailIntakeListen = "2525" },
		"PMO_MAIL_INTAKE_ADDRESS":  func(c *Config) { c.MailIntakeAddress = "pmo+x@example.org" },
		"PMO_MAIL_INTAKE_RELAYS":   func(c *Config) { c.MailIntakeRelays = "" },
		"PMO_MAIL_INTAKE_AUTHSERV": func(c *Config) { c.MailIntakeAuthServ = "" },
	} {
		c := whole
		change(&c)
		require.Len(t, c.mailFaults(), 1)
		c.HTTPAddr = "127.0.0.1:8080"
		require.ErrorContains(t, c.check(needAddress), name)
	}
	whole.MailIntakeRelays = "everybody"
	require.Len(t, whole.mailFaults(), 1)
	for _, address := range []string{"", "pmo", "PMO <pmo@example.org>", "a.very.long.name.before.the.at@example.org"} {
		whole.MailIntakeRelays, whole.MailIntakeAddress = "127.0.0.1", address
		require.Len(t, whole.mailFaults(), 1, address)
	}
}

// TestTheDraftOfAMailIsOfAKindThatThereIs.
func TestTheDraftOfAMailIsOfAKindThatThereIs(t *testing.T) {
	rules := policy.Holding(policy.Default())
	kinds := policy.Default().Document().Intake.Kinds
	require.Greater(t, len(kinds), 1)
	for configured, kind := range map[string]string{"": kinds[0].ID, kinds[1].ID: kinds[1].ID, "nothing": kinds[0].ID} {
		require.Equal(t, kind, Config{MailIntakeKind: configured}.kindOfMail(rules))
	}
}
