package testkit

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// Choose chooses somebody at the provider of the local stack: address is where the product sent a browser, and the answer is where the
// provider sends it back to.
func Choose(t testing.TB, address, subject string) string {
	t.Helper()
	client := &http.Client{Timeout: Patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(address, url.Values{"subject": {subject}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusSeeOther, response.StatusCode, "%s at %s", subject, address)
	return response.Header.Get("Location")
}

// SignIn signs somebody in to the pages at an address, as a browser does by way of the provider of the local stack. The client has a cookie jar.
func SignIn(t testing.TB, client *http.Client, base, who string) {
	t.Helper()
	still := *client
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	get := func(address string) string {
		response, err := still.Get(address)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusSeeOther, response.StatusCode, address)
		return response.Header.Get("Location")
	}
	require.Equal(t, "/", get(Choose(t, get(base+"/sign-in/provider/oidc?to=/"), who)), "%s is signed in", who)
}
