// Package problem maps errors to responses: the kinds of errors, their RFC 9457 documents, and the Temporal application errors that
// transport a kind from a workflow to the API.
package problem

import (
	"net/http"

	"leanpmo/internal/pmo"
)

// Kind is the stable name of a kind of problem. Clients branch on it, so it is never renamed.
type Kind string

// The kinds. Those of refusals are defined in internal/pmo.
const (
	Malformed        Kind = "malformed_request"
	Unauthenticated  Kind = "unauthenticated"
	NotFound         Kind = "not_found"
	MethodNotAllowed Kind = "method_not_allowed"
	TooLarge         Kind = "too_large"
	UnsupportedMedia Kind = "unsupported_media"
	Conflict         Kind = "conflict"
	RateLimited      Kind = "rate_limited"
	Unavailable      Kind = "unavailable"
	Busy             Kind = "busy"
	Internal         Kind = "internal"

	NotAsked       Kind = pmo.RefusedNotAsked
	OwnRequest     Kind = pmo.RefusedOwnRequest
	Forbidden      Kind = pmo.RefusedForbidden
	AlreadyDecided Kind = pmo.RefusedDecided
	Superseded     Kind = pmo.RefusedSuperseded
	OnHold         Kind = pmo.RefusedOnHold
	MovedOn        Kind = pmo.RefusedMovedOn
	Closed         Kind = pmo.RefusedClosed
	Stale          Kind = pmo.RefusedStale
	KeyReused      Kind = pmo.RefusedKeyReused
	Invalid        Kind = pmo.RefusedInvalid
	NoSuchQuestion Kind = pmo.RefusedNoSuchQuestion
)

// entry is the fixed status and title of a kind.
type entry struct {
	status int
	title  string
}

var kinds = map[Kind]entry{
	Malformed:        {http.StatusBadRequest, "The request cannot be read"},
	Unauthenticated:  {http.StatusUnauthorized, "Sign in first"},
	NotAsked:         {http.StatusForbidden, "You are not asked"},
	OwnRequest:       {http.StatusForbidden, "Not allowed on your own request"},
	Forbidden:        {http.StatusForbidden, "Not allowed"},
	NotFound:         {http.StatusNotFound, "Not found"},
	NoSuchQuestion:   {http.StatusNotFound, "No such question"},
	MethodNotAllowed: {http.StatusMethodNotAllowed, "Method not allowed"},
	AlreadyDecided:   {http.StatusConflict, "Already decided"},
	Superseded:       {http.StatusConflict, "The round is over"},
	OnHold:           {http.StatusConflict, "The request is on hold"},
	MovedOn:          {http.StatusConflict, "The process has moved on"},
	Closed:           {http.StatusConflict, "The request is closed"},
	Stale:            {http.StatusConflict, "Changed since you read it"},
	Conflict:         {http.StatusConflict, "Conflicts with stored data"},
	TooLarge:         {http.StatusRequestEntityTooLarge, "The request is too large"},
	UnsupportedMedia: {http.StatusUnsupportedMediaType, "The media type is not supported"},
	Invalid:          {http.StatusUnprocessableEntity, "The input is not valid"},
	KeyReused:        {http.StatusUnprocessableEntity, "The idempotency key belongs to another request"},
	RateLimited:      {http.StatusTooManyRequests, "Too many requests"},
	Internal:         {http.StatusInternalServerError, "An error on our side"},
	Unavailable:      {http.StatusServiceUnavailable, "Not available right now"},
	Busy:             {http.StatusServiceUnavailable, "Busy right now"},
}

// Status is the HTTP status of a kind; an unknown kind is an internal error.
func (k Kind) Status() int { return k.entry().status }

// Title is the fixed title of a kind.
func (k Kind) Title() string { return k.entry().title }

// Type is the URI reference of the kind's documentation.
func (k Kind) Type() string { return "docs/problems.md#" + string(k) }

// Known reports whether k is one of the kinds.
func (k Kind) Known() bool { _, ok := kinds[k]; return ok }

func (k Kind) entry() entry {
	if e, ok := kinds[k]; ok {
		return e
	}
	return kinds[Internal]
}

// OfStatus maps an HTTP status to a kind, for errors of libraries that have only a status.
func OfStatus(status int) Kind {
	switch status {
	case http.StatusBadRequest, http.StatusRequestTimeout:
		return Malformed
	case http.StatusUnauthorized:
		return Unauthenticated
	case http.StatusForbidden:
		return Forbidden
	case http.StatusNotFound:
		return NotFound
	case http.StatusMethodNotAllowed:
		return MethodNotAllowed
	case http.StatusConflict:
		return Conflict
	case http.StatusRequestEntityTooLarge:
		return TooLarge
	case http.StatusUnsupportedMediaType:
		return UnsupportedMedia
	case http.StatusUnprocessableEntity:
		return Invalid
	case http.StatusTooManyRequests:
		return RateLimited
	case http.StatusServiceUnavailable:
		return Unavailable
	}
	return Internal
}
