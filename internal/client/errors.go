package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"leanpmo/internal/problem"
)

// Refused is a refusal of the API: a problem document.
type Refused struct {
	problem.Problem
	Raw        []byte        // the document as it came
	RetryAfter time.Duration // when to try again; 0: no Retry-After header
}

// Error is the title and the detail, with every field at fault.
func (r *Refused) Error() string { return r.Words(func(pointer string) string { return pointer }) }

// Words is the error with the fields named by a function of their JSON pointers.
func (r *Refused) Words(name func(pointer string) string) string {
	text := r.Title
	repeated := len(r.Errors) == 1 && r.Errors[0].Detail == r.Detail // the only field has the same text
	if r.Detail != "" && !repeated {
		text += ": " + r.Detail
	}
	for _, f := range r.Errors {
		text += fmt.Sprintf("\n  %s %s", name(f.Pointer), f.Detail)
	}
	return text
}

// Unreachable means that nothing answered.
type Unreachable struct {
	URL     string
	NotSent bool // the command cannot have arrived
	cause   error
}

// Error names the address and the cause.
func (u *Unreachable) Error() string {
	return fmt.Sprintf("nothing answers at %s: %s", u.URL, plain(u.cause))
}

// Unwrap is the cause.
func (u *Unreachable) Unwrap() error { return u.cause }

// plain removes the URL that net/http puts before its errors: the message has it already.
func plain(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err.Error()
	}
	text := err.Error()
	if i := strings.LastIndex(text, "\": "); i >= 0 {
		text = text[i+3:]
	}
	return text
}

// Unexpected means that the answer is not one of this API.
type Unexpected struct {
	Status int
	Detail string
	cause  error
}

// Error names status and cause.
func (u *Unexpected) Error() string {
	text := fmt.Sprintf("unexpected answer (HTTP %d): %s", u.Status, u.Detail)
	if u.cause != nil {
		text += ": " + u.cause.Error()
	}
	return text
}

// Unwrap is the cause.
func (u *Unexpected) Unwrap() error { return u.cause }

// IsKind reports whether err is a refusal of that kind.
func IsKind(err error, kind problem.Kind) bool {
	var r *Refused
	return errors.As(err, &r) && r.Kind == kind
}

// unreachable is the error of a call without an answer. When the caller's context has ended, it is that error.
func unreachable(ctx context.Context, base string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("call the API: %w", context.Cause(ctx))
	}
	var op *net.OpError
	return &Unreachable{URL: base, NotSent: errors.As(err, &op) && op.Op == "dial", cause: err}
}

func refusal(r *raw) error {
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	out := &Refused{Raw: r.body}
	if media != problem.MediaType || json.Unmarshal(r.body, &out.Problem) != nil || out.Kind == "" {
		return notOurs(r)
	}
	out.Status = r.status
	out.RetryAfter = problem.RetryAfter(r.header, time.Now())
	return out
}

// notOurs is the error of an answer from a proxy, or from another server.
func notOurs(r *raw) error {
	switch r.status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
		kind := problem.Unavailable
		return &Refused{Problem: problem.Problem{Kind: kind, Title: kind.Title(), Status: r.status, Detail: "something before the API answered " + http.StatusText(r.status)},
			RetryAfter: problem.RetryAfter(r.header, time.Now())}
	}
	return &Unexpected{Status: r.status, Detail: "this is not the Lean PMO API; check the address"}
}
