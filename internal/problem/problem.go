package problem

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/pmo"
)

// MediaType is the media type of a problem document.
const MediaType = "application/problem+json"

// usualRetry is the default of Retry-After.
const usualRetry = 2 * time.Second

// Problem is an RFC 9457 document.
type Problem struct {
	Type      string  `json:"type" doc:"Address of this server that answers what the kind means and what to do" example:"/problems/not_asked"`
	Title     string  `json:"title" doc:"Fixed for the kind"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail,omitempty" doc:"What happened this time, and what to do about it"`
	Instance  string  `json:"instance,omitempty" doc:"Path of the request"`
	Kind      Kind    `json:"kind" doc:"Stable name to branch on" example:"not_asked"`
	RequestID string  `json:"request_id,omitempty" doc:"To find the request in the log"`
	Errors    []Field `json:"errors,omitempty" doc:"The places at fault"`

	retryAfter time.Duration
}

// From is the only mapping from errors to problem documents. An unknown error becomes an internal error without details.
func From(err error) Problem {
	var own *Error
	var refusal *pmo.Refusal
	var app *temporal.ApplicationError
	switch {
	case errors.As(err, &own):
		return own.problem()
	case errors.As(err, &refusal):
		return fromRefusal(refusal)
	case errors.As(err, &app) && Kind(app.Type()).Known():
		return fromApplication(app)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return New(Unavailable, "no answer in time; nothing is lost if you try again with the same Idempotency-Key").problem()
	}
	for _, k := range registered {
		if errors.Is(err, k.err) {
			return New(k.kind, "%s", k.detail).problem()
		}
	}
	return New(Internal, "the error is in our log under this request id").problem()
}

type sentinel struct {
	err    error
	kind   Kind
	detail string
}

var registered []sentinel

// Register adds an error to From, for packages that this one must not import because workflows use it. Call it only at the start of a
// program.
func Register(err error, kind Kind, detail string) {
	registered = append(registered, sentinel{err, kind, detail})
}

func (e *Error) problem() Problem {
	p := Problem{Type: e.Kind.Type(), Title: e.Kind.Title(), Status: e.Kind.Status(), Detail: e.Detail, Kind: e.Kind,
		Errors: e.Fields, retryAfter: e.RetryAfter}
	if p.retryAfter == 0 && (e.Kind == Unavailable || e.Kind == Busy || e.Kind == RateLimited) {
		p.retryAfter = usualRetry
	}
	return p
}

func fromRefusal(r *pmo.Refusal) Problem {
	e := &Error{Kind: Kind(r.Kind), Detail: r.Detail}
	if !e.Kind.Known() {
		e.Kind = Internal
	}
	if r.Field != "" {
		e.Fields = []Field{{Pointer: r.Field, Detail: r.Detail}}
	}
	return e.problem()
}

func fromApplication(app *temporal.ApplicationError) Problem {
	var refusal pmo.Refusal
	if err := app.Details(&refusal); err != nil || refusal.Kind == "" {
		refusal = pmo.Refusal{Kind: app.Type(), Detail: app.Message()}
	}
	return fromRefusal(&refusal)
}

// Error makes a document an error, so that libraries can pass it on.
func (p *Problem) Error() string { return string(p.Kind) + ": " + p.Detail }

// GetStatus is the HTTP status of the document.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers of the response with this document.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="leanpmo"`)
	}
	return h
}

// ContentType is the media type for a document.
func (p *Problem) ContentType(string) string { return MediaType }

// Write writes the document as the response.
func Write(w http.ResponseWriter, p Problem) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", MediaType)
	w.WriteHeader(p.Status)
	// The status is already sent, so an error cannot be reported.
	_ = json.NewEncoder(w).Encode(p)
}
