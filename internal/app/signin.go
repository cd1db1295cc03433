package app

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"leanpmo/internal/claims"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/signin"
	"leanpmo/web"
)

// signInFaults are the faults of the settings for signing in.
func (c Config) signInFaults() (faults []error) {
	if c.PublicURL != "" && !originAddress(c.PublicURL) {
		faults = append(faults, errors.New("PMO_PUBLIC_URL is not an address like https://pmo.example.org, without a path; http is for loopback only"))
	}
	if _, err := clientaddr.Parse(c.TrustedProxies); err != nil {
		faults = append(faults, fmt.Errorf("PMO_TRUSTED_PROXIES: %w", err))
	}
	switch {
	case c.OIDCFile != "" && c.OIDCIssuer != "":
		faults = append(faults, errors.New("PMO_OIDC_FILE and PMO_OIDC_ISSUER are both set; set one"))
	case c.OIDCFile == "" && c.OIDCIssuer == "":
		if c.OIDCClientID != "" || c.OIDCClientSecret != "" || c.OIDCClaim != "" {
			faults = append(faults, errors.New("PMO_OIDC_ISSUER is missing: the OpenID provider that the other PMO_OIDC_ settings are for"))
		}
		return faults
	}
	if c.OIDCIssuer != "" && !claims.SafeAddress(c.OIDCIssuer) {
		faults = append(faults, errors.New("PMO_OIDC_ISSUER is not an address like https://id.example.org; http is for loopback only"))
	}
	if c.OIDCIssuer != "" && c.OIDCClientID == "" {
		faults = append(faults, errors.New("PMO_OIDC_CLIENT_ID is missing: what the provider calls this product"))
	}
	if c.PublicURL == "" {
		faults = append(faults, errors.New("PMO_PUBLIC_URL is missing: the provider sends people back to it"))
	}
	if c.OIDCFile != "" {
		if _, err := c.providers(); err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}

// oidc are the settings of the OpenID providers, of the file or of the single one that the environment names.
func (c Config) oidc() (claims.Settings, error) {
	switch {
	case c.OIDCFile != "":
		settings, err := claims.Load(c.OIDCFile)
		if err != nil {
			return settings, fmt.Errorf("PMO_OIDC_FILE: %w", err)
		}
		return settings, nil
	case c.OIDCIssuer != "":
		return claims.Single(c.OIDCIssuer, c.OIDCClientID, c.OIDCClaim), nil
	}
	return claims.Settings{}, nil
}

// SignInCallback is where a single provider sends people back to, of the pages at an address.
func SignInCallback(public string) string { return public + "/sign-in/callback" }

// SignInPage is where providers send people to after signing out there.
func SignInPage(public string) string { return public + "/sign-in" }

// providers makes what signs people in. A provider of the file is answered at an address of its own; the single one keeps the address that
// providers were given before there were several.
func (c Config) providers() (signin.Providers, error) {
	settings, err := c.oidc()
	if err != nil {
		return nil, err
	}
	var list signin.Providers
	for _, p := range settings.Providers {
		o := signin.Options{ID: p.ID, Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientID, Scopes: p.Scopes, Redirect: SignInCallback(c.PublicURL), SignedOut: SignInPage(c.PublicURL)}
		if c.OIDCFile == "" {
			o.ClientSecret = signin.Secret(c.OIDCClientSecret)
		} else {
			o.Redirect += "/" + p.ID
			if o.ClientSecret, err = readSecret(p.SecretFile); err != nil {
				return nil, fmt.Errorf("PMO_OIDC_FILE: the secret of %q cannot be read: %w", p.ID, err)
			}
		}
		list = append(list, signin.New(o))
	}
	return list, nil
}

// errEmptySecret is a file that says a client has a secret, and has none.
var errEmptySecret = errors.New("the file is empty; a public client has no client_secret_file")

func readSecret(path string) (signin.Secret, error) {
	if path == "" {
		return "", nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(content))
	if secret == "" {
		return "", errEmptySecret
	}
	return signin.Secret(secret), nil
}

// originAddress reports whether the text is a safe address without a path.
func originAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Path == "" && claims.SafeAddress(text)
}

// signInsPerMinute is how often an address may begin or end signing in; behind one there may be a whole office.
const signInsPerMinute = 120

// callsPerMinute bounds the calls of a person where others reach the server.
func (c Config) callsPerMinute() int {
	if c.CallsPerMinute != nil {
		return *c.CallsPerMinute
	}
	if public, err := url.Parse(c.PublicURL); err == nil && loopback(c.HTTPAddr) && (c.PublicURL == "" || claims.Loopback(public.Hostname())) {
		return 0
	}
	return defaultCallsPerMinute
}

// signIn sets how people sign in to the pages.
func (c Config) signIn(o *web.Options) (err error) {
	o.PublicURL = c.PublicURL
	o.Proxies, _ = clientaddr.Parse(c.TrustedProxies) // signInFaults has judged it
	o.Plain = loopback(c.HTTPAddr)
	if u, err := url.Parse(c.PublicURL); err == nil && c.PublicURL != "" {
		o.Plain = u.Scheme == "http"
	}
	if o.Providers, err = c.providers(); len(o.Providers) > 0 {
		o.SignInsPerMinute = signInsPerMinute
	}
	return err
}
