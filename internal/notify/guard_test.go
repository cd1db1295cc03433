package notify

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
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

func webhook(t *testing.T, allow string) *Webhook {
	t.Helper()
	secrets, err := ParseSecrets(secretText('k'))
	require.NoError(t, err)
	g, err := ParseGuard(allow)
	require.NoError(t, err)
	return NewWebhook(secrets, g, "test")
}

var oneMessage = Message{ID: "msg_1", Body: []byte(`{"type":"x"}`), At: day}

// The dialled address is checked, not the host name.
func TestAddressesAreCheckedWhenDialled(t *testing.T) {
	called := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		err := webhook(t, "").Send(t.Context(), Address{URL: fmt.Sprintf("http://%s:%s/key", host, port)}, oneMessage)
		require.Error(t, err, host)
		require.NotContains(t, err.Error(), "key")
		require.False(t, called, host)
	}
	require.NoError(t, webhook(t, "127.0.0.0/8").Send(t.Context(), Address{URL: server.URL}, oneMessage))
	require.True(t, called)
}

func TestProxiesOfTheEnvironmentAreNotUsed(t *testing.T) {
	for _, c := range []*http.Client{webhook(t, "").plain, webhook(t, "").secure} {
		require.Nil(t, c.Transport.(*http.Transport).Proxy)
		require.Nil(t, c.Jar)
	}
}

func TestAnswers(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	status, header := 0, http.Header{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		for range 64 {
			_, _ = w.Write(bytes.Repeat([]byte("x"), 64<<10))
		}
	}))
	defer server.Close()
	hook := webhook(t, "127.0.0.0/8")
	send := func(code int, name, value string) *Failure {
		status, header = code, http.Header{name: {value}}
		err := hook.Send(t.Context(), Address{URL: server.URL}, oneMessage)
		if err == nil {
			return nil
		}
		var f *Failure
		require.ErrorAs(t, err, &f)
		return f
	}
	require.Nil(t, send(200, "X", ""), "an endless answer is read only up to the limit")
	require.Nil(t, send(202, "X", ""))
	require.True(t, send(410, "X", "").Gone)
	for _, code := range []int{301, 302, 307, 308} {
		require.Contains(t, send(code, "Location", elsewhere.URL).Reason, "redirect")
	}
	for _, code := range []int{400, 401, 404, 429, 500, 503} {
		require.False(t, send(code, "X", "").Gone)
	}
	require.Equal(t, 90*time.Second, send(503, "Retry-After", "90").RetryAfter)
	require.Equal(t, time.Hour, send(503, "Retry-After", day.Add(time.Hour).Format(http.TimeFormat)).RetryAfter)
	for _, odd := range []string{"", "soon", "-1", "1e9", day.Add(-time.Hour).Format(http.TimeFormat)} {
		require.Zero(t, send(503, "Retry-After", odd).RetryAfter, odd)
	}
}

func TestNoAnswerInTimeAndTLSAreFailuresWithoutTheAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // only then does the server notice that the caller has closed the connection
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := webhook(t, "127.0.0.0/8").Send(ctx, Address{URL: server.URL + "/key"}, oneMessage)
	require.EqualError(t, err, "no answer in time")
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	err = webhook(t, "127.0.0.0/8").Send(t.Context(), Address{URL: secure.URL + "/key"}, oneMessage)
	require.ErrorContains(t, err, "certificate")
	require.NotContains(t, err.Error(), "key")
	require.Error(t, webhook(t, "").Send(t.Context(), Address{URL: "://"}, oneMessage))
	require.NotContains(t, transportReason(&url.Error{Op: "Post", URL: "https://x/key", Err: errors.New("boom")}), "key")
}

func TestSecrets(t *testing.T) {
	old, fresh := secretText('o'), secretText('n')
	s, err := ParseSecrets("# for all\n" + fresh + "\n\n" + old + "\nperson:ana " + secretText('a') + "\n")
	require.NoError(t, err)
	require.Equal(t, "*** *** ***", fmt.Sprintf("%v %+v %#v", s, s, s))
	require.True(t, s.Cover("group:x"))

	// A receiver with either secret accepts the message while both are in use, and refuses a changed one.
	g := got{header: http.Header{}, body: []byte(`{"a":1}`)}
	g.header.Set(headerID, "msg_1")
	g.header.Set(headerTimestamp, fmt.Sprint(day.Unix()))
	g.header.Set(headerSignature, s.sign("group:x", "msg_1", day, g.body))
	require.Len(t, strings.Fields(g.header.Get(headerSignature)), 2)
	require.NoError(t, verify(t, 'o', g, day))
	require.NoError(t, verify(t, 'n', g, day))
	require.Error(t, verify(t, 'a', g, day))
	g.body[2] = 'b'
	require.Error(t, verify(t, 'n', g, day), "the body was changed")
	g.body[2] = 'a'
	g.header.Set(headerID, "msg_2")
	require.Error(t, verify(t, 'n', g, day), "the id was changed")
	require.NotEqual(t, s.sign("person:ana", "m", day, nil), s.sign("person:bo", "m", day, nil), "ana has a secret of her own")

	only, err := ParseSecrets("person:ana " + fresh)
	require.NoError(t, err)
	require.Equal(t, []string{"person:bo"}, Uncovered(people(t, map[string]string{"ana": "https://example.org/", "bo": "https://example.org/"}), only))
}

// The example of the Standard Webhooks specification: other implementations accept our signatures.
func TestSignatureOfTheSpecification(t *testing.T) {
	s, err := ParseSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
		s.sign("", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)))
}

func TestSecretErrorsNameOnlyTheLine(t *testing.T) {
	good := secretText('k')
	for text, where := range map[string]string{
		"": "no secret", "# x\n": "no secret", "plain-secret-plain-secret-plain": "line 1", "whsec_short": "line 1", good + "\nwhsec_%%%": "line 2",
		"ana " + good: "line 1", "person: " + good: "line 1", "a b c": "line 1", good + "\n" + good + "\n" + good: "line 3",
		"whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65)): "line 1",
	} {
		_, err := ParseSecrets(text)
		require.ErrorContains(t, err, where)
		require.NotContains(t, err.Error(), "plain-secret")
		require.NotContains(t, err.Error(), good)
	}
}
