package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Limits of one attempt.
const (
	sendWithin  = 12 * time.Second
	answerBytes = 64 << 10
)

// Webhook sends messages as signed HTTP POSTs.
type Webhook struct {
	secrets Secrets
	agent   string
	secure  *http.Client
	plain   *http.Client // for networks that are allowed by name
}

// NewWebhook makes a sender; agent is how it introduces itself.
func NewWebhook(secrets Secrets, guard Guard, agent string) *Webhook {
	return &Webhook{secrets: secrets, agent: agent, secure: httpClient(guard, false), plain: httpClient(guard, true)}
}

// httpClient asks no proxy, follows no redirect and keeps no cookie: a message goes where the directory says or nowhere.
func httpClient(guard Guard, plain bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: guard.control(plain)}
	return &http.Client{
		Timeout:       sendWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			IdleConnTimeout: 30 * time.Second, MaxIdleConns: 100, MaxConnsPerHost: 8, MaxResponseHeaderBytes: answerBytes,
			DisableCompression: true, ForceAttemptHTTP2: true,
		},
	}
}

// Send makes one attempt.
func (w *Webhook) Send(ctx context.Context, to Address, m Message) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(m.Body))
	if err != nil {
		return &Failure{Reason: "the address cannot be used"}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", w.agent)
	request.Header.Set(headerID, m.ID)
	request.Header.Set(headerTimestamp, strconv.FormatInt(m.At.Unix(), 10))
	request.Header.Set(headerSignature, w.secrets.sign(to.Endpoint, m.ID, m.At, m.Body))
	client := w.plain
	if request.URL.Scheme == "https" {
		client = w.secure
	}
	response, err := client.Do(request)
	if err != nil {
		return &Failure{Reason: words(err)}
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, answerBytes) // the status says it all; read, the connection can be used again
	return judge(response, m.At)
}

// words says why nothing answered, without the address: url.Error would repeat it.
func words(err error) string {
	var refused *refusedAddress
	if errors.As(err, &refused) {
		return refused.Error()
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		if outer.Timeout() {
			return "no answer in time"
		}
		err = outer.Err
	}
	return err.Error()
}

// judge reads the status: 2xx is taken, 410 ends it, everything else is tried again. A redirect is not followed: it could lead
// anywhere, with the signature.
func judge(response *http.Response, now time.Time) error {
	status := response.StatusCode
	switch {
	case status >= 200 && status <= 299:
		return nil
	case status == http.StatusGone:
		return &Failure{Reason: "answered 410: wants nothing more", Gone: true}
	case status >= 300 && status <= 399:
		return &Failure{Reason: fmt.Sprintf("answered %d, a redirect; write the new address into the directory", status)}
	}
	return &Failure{Reason: fmt.Sprintf("answered %d", status), RetryAfter: retryAfter(response.Header.Get("Retry-After"), now)}
}

// retryAfter reads seconds or a date; what is neither counts as nothing.
func retryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
