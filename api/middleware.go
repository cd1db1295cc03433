package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/problem"
)

type contextKey int

const (
	requestIDKey contextKey = iota
	requestLogKey
	targetKey
)

// requestLog collects values for the access log that only inner layers have.
type requestLog struct {
	actor string
	kind  problem.Kind
	err   error
}

func requestLogOf(ctx context.Context) *requestLog {
	n, _ := ctx.Value(requestLogKey).(*requestLog)
	return n
}

func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}

var goodRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// withRequestID gives every request an id, the caller's own if it is harmless in a log.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !goodRequestID.MatchString(id) {
			id = uuid.Must(uuid.NewV7()).String()
		}
		w.Header().Set("X-Request-Id", id)
		ctx := context.WithValue(context.WithValue(r.Context(), requestIDKey, id), requestLogKey, &requestLog{})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// logged writes one line a request, without tokens, bodies and query strings, and counts it.
func (a *API) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		status, route, took := max(ww.Status(), http.StatusOK), routeOf(r), time.Since(began)
		n := requestLogOf(r.Context())
		a.metrics.observe(r.Method, route, status, n.kind, took)
		if n.err != nil {
			a.logRefusal(r, n)
		}
		a.Log.LogAttrs(r.Context(), slog.LevelInfo, "request answered",
			slog.String("request_id", requestIDOf(r.Context())), slog.String("actor", n.actor), slog.String("method", r.Method),
			slog.String("route", route), slog.Int("status", status), slog.Int("bytes", ww.BytesWritten()), slog.Duration("took", took))
	})
}

func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" {
		return c.RoutePattern()
	}
	return "unknown"
}

// recovered turns a panic into a problem document and a log line with the stack.
func (a *API) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { // this is how a handler makes net/http drop a connection
				panic(cause)
			}
			a.Log.ErrorContext(r.Context(), "handler panicked", "request_id", requestIDOf(r.Context()), "cause", fmt.Sprint(cause),
				"stack", string(debug.Stack()))
			writeProblem(w, r, problem.New(problem.Internal, "the error is in our log under this request id"))
		}()
		next.ServeHTTP(w, r)
	})
}

// withSecurityHeaders sets headers for browsers. The API serves no active content except the page at /docs, which sets its own policy.
func withSecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

const (
	readsInFlight = 200
	inFlightWait  = 2 * time.Second
	answerWithin  = 10 * time.Second // with the time in line, less than the server's write timeout, so that the error is still sent
)

// limitConcurrency refuses calls when too many are in progress, before their bodies are read and before they queue for connections. Reads
// and writes have permits of their own, so that waiting commands do not hold up reads.
func limitConcurrency(reads, writes int, wait time.Duration) func(http.Handler) http.Handler {
	forReads, forWrites := make(chan struct{}, reads), make(chan struct{}, writes)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			permits := forWrites
			if r.Method == http.MethodGet || r.Method == http.MethodHead {
				permits = forReads
			}
			timeout := time.NewTimer(wait)
			defer timeout.Stop()
			select {
			case permits <- struct{}{}:
				defer func() { <-permits }()
				next.ServeHTTP(w, r)
			case <-timeout.C:
				writeProblem(w, r, problem.New(problem.Busy, "too many calls are being answered; nothing was started. Try again after Retry-After"))
			case <-r.Context().Done():
				writeProblem(w, r, r.Context().Err())
			}
		})
	}
}

func (a *API) timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), a.answerTime())
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (a *API) notFound(w http.ResponseWriter, r *http.Request) {
	if a.pages != nil && !strings.HasPrefix(r.URL.Path, "/v1/") && !strings.HasPrefix(r.URL.Path, "/delivery/") {
		a.pages.ServeHTTP(w, r)
		return
	}
	writeProblem(w, r, problem.New(problem.NotFound, "there is no such route; see /docs"))
}

func (a *API) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if a.router.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
		}
	}
	writeProblem(w, r, problem.New(problem.MethodNotAllowed, "the route does not take this method; see the Allow header"))
}

// actorOf is who is signed in.
func actorOf(ctx context.Context) access.Actor {
	actor, _ := ctx.Value(actorKey{}).(access.Actor)
	return actor
}
