package signin

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Bounds of what a provider answers.
const (
	longestAnswer = 1 << 20
	longestToken  = 128 << 10
)

// errTooLong is an answer that is cut off.
var errTooLong = fmt.Errorf("the provider's answer is larger than %d bytes", longestAnswer)

// boundedClient calls a provider: for a limited time, with limited answers, and without following a redirect of what carries a secret.
func boundedClient() *http.Client {
	return &http.Client{Timeout: callTimeout, Transport: boundedAnswers{http.DefaultTransport}, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if via[0].Method != http.MethodGet || len(via) > 3 {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

type boundedAnswers struct{ next http.RoundTripper }

// RoundTrip makes a call whose answer fails where it is too long.
func (b boundedAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err == nil {
		response.Body = &boundedBody{ReadCloser: response.Body, left: longestAnswer}
	}
	return response, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

// Read reads on, up to the bound.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	if len(p) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= n
	return n, err
}

// unreadable reports whether a token could not be judged because the keys could not be read. The library says it in words alone.
func unreadable(err error) bool {
	return err != nil && (errors.Is(err, errTooLong) || strings.Contains(err.Error(), "fetching keys"))
}
