package signin

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// EndSession is the provider's address that ends the session there; empty where it has none or cannot be reached.
func (p *Provider) EndSession(ctx context.Context, idToken string) string {
	e, err := p.discover(ctx)
	if err != nil || e.endSession == "" {
		return ""
	}
	u, err := url.Parse(e.endSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", p.SignedOut)
	if idToken != "" {
		q.Set("id_token_hint", idToken)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// SignedOut is somebody whom the provider has signed out.
type SignedOut struct {
	Issuer  string
	Subject string
	At      time.Time // sessions begun before it are meant
}

// Notice judges what the provider sends when it has signed somebody out (OpenID Connect Back-Channel Logout). A notice that comes twice ends
// nothing that was begun after it.
func (p *Provider) Notice(ctx context.Context, token string) (SignedOut, error) {
	e, err := p.discover(ctx)
	if err != nil {
		return SignedOut{}, err
	}
	if token == "" || len(token) > longestToken {
		return SignedOut{}, refused("there is no logout token, or it is too large")
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.HTTP), callTimeout)
	defer cancel()
	out, err := e.verifier.VerifyLogout(ctx, token)
	switch {
	case unreadable(err):
		return SignedOut{}, errors.Join(ErrAway, errors.New("read the keys"))
	case err != nil:
		return SignedOut{}, refused("the logout token is not valid: %v", err)
	case out.Subject == "":
		return SignedOut{}, refused("the logout token has no subject")
	}
	return SignedOut{Issuer: p.Issuer, Subject: out.Subject, At: out.IssuedAt.Add(skew)}, nil
}
