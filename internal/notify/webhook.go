package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"leanpmo/internal/outbound"
	"leanpmo/internal/problem"
)

// Limits of one attempt.
const (
	sendTimeout      = 12 * time.Second
	maxResponseBytes = 64 << 10
)

// Webhook sends messages as HTTP POSTs: signed, or as the chat takes them.
type Webhook struct {
	secrets Secrets
	agent   string
	client  *http.Client
}

// NewWebhook makes a sender; agent is its User-Agent header.
func NewWebhook(secrets Secrets, guard outbound.Guard, agent string) *Webhook {
	return &Webhook{secrets: secrets, agent: agent, client: outbound.NewClient(guard, sendTimeout)}
}

// Send makes one attempt.
func (w *Webhook) Send(ctx context.Context, to Address, m Message) error {
	body, err := bodyFor(to, m.Body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return &Failure{Reason: "the address cannot be used"}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", w.agent)
	request.Header.Set(headerID, m.ID)
	if to.Format == "" {
		request.Header.Set(headerTimestamp, strconv.FormatInt(m.At.Unix(), 10))
		request.Header.Set(headerSignature, w.secrets.sign(to.Endpoint, m.ID, m.At, m.Body))
	}
	response, err := w.client.Do(request)
	if err != nil {
		return &Failure{Reason: transportReason(err)}
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxResponseBytes) // only the status counts; the body is read so that the connection can be reused
	return failureOf(response, m.At)
}

// transportReason describes a failed call without the address, which url.Error would include.
func transportReason(err error) string {
	var refused *outbound.Refused
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

// failureOf maps the status: 2xx is success, 410 disables the endpoint, everything else is tried again. Redirects are not followed,
// because they could send the signed message to any address.
func failureOf(response *http.Response, now time.Time) error {
	status := response.StatusCode
	switch {
	case status >= 200 && status <= 299:
		return nil
	case status == http.StatusGone:
		return &Failure{Reason: "answered 410: the receiver accepts no more messages", Gone: true}
	case status >= 300 && status <= 399:
		return &Failure{Reason: fmt.Sprintf("answered %d, a redirect; put the new address into the directory", status)}
	}
	return &Failure{Reason: fmt.Sprintf("answered %d", status), RetryAfter: problem.RetryAfter(response.Header, now)}
}
