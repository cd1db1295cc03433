package outbound

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Limits of every call.
const (
	dialTimeout    = 5 * time.Second
	maxHeaderBytes = 64 << 10
	maxPerHost     = 16
	keepIdle       = 30 * time.Second
)

// NewClient makes a client whose calls take at most so long, the reading of the answer included.
func NewClient(guard Guard, timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     byScheme{secure: transport(guard, false), plain: transport(guard, true)},
	}
}

// byScheme keeps connections with and without TLS apart: the guard allows fewer addresses without.
type byScheme struct{ secure, plain *http.Transport }

// RoundTrip makes a call.
func (t byScheme) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		return t.secure.RoundTrip(r)
	}
	return t.plain.RoundTrip(r)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections calls.
func (t byScheme) CloseIdleConnections() {
	t.secure.CloseIdleConnections()
	t.plain.CloseIdleConnections()
}

func transport(guard Guard, plain bool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepIdle, Control: guard.control(plain)}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		IdleConnTimeout: keepIdle, MaxIdleConns: 100, MaxIdleConnsPerHost: 8, MaxConnsPerHost: maxPerHost, MaxResponseHeaderBytes: maxHeaderBytes,
		DisableCompression: true, ForceAttemptHTTP2: true,
	}
}
