package delivery

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/problem"
)

// Error is a call that did not succeed: whether trying again helps, and when.
type Error struct {
	Kind       string        // a problem kind, or one of those below
	Detail     string        // may be shown; never holds a token or an address
	Status     int           // of the answer; 0 without one
	Retry      bool          // trying again may help
	RetryAfter time.Duration // as asked for; 0: as usual
	cause      error
}

// Kinds of failure that are no answer of the tool.
const (
	KindUnreachable = "unreachable"
	KindTimeout     = "timeout"
	KindRedirected  = "redirected"
	KindGarbled     = "garbled"
)

// Error says what happened.
func (e *Error) Error() string { return "delivery: " + e.Kind + ": " + e.Detail }

// Unwrap is the cause, for the log.
func (e *Error) Unwrap() error { return e.cause }

// longestRetry bounds what a tool may ask for: beyond it we look ourselves.
const longestRetry = time.Hour

// verdict is what an answer of the tool means.
func verdict(status int, h http.Header, p problem.Problem) *Error {
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
		e.Retry = h.Get("Retry-After") != "" // still in flight, unlike one that will not pass by itself
	}
	if e.Retry {
		e.RetryAfter = RetryAfter(h, time.Now())
	}
	return e
}

// RetryAfter reads the header of that name, in seconds or as a date; 0 without one.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return min(time.Duration(min(seconds, int(longestRetry/time.Second)))*time.Second, longestRetry)
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return min(at.Sub(now), longestRetry)
	}
	return 0
}

// shorten keeps what a stranger wrote small enough for a ledger.
func shorten(text string) string {
	const longest = 300
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "\uFFFD")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}
