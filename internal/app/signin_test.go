package app

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
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

// A proxy on this machine reaches a server on loopback: there nobody may choose who they are.
func TestAPublicAddressEndsTheSignInWithoutProof(t *testing.T) {
	people, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	var o web.Options
	Config{HTTPAddr: defaultHTTPAddr}.signIn(&o, people)
	require.True(t, o.LocalSignIn && o.Plain && o.Provider == nil)
	o = web.Options{}
	Config{HTTPAddr: defaultHTTPAddr, PublicURL: "https://pmo.example.org", OIDCIssuer: "https://id.example.org", OIDCClientID: "x"}.signIn(&o, people)
	require.False(t, o.LocalSignIn || o.Plain)
	require.Equal(t, "https://pmo.example.org/sign-in/callback", o.Provider.Redirect)
}
