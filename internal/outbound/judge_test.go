package outbound

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAddressesAreJudgedBeforeTheyAreStored, as far as it can be said without a lookup.
func TestAddressesAreJudgedBeforeTheyAreStored(t *testing.T) {
	g, err := ParseGuard("10.20.0.0/16")
	require.NoError(t, err)
	for address, want := range map[string]error{
		"https://hooks.example.org/x": nil, "http://hooks.example.org/x": errPlain, "https://localhost/x": errPrivate, "https://a.LOCALHOST./x": errPrivate, "https://intranet/x": errPrivate,
		"https://10.0.0.1/x": errPrivate, "https://10.20.1.1/x": nil, "http://10.20.1.1/x": nil, "https://[::1]/x": errPrivate, "https://[::ffff:10.0.0.1]/x": errPrivate,
		"https://169.254.169.254/x": errMetadata, "https://8.8.8.8/x": nil, "http://8.8.8.8/x": errPlain,
	} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		require.Equal(t, want, g.Judge(u), address)
	}
	require.True(t, g.Lists("10.20.1.1"))
	require.False(t, g.Lists("10.21.1.1"))
	require.False(t, g.Lists("10.20.1.1.example.org"))
}
