package delivery

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"leanpmo/internal/problem"
)

// Error is a failed call. It says whether and when to retry.
type Error struct {
	Kind       string        // a problem kind, or one of those below
	Detail     string        // may be shown to people; never contains a token or an address
	Status     int           // HTTP status; 0 without a response
	Retry      bool          // a retry may succeed
	RetryAfter time.Duration // requested by the tool; 0: the usual interval
	cause      error
}

// Kinds of failure without a valid response of the tool.
const (
	KindUnreachable = "unreachable"
	KindTimeout     = "timeout"
	KindRedirected  = "redirected"
	KindGarbled     = "garbled"
)

// Error is kind and detail.
func (e *Error) Error() string { return "delivery: " + e.Kind + ": " + e.Detail }

// Unwrap is the cause, for the log.
func (e *Error) Unwrap() error { return e.cause }

// maxRetryAfter is the longest wait a tool may request.
const maxRetryAfter = time.Hour

// errorOf maps an error response to an Error.
func errorOf(status int, h http.Header, p problem.Problem) *Error {
	e := &Error{Kind: string(p.Kind), Detail: p.Detail, Status: status}
	if !p.Kind.Known() {
		e.Kind = string(problem.OfStatus(status))
	}
	if e.Detail == "" {
		e.Detail = fmt.Sprintf("the tool answered %d %s", status, http.StatusText(status))
	}
	e.Detail = shorten(e.Detail)
	switch {
	case status >= 300 && status < 400:
		e.Kind = KindRedirected
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		e.Retry = true
	case status == http.StatusConflict:
		e.Retry = h.Get("Retry-After") != "" // the first call is still in progress; other conflicts are permanent
	}
	if e.Retry {
		e.RetryAfter = RetryAfter(h, time.Now())
	}
	return e
}

// RetryAfter reads the header of that name; 0 without one.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	return min(problem.RetryAfter(h, now), maxRetryAfter)
}

// shorten bounds a tool's text, which is stored in the ledger.
func shorten(text string) string {
	const longest = 300
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "\uFFFD")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}
