// Package signin signs people in with an OpenID provider: the code flow with PKCE, state and nonce. Who somebody is, is issuer and subject;
// an e-mail address or a name decides nothing.
package signin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	callTimeout = 5 * time.Second // one call to the provider
	// retryAfter is how long a failed discovery is not repeated, so that people who wait at the same time do not each wait for the provider.
	retryAfter = 2 * time.Second
	// PendingLife is how long somebody may take at the provider.
	PendingLife = 10 * time.Minute
	// skew is how far the provider's clock may be behind ours, or before it.
	skew = time.Minute
	// freshFor is how long the addresses of a provider are used before they are read again.
	freshFor = time.Hour
)

// ErrAway says that the provider cannot be reached or does not answer as an OpenID provider does.
var ErrAway = errors.New("the sign-in provider cannot be reached")

// Refused says why a sign-in was refused; it holds no code, token or secret.
type Refused struct{ Cause string }

// Error says that it was refused and why.
func (r *Refused) Error() string { return "sign-in refused: " + r.Cause }

func refused(format string, args ...any) error { return &Refused{Cause: fmt.Sprintf(format, args...)} }

// Secret is a client secret, which is never printed.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret.
func (Secret) GoString() string { return "***" }

// Options of a Provider.
type Options struct {
	ID           string // in addresses of ours
	Name         string // on the button; empty when it is the only one
	Issuer       string
	ClientID     string
	ClientSecret Secret // empty: a public client, protected by PKCE alone
	Scopes       []string
	Redirect     string // the address the provider sends people back to; one of its own for each provider, so that no response of one counts as another's
	SignedOut    string // the address the provider sends people to after signing out there
	HTTP         *http.Client
	Now          func() time.Time
}

// Provider is one OpenID provider. It is safe for concurrent use. Its addresses are read at first use and, after a failure, again.
type Provider struct {
	Options

	mu       sync.Mutex
	known    *endpoints
	knownAt  time.Time
	failedAt time.Time
	failure  error
}

// endpoints are what discovery found.
type endpoints struct {
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	endSession string
	saysIssuer bool // the provider names itself in its responses (RFC 9207)
}

// New makes a provider without calling it.
func New(o Options) *Provider {
	if o.HTTP == nil {
		o.HTTP = boundedClient()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Provider{Options: o}
}

// discover returns the addresses of the provider, and reads them again after a while. While that fails, those read before are used.
func (p *Provider) discover(ctx context.Context) (*endpoints, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch now := p.Now(); {
	case p.known != nil && now.Sub(p.knownAt) < freshFor:
		return p.known, nil
	case p.failure != nil && now.Sub(p.failedAt) < retryAfter:
		return p.known, p.orKnown(p.failure)
	}
	found, err := p.read(ctx)
	if err != nil {
		p.failure, p.failedAt = fmt.Errorf("%w: %w", ErrAway, err), p.Now()
		return p.known, p.orKnown(p.failure)
	}
	p.known, p.knownAt, p.failure = found, p.Now(), nil
	return p.known, nil
}

func (p *Provider) orKnown(failure error) error {
	if p.known != nil {
		return nil
	}
	return failure
}

func (p *Provider) read(ctx context.Context) (*endpoints, error) {
	// A reader who gives up must not make the attempt fail for the others.
	ctx, cancel := context.WithTimeout(oidc.ClientContext(context.WithoutCancel(ctx), p.HTTP), callTimeout)
	defer cancel()
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, err
	}
	var further struct {
		Keys       string `json:"jwks_uri"`
		EndSession string `json:"end_session_endpoint"`
		SaysIssuer bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&further); err != nil {
		return nil, err
	}
	at := found.Endpoint()
	if slices.ContainsFunc([]string{at.AuthURL, at.TokenURL, further.Keys}, func(address string) bool { return !p.asSafe(address) }) {
		return nil, errors.New("an address of the provider is not https, as its issuer is")
	}
	return &endpoints{
		oauth: oauth2.Config{ClientID: p.ClientID, ClientSecret: string(p.ClientSecret), Endpoint: at, RedirectURL: p.Redirect, Scopes: p.Scopes},
		// An expired token is taken while the provider's clock may be behind. The library itself takes one that is from the near future.
		verifier:   found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: func() time.Time { return p.Now().Add(-skew) }}),
		endSession: webAddress(further.EndSession), saysIssuer: further.SaysIssuer,
	}, nil
}

// asSafe reports whether an address of the provider is as safe as its issuer: a secret, a code and keys must not travel in plain.
func (p *Provider) asSafe(address string) bool {
	issuer, err := url.Parse(p.Issuer)
	u, fault := url.Parse(address)
	return err == nil && fault == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && issuer.Scheme == "http")
}

// webAddress is the address, or nothing where it is not one of the web.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}

// Pending is a sign-in that somebody began. It is kept in the session of their browser, and used once.
type Pending struct {
	Provider string    `json:"provider"` // its id
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	To       string    `json:"to"`       // the page they asked for
	At       time.Time `json:"at"`
}

// Begin returns the provider's address to send somebody to, and what is kept until they come back.
func (p *Provider) Begin(ctx context.Context, to string) (string, Pending, error) {
	e, err := p.discover(ctx)
	if err != nil {
		return "", Pending{}, err
	}
	begun := Pending{Provider: p.ID, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: to, At: p.Now()}
	return e.oauth.AuthCodeURL(begun.State, oidc.Nonce(begun.Nonce), oauth2.S256ChallengeOption(begun.Verifier)), begun, nil
}
