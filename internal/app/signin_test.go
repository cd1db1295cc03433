package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/claims"
	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
	"leanpmo/web"
)

func TestSignInSettings(t *testing.T) {
	for want, c := range map[string]Config{
		"PMO_PUBLIC_URL is not an address":  {PublicURL: "http://pmo.example.org"},
		"without a path":                    {PublicURL: "https://pmo.example.org/"},
		"PMO_OIDC_ISSUER is missing":        {OIDCClientID: "x"},
		"PMO_OIDC_ISSUER is not an address": {OIDCIssuer: "http://id.example.org", OIDCClientID: "x", PublicURL: "https://pmo.example.org"},
		"PMO_OIDC_CLIENT_ID is missing":     {OIDCIssuer: "https://id.example.org", PublicURL: "https://pmo.example.org"},
		"PMO_PUBLIC_URL is missing":         {OIDCIssuer: "https://id.example.org", OIDCClientID: "x"},
	} {
		c.HTTPAddr = defaultHTTPAddr
		require.ErrorContains(t, c.check(needAddress), want)
	}
	good := Config{HTTPAddr: defaultHTTPAddr, OIDCIssuer: "https://id.example.org/realms/a/", OIDCClientID: "x", PublicURL: "https://pmo.example.org"}
	require.NoError(t, good.check(needAddress))
	good.OIDCIssuer, good.PublicURL = "http://127.0.0.1:9000", "http://localhost:8080"
	require.NoError(t, good.check(needAddress))
}

// Without a provider nobody signs in, on loopback too: the product has no way in without proof.
func TestOnlyProvidersSignPeopleIn(t *testing.T) {
	var o web.Options
	require.NoError(t, Config{HTTPAddr: defaultHTTPAddr}.signIn(&o))
	require.True(t, o.Plain && len(o.Providers) == 0)
	o = web.Options{}
	c := Config{HTTPAddr: defaultHTTPAddr, PublicURL: "https://pmo.example.org", OIDCIssuer: "https://id.example.org", OIDCClientID: "x", OIDCClaim: "preferred_username"}
	require.NoError(t, c.signIn(&o))
	require.False(t, o.Plain)
	require.Equal(t, "https://pmo.example.org/sign-in/callback", o.Providers[0].Redirect)
	settings, err := c.oidc()
	require.NoError(t, err)
	require.Equal(t, []string{"preferred_username", claims.AdmitListed}, []string{settings.Providers[0].LinkBy, settings.Providers[0].Admit})
}

// Secrets come from files, which are relative to the settings; what is wrong is said at the start, and no secret is printed.
func TestProvidersOfAFile(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	write("secret", "s3cret-of-staff\n")
	file := write("oidc.yaml", `
groups: [{id: architects, name: Architects}]
providers:
  - {id: staff, name: Staff, issuer: "https://id.example.org", client_id: x, client_secret_file: secret}
  - {id: guests, name: Guests, issuer: "https://guests.example", client_id: y}
`)
	c := Config{HTTPAddr: defaultHTTPAddr, PublicURL: "https://pmo.example.org", OIDCFile: file}
	require.NoError(t, c.check(needAddress))
	list, err := c.providers()
	require.NoError(t, err)
	require.Equal(t, "https://pmo.example.org/sign-in/callback/staff", list[0].Redirect)
	require.EqualValues(t, "s3cret-of-staff", list[0].ClientSecret)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", list[0].Options, list[0].Options, list[0].Options), "s3cret")

	c.OIDCIssuer = "https://id.example.org"
	require.ErrorContains(t, c.check(needAddress), "are both set")
	c.OIDCIssuer = ""
	write("secret", "\n")
	require.ErrorContains(t, c.check(needAddress), `the secret of "staff" cannot be read: the file is empty`)
	write("oidc.yaml", "providers: []")
	require.ErrorContains(t, c.check(needAddress), "lists none")
	c.OIDCFile = filepath.Join(folder, "none.yaml")
	require.ErrorContains(t, c.check(needAddress), "PMO_OIDC_FILE")
	c.PublicURL = ""
	require.ErrorContains(t, c.check(needAddress), "PMO_PUBLIC_URL is missing")
}

// Server and worker know the groups that claims fill, so that a policy may name one that has no members yet.
func TestAPolicyMayNameAGroupThatClaimsFill(t *testing.T) {
	folder := t.TempDir()
	people, settings := filepath.Join(folder, "directory.yaml"), filepath.Join(folder, "oidc.yaml")
	without := regexp.MustCompile(`(?m)^  - \{id: approvers, .*\n`).ReplaceAllString(string(directory.Local()), "")
	require.NotEqual(t, string(directory.Local()), without)
	require.NoError(t, os.WriteFile(people, []byte(without), 0o600))
	c := Config{DirectoryFile: people}
	discard := slog.New(slog.DiscardHandler)
	file, _, err := c.openDirectory(t.Context(), discard)
	require.NoError(t, err)
	require.ErrorContains(t, policy.Default().CheckDirectory(file.Directory), `there is no group "approvers"`)
	require.NoError(t, os.WriteFile(settings, []byte(`
groups: [{id: approvers, name: Approvers}]
providers: [{id: staff, name: Staff, issuer: "https://id.example.org", client_id: x, claims: {groups: groups}, groups: {a: approvers}}]
`), 0o600))
	c.OIDCFile = settings
	file, _, err = c.openDirectory(t.Context(), discard)
	require.NoError(t, err)
	require.NoError(t, policy.Default().CheckDirectory(file.Directory))
	require.NoError(t, os.WriteFile(people, []byte(without+"\n"), 0o600))
	p := &dependencies{file: file, directory: file.Directory, policy: policy.Holding(policy.Default())}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.follow(ctx, c, discard, c.notifiable)
	file.Look(t.Context(), true)
	require.NoError(t, file.Fault(), "a file that is read again is judged with the same groups")
}
