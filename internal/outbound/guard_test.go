package outbound

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestGuardRefusesPrivateAddresses(t *testing.T) {
	for address, want := range map[string]error{
		"93.184.215.14": nil, "2606:4700::1": nil, "1.1.1.1": nil, "172.32.0.1": nil, "100.128.0.1": nil,
		"127.0.0.1": errPrivate, "127.8.9.1": errPrivate, "0.0.0.0": errPrivate, "0.1.2.3": errPrivate, "::": errPrivate, "::1": errPrivate,
		"10.0.0.1": errPrivate, "172.16.0.1": errPrivate, "172.31.255.255": errPrivate, "192.168.1.1": errPrivate,
		"169.254.1.1": errPrivate, "fe80::1": errPrivate, "fe80::1%eth0": errPrivate, "100.64.0.1": errPrivate, "100.127.255.255": errPrivate,
		"fc00::1": errPrivate, "fdff::1": errPrivate, "fec0::1": errPrivate, "224.0.0.1": errPrivate, "239.255.255.255": errPrivate, "ff02::1": errPrivate,
		"240.0.0.1": errPrivate, "255.255.255.255": errPrivate, "192.0.2.1": errPrivate, "198.18.0.1": errPrivate, "198.51.100.1": errPrivate,
		"203.0.113.1": errPrivate, "192.0.0.1": errPrivate, "192.88.99.1": errPrivate,
		"::ffff:127.0.0.1": errPrivate, "::ffff:8.8.8.8": errPrivate, "::127.0.0.1": errPrivate,
		"64:ff9b::7f00:1": errPrivate, "64:ff9b:1::1": errPrivate, "2002:7f00:1::": errPrivate, "2001::1": errPrivate, "2001:db8::1": errPrivate,
		"3fff::1": errPrivate, "100::1": errPrivate, "5f00::1": errPrivate,
		"169.254.169.254": errMetadata, "100.100.100.200": errMetadata, "192.0.0.192": errMetadata, "168.63.129.16": errMetadata, "fd00:ec2::254": errMetadata,
	} {
		ip := netip.MustParseAddr(address)
		require.ErrorIs(t, wrap(Guard{}.check(ip, false)), wrap(want), address)
		if want == nil {
			require.ErrorIs(t, Guard{}.check(ip, true), errPlain, address)
		}
	}
}

// wrap replaces nil by an error, so that require.ErrorIs can compare it.
func wrap(err error) error {
	if err == nil {
		return errNil
	}
	return err
}

var errNil = errors.New("none")

func TestGuardAllowsListedNetworks(t *testing.T) {
	g, err := ParseGuard("10.20.0.0/16, fd00::/8,169.254.0.0/16")
	require.NoError(t, err)
	for _, plain := range []bool{true, false} {
		require.NoError(t, g.check(netip.MustParseAddr("10.20.3.4"), plain))
		require.NoError(t, g.check(netip.MustParseAddr("fd00::1"), plain))
		require.ErrorIs(t, g.check(netip.MustParseAddr("10.21.0.1"), plain), errPrivate)
		require.ErrorIs(t, g.check(netip.MustParseAddr("169.254.169.254"), plain), errMetadata, "no list allows it")
		require.ErrorIs(t, g.check(netip.MustParseAddr("fd00:ec2::254"), plain), errMetadata)
	}
	_, err = ParseGuard("")
	require.NoError(t, err)
	for _, bad := range []string{"10.20.0.0", "x", "10.0.0.0/33", "::ffff:10.0.0.0/104"} {
		_, err := ParseGuard(bad)
		require.Error(t, err, bad)
	}
}

// TestTheOperatorsAddressesMayBePrivate: never a metadata service, and nothing public without TLS unless it is listed.
func TestTheOperatorsAddressesMayBePrivate(t *testing.T) {
	listed, err := ParseGuard("1.1.0.0/16")
	require.NoError(t, err)
	guard := listed.ForOperator()
	for address, want := range map[string][2]error{ // with TLS, without
		"127.0.0.1": {}, "10.0.0.1": {}, "192.168.1.1": {}, "fd00::1": {}, "::1": {}, "1.1.1.1": {},
		"8.8.8.8":         {nil, errPlain},
		"169.254.169.254": {errMetadata, errMetadata}, "fd00:ec2::254": {errMetadata, errMetadata}, "100.100.100.200": {errMetadata, errMetadata},
		"::ffff:169.254.169.254": {errMetadata, errMetadata}, "64:ff9b::a9fe:a9fe": {errPrivate, errPrivate}, "2002:a9fe:a9fe::": {errPrivate, errPrivate},
	} {
		ip := netip.MustParseAddr(address)
		require.ErrorIs(t, wrap(guard.check(ip, false)), wrap(want[0]), address)
		require.ErrorIs(t, wrap(guard.check(ip, true)), wrap(want[1]), address)
	}
	require.ErrorIs(t, listed.check(netip.MustParseAddr("10.0.0.1"), false), errPrivate, "the guard of webhooks stays as it is")
}

// TestWhatAClientDoesNotDo: it is the only client of calls to the outside, so this holds for all of them.
func TestWhatAClientDoesNotDo(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	var cookies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		w.Header().Set("Location", elsewhere.URL)
		if r.URL.Path == "/large" {
			w.Header().Set("X-Large", strings.Repeat("x", 2*maxHeaderBytes))
		}
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	client := NewClient(Guard{}.ForOperator(), time.Minute)
	for range 2 {
		res, err := client.Get(server.URL)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusTemporaryRedirect, res.StatusCode)
	}
	require.Equal(t, []string{"", ""}, cookies)
	_, err := client.Get(server.URL + "/large")
	require.Error(t, err)
	for _, transport := range []*http.Transport{client.Transport.(byScheme).secure, client.Transport.(byScheme).plain} {
		require.Nil(t, transport.Proxy, "no proxy of the environment")
	}
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		_, err := NewClient(Guard{}, time.Minute).Get("http://" + net.JoinHostPort(strings.Trim(host, "[]"), port))
		var refused *Refused
		require.ErrorAs(t, err, &refused, host)
	}
	client.CloseIdleConnections()
}
