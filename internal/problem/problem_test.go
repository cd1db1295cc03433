package problem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/pmo"
)

func TestEveryKindHasItsStatus(t *testing.T) {
	want := map[Kind]int{
		Malformed: 400, Unauthenticated: 401, NotAsked: 403, OwnRequest: 403, Forbidden: 403, NotFound: 404, NoSuchQuestion: 404,
		MethodNotAllowed: 405, AlreadyDecided: 409, Superseded: 409, OnHold: 409, MovedOn: 409, Closed: 409, Stale: 409, Conflict: 409,
		TooLarge: 413, UnsupportedMedia: 415, Invalid: 422, KeyReused: 422, RateLimited: 429, Internal: 500, Unavailable: 503, Busy: 503,
	}
	require.Len(t, kinds, len(want))
	for kind := range kinds {
		require.Equal(t, want[kind], kind.Status(), kind)
		require.NotEmpty(t, kind.Title(), kind)
		require.Equal(t, "/problems/"+string(kind), kind.Type())
	}
	require.Equal(t, 500, Kind("unknown").Status())
}

func TestFrom(t *testing.T) {
	sentinel := errors.New("gone")
	Register(sentinel, NotFound, "nothing there")
	refusal := &pmo.Refusal{Kind: pmo.RefusedInvalid, Detail: "until is needed", Field: "/data/until"}
	overTemporal := temporal.NewApplicationErrorWithOptions(refusal.Detail, refusal.Kind, temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{*refusal}})
	for _, c := range []struct {
		name   string
		err    error
		kind   Kind
		detail string
	}{
		{"own", fmt.Errorf("decide: %w", New(NotAsked, "ask %s", "ana")), NotAsked, "ask ana"},
		{"refusal", fmt.Errorf("decide: %w", refusal), Invalid, "until is needed"},
		{"over Temporal", fmt.Errorf("decide: %w", overTemporal), Invalid, "until is needed"},
		{"application error without details", temporal.NewApplicationError("on hold", "on_hold"), OnHold, "on hold"},
		{"unknown application error", temporal.NewApplicationError("secret", "sql"), Internal, "the error is in our log under this request id"},
		{"known sentinel", fmt.Errorf("load: %w", sentinel), NotFound, "nothing there"},
		{"out of time", context.DeadlineExceeded, Unavailable, ""},
		{"anything else", errors.New("password=hunter2"), Internal, "the error is in our log under this request id"},
		{"refusal of an unknown kind", &pmo.Refusal{Kind: "odd", Detail: "odd"}, Internal, "odd"},
		{"wrapped", Wrap(errors.New("secret"), Unavailable, "later"), Unavailable, "later"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := From(c.err)
			require.Equal(t, c.kind, p.Kind)
			require.Equal(t, c.kind.Status(), p.Status)
			if c.detail != "" {
				require.Equal(t, c.detail, p.Detail)
			}
			require.True(t, Is(c.err, c.kind))
		})
	}
	require.Equal(t, []Field{{Pointer: "/data/until", Detail: "until is needed"}}, From(overTemporal).Errors)
}

func TestWrite(t *testing.T) {
	rec := httptest.NewRecorder()
	Write(rec, From(&Error{Kind: Unavailable, Detail: "later", RetryAfter: 1500 * time.Millisecond}))
	require.Equal(t, 503, rec.Code)
	require.Equal(t, MediaType, rec.Header().Get("Content-Type"))
	require.Equal(t, "2", rec.Header().Get("Retry-After"))
	var doc map[string]any
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &doc))
	require.Equal(t, map[string]any{"type": "/problems/unavailable", "title": "Not available right now", "status": 503.0,
		"detail": "later", "kind": "unavailable"}, doc)

	rec = httptest.NewRecorder()
	Write(rec, From(New(Unauthenticated, "no token")))
	require.Equal(t, `Bearer realm="leanpmo"`, rec.Header().Get("WWW-Authenticate"))
}

func TestOfStatus(t *testing.T) {
	for _, kind := range []Kind{Malformed, Unauthenticated, Forbidden, NotFound, MethodNotAllowed, Conflict, TooLarge, UnsupportedMedia, Invalid, RateLimited, Unavailable, Internal} {
		require.Equal(t, kind, OfStatus(kind.Status()))
	}
}
