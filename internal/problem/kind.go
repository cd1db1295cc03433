// Package problem maps errors to responses: the kinds of errors, their RFC 9457 documents, and the Temporal application errors that
// transport a kind from a workflow to the API.
package problem

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

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

// entry is what is fixed for a kind. Page, docs/problems.md and problem documents are made of it.
type entry struct {
	status int
	title  string
	means  string // what it means
	cause  string // what it comes from
	action string // what to do about it
}

var kinds = map[Kind]entry{
	Malformed: {http.StatusBadRequest, "The request cannot be read",
		"The body, a header or the query string cannot be parsed.",
		"The body is no JSON or is empty where one is needed, has a key twice or data after its end, is not UTF-8 or nests too deep. The detail says line and column.",
		"Correct the call. Sent again as it is, it is refused again."},
	Unauthenticated: {http.StatusUnauthorized, "Sign in first",
		"The call does not say who you are.",
		"There is no token, or one that nobody in the directory has.",
		"Send the header Authorization: Bearer and your token."},
	NotAsked: {http.StatusForbidden, "You are not asked",
		"The question waits neither on you nor on anybody whose delegate you are.",
		"Other people are asked; your seat was given to somebody else; or a delegation has ended.",
		"Read the request: waiting says who may answer. The PMO can give you a seat (reassign)."},
	OwnRequest: {http.StatusForbidden, "Not allowed on your own request",
		"No one judges their own request, neither for themselves nor as a delegate.",
		"You are the requester or submitted it, or act for somebody who is or did.",
		"Let somebody else answer who is asked."},
	Forbidden: {http.StatusForbidden, "Not allowed",
		"Your roles and your relation to the request do not permit it.",
		"The command is for others; the detail says for whom.",
		"Ask one of those to give the command."},
	NotFound: {http.StatusNotFound, "Not found",
		"It does not exist, or it is confidential and you may not read it.",
		"A wrong number or address, or a thing that was never made.",
		"Check the number. Who takes part in a confidential request can make you a watcher."},
	NoSuchQuestion: {http.StatusNotFound, "No such question",
		"The request never had a question with that id.",
		"A slip in the id, or a question of another request.",
		"Read the request and copy the id of an open question."},
	MethodNotAllowed: {http.StatusMethodNotAllowed, "Method not allowed",
		"The route exists, the method does not.",
		"For example GET where a command is given by POST.",
		"Use one of the methods of the header Allow."},
	AlreadyDecided: {http.StatusConflict, "Already decided",
		"You have answered already, or the question is closed.",
		"It was settled by others or by its deadline, or this is a second, different answer.",
		"Read the request again: it says with which verdict the question was settled."},
	Superseded: {http.StatusConflict, "The round is over",
		"The question belongs to an earlier round and takes no more answers.",
		"The content changed, or the request moved on.",
		"Look for the newer question and answer that."},
	OnHold: {http.StatusConflict, "The request is on hold",
		"Its clocks are stopped and answers are refused.",
		"The requester or the PMO put it on hold; the detail says why.",
		"Wait until it is resumed, or resume it."},
	MovedOn: {http.StatusConflict, "The process has moved on",
		"The process is past that point, or not there yet.",
		"Somebody or a deadline was quicker, or the command belongs to another stage.",
		"Read the request again: stage and questions say what is possible now."},
	Closed: {http.StatusConflict, "The request is closed",
		"It has ended and takes no more commands.",
		"The detail says with which outcome, when, by whom and why, and where it goes on.",
		"Submit a new request, or go on in the one it was merged into."},
	Stale: {http.StatusConflict, "Changed since you read it",
		"You saw an older revision than there is.",
		"Somebody changed it meanwhile.",
		"Read it again, look at what changed, and send the new revision."},
	Conflict: {http.StatusConflict, "Conflicts with stored data",
		"It conflicts with what is stored.",
		"Another change came first.",
		"Read it again and decide anew."},
	TooLarge: {http.StatusRequestEntityTooLarge, "The request is too large",
		"The body is larger than 1 MiB.",
		"More was sent than any command takes.",
		"Shorten the texts; give files as links."},
	UnsupportedMedia: {http.StatusUnsupportedMediaType, "The media type is not supported",
		"The body is not marked as JSON, or is compressed.",
		"Content-Type is missing or another one, or there is a Content-Encoding.",
		"Send Content-Type: application/json, in UTF-8 and uncompressed."},
	Invalid: {http.StatusUnprocessableEntity, "The input is not valid",
		"A field is missing, unknown, of the wrong type or out of range. Nothing was changed.",
		"errors names each field by JSON pointer, with line and column of the body.",
		"Correct the fields that are named, all at once."},
	KeyReused: {http.StatusUnprocessableEntity, "The idempotency key belongs to another request",
		"This Idempotency-Key was used with another command or another body.",
		"A client uses one key for two commands, or changed a command before it repeated it.",
		"Use a new key for a new command; repeat a command unchanged."},
	RateLimited: {http.StatusTooManyRequests, "Too many requests",
		"Your calls come faster than is allowed, or your own commands take your share of the places. Nothing was started.",
		"You sent more at once, or in a minute, than are answered.",
		"Repeat it with the same key after Retry-After."},
	Internal: {http.StatusInternalServerError, "An error on our side",
		"Something failed that is not your fault; no details are shown.",
		"The log of the server has it under the request_id.",
		"Give the operator the request_id. The same call with the same key does nothing twice."},
	Unavailable: {http.StatusServiceUnavailable, "Not available right now",
		"Temporal, the database or all workers do not answer. Nothing is half done.",
		"A part is down or being restarted; /readyz says which.",
		"Repeat it with the same key after Retry-After."},
	Busy: {http.StatusServiceUnavailable, "Busy right now",
		"More commands come than are answered in time.",
		"The detail says whether nothing was started, or there is no answer yet.",
		"Repeat it with the same key after Retry-After."},
}

// Kinds are all kinds, by status and name.
func Kinds() []Kind {
	return slices.SortedFunc(maps.Keys(kinds), func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.Status(), b.Status()), cmp.Compare(a, b))
	})
}

// Status is the HTTP status of a kind; an unknown kind is an internal error.
func (k Kind) Status() int { return k.entry().status }

// Title is the fixed title of a kind.
func (k Kind) Title() string { return k.entry().title }

// Path is where every server answers what the kinds mean; see Page.
const Path = "/problems"

// Type is the URI reference of the kind's page.
func (k Kind) Type() string { return Path + "/" + string(k) }

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
