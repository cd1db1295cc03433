package app

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/directory"
	"leanpmo/internal/signin"
	"leanpmo/web"
)

// signInFaults are the faults of the settings for signing in.
func (c Config) signInFaults() (faults []error) {
	if c.PublicURL != "" && !safeAddress(c.PublicURL, false) {
		faults = append(faults, errors.New("PMO_PUBLIC_URL is not an address like https://pmo.example.org, without a path; http is for loopback only"))
	}
	if _, err := clientaddr.Parse(c.TrustedProxies); err != nil {
		faults = append(faults, fmt.Errorf("PMO_TRUSTED_PROXIES: %w", err))
	}
	if c.OIDCIssuer == "" {
		if c.OIDCClientID != "" || c.OIDCClientSecret != "" || c.OIDCClaim != "" {
			faults = append(faults, errors.New("PMO_OIDC_ISSUER is missing: the OpenID provider that the other PMO_OIDC_ settings are for"))
		}
		return faults
	}
	if !safeAddress(c.OIDCIssuer, true) {
		faults = append(faults, errors.New("PMO_OIDC_ISSUER is not an address like https://id.example.org; http is for loopback only"))
	}
	if c.OIDCClientID == "" {
		faults = append(faults, errors.New("PMO_OIDC_CLIENT_ID is missing: what the provider calls this product"))
	}
	if c.PublicURL == "" {
		faults = append(faults, errors.New("PMO_PUBLIC_URL is missing: the provider sends people back to it"))
	}
	return faults
}

// safeAddress reports whether the text is the address of a site that nobody between can change: https, or http on loopback.
func safeAddress(text string, path bool) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !path && u.Path != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && loopbackHost(u.Hostname())
}

func loopbackHost(host string) bool { return loopback(net.JoinHostPort(host, "0")) }

// signInsPerMinute is how often an address may begin or end signing in; behind one there may be a whole office.
const signInsPerMinute = 120

// callsPerMinute bounds the calls of a person where others reach the server.
func (c Config) callsPerMinute() int {
	if c.CallsPerMinute != nil {
		return *c.CallsPerMinute
	}
	if c.PublicURL == "" && loopback(c.HTTPAddr) {
		return 0
	}
	return defaultCallsPerMinute
}

// signIn sets how people sign in to the pages.
func (c Config) signIn(o *web.Options, people *directory.Directory) {
	o.PublicURL = c.PublicURL
	o.Proxies, _ = clientaddr.Parse(c.TrustedProxies) // signInFaults has judged it
	o.Plain = loopback(c.HTTPAddr)
	if u, err := url.Parse(c.PublicURL); err == nil && c.PublicURL != "" {
		o.Plain = u.Scheme == "http"
	}
	// A public address means that others reach the pages, through a proxy on this machine too.
	o.LocalSignIn = c.PublicURL == "" && loopback(c.HTTPAddr) && people.PlainTokens()
	if c.OIDCIssuer != "" {
		o.SignInsPerMinute = signInsPerMinute
		o.Provider = signin.New(signin.Options{Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: c.OIDCClientSecret, Claim: c.OIDCClaim,
			Redirect: c.PublicURL + "/sign-in/callback", SignedOut: c.PublicURL + "/sign-in"})
	}
}
