package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

// testProvider is a small OpenID provider: discovery, keys, authorization, tokens with PKCE, single-use codes.
type testProvider struct {
	t       *testing.T
	server  *httptest.Server
	signer  jose.Signer
	key     *rsa.PrivateKey
	subject string
	change  func(claims map[string]any) // of the next ID tokens
	kid     string                      // of the key that signs
	keys    jose.JSONWebKeySet          // that it publishes
	endless bool                        // the token endpoint does not stop

	mu    sync.Mutex
	codes map[string]url.Values // the authorization request by code
	away  bool
}

const testClient, testSecret = "leanpmo", "the-client-secret"

func newTestProvider(t *testing.T) *testProvider {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p := &testProvider{t: t, key: key, subject: "subject-of-sam", change: func(map[string]any) {}, codes: map[string]url.Values{}}
	p.rotate(key, "k")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = json.NewEncoder(w).Encode(p.keys)
	})
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

// sign signs with another key, which is not published.
func (p *testProvider) sign(key *rsa.PrivateKey) {
	var err error
	p.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: p.kid}}, nil)
	require.NoError(p.t, err)
}

// rotate signs with another key from now on, and publishes it alone.
func (p *testProvider) rotate(key *rsa.PrivateKey, kid string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kid, p.keys = kid, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: kid, Algorithm: "RS256", Use: "sig"}}}
	p.sign(key)
}

// signed is a token with the claims.
func (p *testProvider) signed(claims map[string]any) string {
	body, err := json.Marshal(claims)
	require.NoError(p.t, err)
	signed, err := p.signer.Sign(body)
	require.NoError(p.t, err)
	raw, err := signed.CompactSerialize()
	require.NoError(p.t, err)
	return raw
}

func (p *testProvider) setAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

func (p *testProvider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	base := p.server.URL
	_ = json.NewEncoder(w).Encode(map[string]any{"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
		"jwks_uri": base + "/keys", "end_session_endpoint": base + "/end", "id_token_signing_alg_values_supported": []string{"RS256"},
		"authorization_response_iss_parameter_supported": true})
}

// authorize is what the provider does when somebody has proven who they are there: it returns the response for our callback.
func (p *testProvider) authorize(address string) url.Values {
	u, err := url.Parse(address)
	require.NoError(p.t, err)
	q := u.Query()
	require.Equal(p.t, p.server.URL+"/authorize", p.server.URL+u.Path)
	require.Equal(p.t, "code", q.Get("response_type"))
	require.Equal(p.t, "S256", q.Get("code_challenge_method"))
	require.True(p.t, strings.HasPrefix(q.Get("redirect_uri"), "https://pmo.example.org/sign-in/callback/"))
	code := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = q
	return url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.server.URL}}
}

func (p *testProvider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	id, secret, _ := r.BasicAuth()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	w.Header().Set("Content-Type", "application/json")
	if !known || id != testClient || secret != testSecret || base64.RawURLEncoding.EncodeToString(challenge[:]) != asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": p.server.URL, "sub": p.subject, "aud": testClient, "nonce": asked.Get("nonce"), "iat": now.Unix(),
		"exp": now.Add(time.Hour).Unix(), "preferred_username": "bo", "email": "ada@example.org"}
	p.change(claims)
	if p.endless {
		for range 3 << 10 {
			_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<10))
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.signed(claims)})
}

func callerIn(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, callerKey{}, id)
}
