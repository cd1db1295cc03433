package directory

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMailsGoToPeopleWithAnAddressThatCanBeUsed(t *testing.T) {
	for _, p := range []Principal{{Email: "ana@example.org"}, {Email: "ana+pmo@mail.example.org"}} {
		require.Equal(t, p.Email, p.MailAddress())
	}
	for name, p := range map[string]Principal{
		"none":        {},
		"a name too":  {Email: "Ana <ana@example.org>"},
		"two":         {Email: "ana@example.org, bo@example.org"},
		"a line":      {Email: "ana@example.org\r\nBcc: bo@example.org"},
		"no domain":   {Email: "ana"},
		"too long":    {Email: strings.Repeat("a", 250) + "@example.org"},
		"of claims":   {Email: "ana@example.org", Claims: true},
		"a service":   {Email: "ana@example.org", Service: true},
		"of an agent": {Email: "ana@example.org", Kind: KindAgent},
	} {
		require.Empty(t, p.MailAddress(), name)
	}
}
