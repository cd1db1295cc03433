// Package devprovider is a small OpenID provider for the local stack and for tests: the code flow with PKCE, for one client. It asks for no
// proof: whoever opens its page chooses who they are. So it serves this machine alone, and the product's own binary does not contain it.
package devprovider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"leanpmo/internal/claims"
)

// Person is somebody whom the provider can sign in.
type Person struct {
	Subject string
	Name    string
	Note    string // shown beside the name
}

// Options of a Provider.
type Options struct {
	Issuer       string // an address on loopback without a path
	ClientID     string
	ClientSecret string
	Redirects    []string // where the client has people sent back to
	SignedOut    []string // where the client has people sent to after signing out
	People       func() ([]Person, error)
	// Claims changes the claims of an ID token before it is signed; nil: they stay.
	Claims func(claims map[string]any)
	// Keys are the key that signs and the keys that are published; nil: one key that is made at the start.
	Keys func() (jose.JSONWebKey, jose.JSONWebKeySet)
	Now  func() time.Time
}

// Provider is an OpenID provider. It is an http.Handler. It keeps no session: it asks each time who somebody is.
type Provider struct {
	Options
	mux  *http.ServeMux
	host string // of the issuer

	mu    sync.Mutex
	codes map[string]grant
}

// ErrNotLocal is an issuer that others could reach.
var ErrNotLocal = errors.New("a provider that asks for no proof serves loopback alone")

// New makes a provider. It refuses an issuer that is not on loopback.
func New(o Options) (*Provider, error) {
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Scheme != "http" || issuer.Path != "" || !claims.Loopback(issuer.Hostname()) {
		return nil, fmt.Errorf("%q: %w", o.Issuer, ErrNotLocal)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Keys == nil {
		if o.Keys, err = oneKey(); err != nil {
			return nil, err
		}
	}
	p := &Provider{Options: o, mux: http.NewServeMux(), host: issuer.Host, codes: map[string]grant{}}
	p.routes()
	return p, nil
}

// oneKey makes the key of a provider. It lives as long as the process.
func oneKey() (func() (jose.JSONWebKey, jose.JSONWebKeySet), error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of the provider: %w", err)
	}
	signing := jose.JSONWebKey{Key: key, KeyID: rand.Text(), Algorithm: string(jose.ES256), Use: "sig"}
	published := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{signing.Public()}}
	return func() (jose.JSONWebKey, jose.JSONWebKeySet) { return signing, published }, nil
}

func (p *Provider) routes() {
	p.mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	p.mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		_, published := p.Keys()
		writeJSON(w, http.StatusOK, published)
	})
	p.mux.HandleFunc("GET /authorize", p.authorizePage)
	p.mux.HandleFunc("POST /authorize", p.authorize)
	p.mux.HandleFunc("POST /token", p.token)
	p.mux.HandleFunc("GET /end", p.endSession)
	p.mux.HandleFunc("GET /style.css", style)
	p.mux.HandleFunc("GET /{$}", p.about)
}

const largestForm = 16 << 10

// ServeHTTP answers browsers and programs of this machine alone. A name that leads here by DNS is refused like an address of another machine, so
// that no page of another site reads anything.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !claims.Loopback(peer) || r.Host != p.host {
		http.Error(w, "This provider serves this machine alone, at its own address.", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, largestForm)
	p.mux.ServeHTTP(w, r)
}

// Serve listens at the address of the issuer until ctx ends.
func (p *Provider) Serve(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", p.host)
	if err != nil {
		return fmt.Errorf("listen as the provider: %w", err)
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() { // a name could lead elsewhere
		return errors.Join(fmt.Errorf("%s: %w", p.host, ErrNotLocal), listener.Close())
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	signing, _ := p.Keys()
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token", "jwks_uri": p.Issuer + "/keys",
		"end_session_endpoint": p.Issuer + "/end", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"grant_types_supported": []string{"authorization_code"}, "code_challenge_methods_supported": []string{"S256"}, "scopes_supported": []string{"openid"},
		"id_token_signing_alg_values_supported": []string{signing.Algorithm}, "authorization_response_iss_parameter_supported": true})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
