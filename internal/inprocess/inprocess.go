// Package inprocess calls an HTTP handler of this process without a network: pages and tools of agents call the API so, with a client as any
// other program.
package inprocess

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Transport is an http.RoundTripper that calls a handler of this process. The context of the call, with who is signed in, reaches the
// handler, which no HTTP request from outside can do.
type Transport struct{ Handler http.Handler }

// RoundTrip calls the handler and returns what it wrote.
func (p Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := &written{header: http.Header{}, status: http.StatusOK}
	p.Handler.ServeHTTP(w, OwnRoute(r))
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.header,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

// OwnRoute takes the route of the page's request out of the context of a call: chi would route the call by the page's method.
func OwnRoute(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, (*chi.Context)(nil)))
}

// written is an http.ResponseWriter into memory.
type written struct {
	header http.Header
	status int
	sent   bool
	body   bytes.Buffer
}

// Header is the header of the response.
func (w *written) Header() http.Header { return w.header }

// WriteHeader sets the status; the first one counts.
func (w *written) WriteHeader(status int) {
	if !w.sent {
		w.status, w.sent = status, true
	}
}

// Write adds to the body.
func (w *written) Write(p []byte) (int, error) {
	w.sent = true
	return w.body.Write(p)
}
