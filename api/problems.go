package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

func init() {
	problem.Register(store.ErrNotFound, problem.NotFound, "there is no such thing, or it is not for you")
	problem.Register(store.ErrConflict, problem.Stale, "it was changed since you looked; read it again")
	problem.Register(store.ErrKeyReused, problem.KeyReused, "this Idempotency-Key was used for another command or another body; use a new key for a new command")
	problem.Register(store.ErrUnavailable, problem.Unavailable, "the database cannot be reached; submissions and decisions go on")
	problem.Register(store.ErrBadCursor, problem.Invalid, "the cursor does not belong to this list")
	problem.Register(store.ErrFull, problem.Invalid, "there are as many of these as there can be")
	problem.Register(store.ErrInvalid, problem.Invalid, "a value is not one the store takes")
}

// huma's own error document repeats the values it refuses; all of its errors become problem documents without values.
func init() {
	huma.NewError = func(status int, detail string, errs ...error) huma.StatusError {
		return fromHuma(status, detail, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, detail string, errs ...error) huma.StatusError {
		p := fromHuma(status, detail, errs)
		placed(ctx.Context(), p.Errors)
		u := ctx.URL()
		p.Instance, p.RequestID = short(u.Path), requestIDOf(ctx.Context())
		return p
	}
}

// noBody is huma's text for a body that is needed and is not there.
const noBody = "request body is required"

func fromHuma(status int, detail string, errs []error) *problem.Problem {
	e := problem.New(problem.OfStatus(status), "%s", detail)
	switch {
	case status == http.StatusUnprocessableEntity:
		e.Detail = "some of the input is not valid"
	case detail == noBody:
		e.Detail = "the body is empty; send a JSON object"
	}
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			e.Fields = append(e.Fields, fieldOf(d.ErrorDetail()))
		}
	}
	p := problem.From(e)
	return &p
}

var requiredProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)

// decodedField is the path in the decoder's message, after the name of the outermost type.
var decodedField = regexp.MustCompile(`into Go struct field [^.\s]*\.(\S+) of type`)

// fieldOf drops the value and turns huma's dotted path into a pointer.
func fieldOf(d *huma.ErrorDetail) problem.Field {
	place, rest, _ := strings.Cut(d.Location, ".")
	f := problem.Field{Pointer: place + "/" + rest, Detail: d.Message}
	if strings.HasPrefix(d.Location, "body") {
		f.Pointer = bodyPointer(strings.TrimPrefix(d.Location, "body"))
	}
	if m := requiredProperty.FindStringSubmatch(d.Message); m != nil {
		f.Pointer, f.Detail = f.Pointer+"/"+m[1], "is required"
	}
	if strings.Contains(d.Message, "cannot unmarshal") { // the decoder's message contains the value
		f.Detail = "is out of range, or of the wrong type"
		if m := decodedField.FindStringSubmatch(d.Message); m != nil {
			f.Pointer = problem.DecodedPointer(m[1])
		}
	}
	f.Pointer = short(f.Pointer)
	return f
}

var indexes = strings.NewReplacer("[", ".", "]", "")

func bodyPointer(location string) string {
	return strings.ReplaceAll(indexes.Replace(location), ".", "/")
}

// writeProblem answers outside of huma: guards, unknown routes, panics.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problem.From(err)
	p.Instance, p.RequestID = short(r.URL.Path), requestIDOf(r.Context())
	if note := requestLogOf(r.Context()); note != nil {
		note.kind, note.err = p.Kind, err
	}
	problem.Write(w, p)
}

// answerProblem is the document for an error of a handler.
func (a *API) answerProblem(ctx context.Context, path string, err error) *problem.Problem {
	p := problem.From(err)
	p.Errors = slices.Clone(p.Errors)
	placed(ctx, p.Errors)
	p.Instance, p.RequestID = short(path), requestIDOf(ctx)
	if note := requestLogOf(ctx); note != nil {
		note.kind, note.err = p.Kind, err
	}
	return &p
}

// logRefusal logs refusals with actor and reason: the workflow records nothing about what it refused.
func (a *API) logRefusal(r *http.Request, n *requestLog) {
	p := problem.From(n.err)
	attrs := []slog.Attr{
		slog.String("request_id", requestIDOf(r.Context())), slog.String("actor", n.actor), slog.String("kind", string(p.Kind)),
		slog.String("path", loggedPath(r)), slog.String("method", r.Method), slog.String("reason", p.Detail),
	}
	if p.Status >= http.StatusInternalServerError {
		attrs = append(attrs, slog.String("cause", n.err.Error()))
		a.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", attrs...)
		return
	}
	a.Log.LogAttrs(r.Context(), slog.LevelInfo, "request refused", attrs...)
}
