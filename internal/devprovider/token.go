package devprovider

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const tokenLife = time.Hour

// token takes a code and answers with an ID token. The access token opens nothing.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if !p.isClient(r) {
		w.Header().Set("WWW-Authenticate", "Basic")
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	g, known := p.redeem(r.PostFormValue("code"))
	switch {
	case r.PostFormValue("grant_type") != "authorization_code":
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	case !known || p.Now().After(g.end) || r.PostFormValue("redirect_uri") != g.redirect || !answers(g.challenge, r.PostFormValue("code_verifier")):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	signed, err := p.Sign(p.claimsOf(g))
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "id_token": signed})
}

// isClient judges the client's secret, from either of the places where OAuth allows it.
func (p *Provider) isClient(r *http.Request) bool {
	id, secret, ok := r.BasicAuth()
	if ok { // both are encoded as in forms (RFC 6749, 2.3.1)
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	return same(id, p.ClientID) && same(secret, p.ClientSecret)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// answers reports whether a verifier is the one that a challenge of PKCE was made from.
func answers(challenge, verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return same(challenge, base64.RawURLEncoding.EncodeToString(sum[:]))
}

func (p *Provider) redeem(code string) (grant, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, known := p.codes[code]
	delete(p.codes, code)
	return g, known
}

func (p *Provider) claimsOf(g grant) map[string]any {
	now := p.Now()
	claims := map[string]any{"iss": p.Issuer, "sub": g.person.Subject, "aud": p.ClientID, "nonce": g.nonce, "iat": now.Unix(), "auth_time": g.issued.Unix(),
		"exp": now.Add(tokenLife).Unix(), "name": g.person.Name}
	if p.Claims != nil {
		p.Claims(claims)
	}
	return claims
}

// Sign is a token with the claims.
func (p *Provider) Sign(claims map[string]any) (string, error) {
	key, _ := p.Keys()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("write a token: %w", err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed.CompactSerialize()
}

// endSession ends nothing, because no session is kept, and leads the browser back to the client that asks for it with a token of ours
// (OpenID Connect RP-Initiated Logout).
func (p *Provider) endSession(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	to := q.Get("post_logout_redirect_uri")
	if to == "" || !slices.Contains(p.SignedOut, to) || !p.issued(q.Get("id_token_hint")) {
		p.show(w, http.StatusOK, page{Words: "You are signed out."})
		return
	}
	if state := q.Get("state"); state != "" {
		to += "?" + url.Values{"state": {state}}.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// issued reports whether a token is one of ours, which may have expired.
func (p *Provider) issued(token string) bool {
	key, published := p.Keys()
	signed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(key.Algorithm)})
	if err != nil {
		return false
	}
	_, err = signed.Verify(published)
	return err == nil
}
