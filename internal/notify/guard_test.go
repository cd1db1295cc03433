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
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/outbound"
)

func webhook(t *testing.T, allow string) *Webhook {
	t.Helper()
	secrets, err := ParseSecrets(secretText('k'))
	require.NoError(t, err)
	g, err := outbound.ParseGuard(allow)
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
