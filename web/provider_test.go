package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/devprovider"
	"leanpmo/internal/testkit"
)

// testProvider is the provider of the local stack, which a test can make say what no good one says.
type testProvider struct {
	t       *testing.T
	server  *httptest.Server
	real    *devprovider.Provider
	key     *rsa.PrivateKey
	subject string
	change  func(claims map[string]any) // of the next ID tokens
	asked   string                      // the authorization request that came last
	endless bool                        // the token endpoint does not stop

	mu      sync.Mutex
	signing jose.JSONWebKey
	keys    jose.JSONWebKeySet // that it publishes
	away    bool
}

const testClient, testSecret = "leanpmo", "the-client-secret"

func newTestProvider(t *testing.T) *testProvider {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p := &testProvider{t: t, key: key, subject: "subject-of-sam", change: func(map[string]any) {}}
	p.rotate(key, "k")
	p.server = httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	var redirects []string
	for _, id := range []string{"staff", "other-1"} {
		redirects = append(redirects, "https://pmo.example.org/sign-in/callback/"+id)
	}
	p.real, err = devprovider.New(devprovider.Options{Issuer: "http://" + p.server.Listener.Addr().String(), ClientID: testClient, ClientSecret: testSecret,
		Redirects: redirects, SignedOut: []string{"https://pmo.example.org/sign-in"}, Claims: p.claims, Now: func() time.Time { return now },
		People: func() ([]devprovider.Person, error) { return []devprovider.Person{{Subject: p.subject}}, nil },
		Keys: func() (jose.JSONWebKey, jose.JSONWebKeySet) {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.signing, p.keys
		}})
	require.NoError(t, err)
	p.server.Start()
	t.Cleanup(p.server.Close)
	return p
}

func (p *testProvider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	away := p.away
	p.mu.Unlock()
	switch {
	case away && strings.HasPrefix(r.URL.Path, "/.well-known/"):
		w.WriteHeader(http.StatusBadGateway)
		return
	case p.endless && r.URL.Path == "/token":
		for range 3 << 10 {
			_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<10))
		}
		return
	}
	p.real.ServeHTTP(w, r)
}

func (p *testProvider) claims(claims map[string]any) {
	delete(claims, "name")
	claims["preferred_username"], claims["email"] = "bo", "ada@example.org"
	p.change(claims)
}

// sign signs with a key of an id from now on; what is published stays.
func (p *testProvider) sign(key *rsa.PrivateKey, kid string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signing = jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: "RS256", Use: "sig"}
}

// rotate signs with another key from now on, and publishes it alone.
func (p *testProvider) rotate(key *rsa.PrivateKey, kid string) {
	p.sign(key, kid)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.signing.Public()}}
}

// signed is a token with the claims.
func (p *testProvider) signed(claims map[string]any) string {
	signed, err := p.real.Sign(claims)
	require.NoError(p.t, err)
	return signed
}

func (p *testProvider) setAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

// authorize is what somebody does at the provider: it returns the response for our callback.
func (p *testProvider) authorize(address string) url.Values {
	p.asked = address
	back, err := url.Parse(testkit.Choose(p.t, address, p.subject))
	require.NoError(p.t, err)
	return back.Query()
}

// codeFor is a code of the last authorization request with another value in it.
func (p *testProvider) codeFor(name, value string) string {
	u, err := url.Parse(p.asked)
	require.NoError(p.t, err)
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return p.authorize(u.String()).Get("code")
}

func callerIn(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, callerKey{}, id)
}
