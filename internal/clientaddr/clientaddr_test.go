package clientaddr_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/clientaddr"
)

func TestTheAddressBehindTrustedProxies(t *testing.T) {
	for _, c := range []struct {
		proxies, remote, want string
		forwarded             []string
	}{
		{"", "203.0.113.7:1000", "203.0.113.7", nil},
		{"", "203.0.113.7:1000", "203.0.113.7", []string{"198.51.100.1"}},
		{"10.0.0.0/8", "10.1.2.3:1000", "198.51.100.1", []string{"198.51.100.1"}},
		{"10.0.0.0/8", "10.1.2.3:1000", "198.51.100.1", []string{"6.6.6.6, 198.51.100.1"}},
		{"10.0.0.0/8", "10.1.2.3:1000", "198.51.100.1", []string{"6.6.6.6", "198.51.100.1, 10.9.9.9"}},
		{"10.0.0.0/8", "10.1.2.3:1000", "10.1.2.3", nil},
		{"10.0.0.0/8", "10.1.2.3:1000", "10.1.2.3", []string{"6.6.6.6, not an address"}},
		{"10.0.0.0/8", "203.0.113.7:1000", "203.0.113.7", []string{"198.51.100.1"}},
		{"10.1.2.3, fd00::/8", "[fd00::1]:1000", "2001:db8::5", []string{"2001:db8::5, 10.1.2.3"}},
		{"127.0.0.1", "[::ffff:127.0.0.1]:1000", "198.51.100.1", []string{"198.51.100.1"}},
	} {
		proxies, err := clientaddr.Parse(c.proxies)
		require.NoError(t, err)
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		require.Equal(t, c.want, proxies.Of(r).String(), "%+v", c)
	}
	_, err := clientaddr.Parse("10.0.0.0/33")
	require.ErrorContains(t, err, "10.0.0.0/33")
	require.False(t, clientaddr.Proxies(nil).Of(&http.Request{RemoteAddr: "@"}).IsValid())
}

func TestTheNetworkOfAnAddress(t *testing.T) {
	one := func(remote string) string {
		return clientaddr.Network(clientaddr.Proxies(nil).Of(&http.Request{RemoteAddr: remote})).String()
	}
	require.Equal(t, "203.0.113.7", one("203.0.113.7:1"))
	require.Equal(t, one("[2001:db8:1:2:3::4]:1"), one("[2001:db8:1:2:9::]:1"))
	require.NotEqual(t, one("[2001:db8:1:2::4]:1"), one("[2001:db8:1:3::4]:1"))
}
