package pmo

import "fmt"

// Refusal is a command the process does not take, with a stable kind. It changes nothing.
type Refusal struct {
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
	Field  string `json:"field,omitempty"` // JSON pointer of the field at fault
}

// The kinds of refusals. They are problem kinds of the API: never renamed.
const (
	RefusedNotAsked       = "not_asked"            // 403: the question does not wait on this person
	RefusedOwnRequest     = "own_request"          // 403: no one judges their own request
	RefusedForbidden      = "forbidden"            // 403
	RefusedDecided        = "already_decided"      // 409
	RefusedSuperseded     = "superseded"           // 409: the round is over
	RefusedOnHold         = "on_hold"              // 409
	RefusedMovedOn        = "moved_on"             // 409: the process is past that point
	RefusedClosed         = "closed"               // 409
	RefusedStale          = "stale_revision"       // 409
	RefusedKeyReused      = "idempotency_mismatch" // 422
	RefusedInvalid        = "invalid_input"        // 422
	RefusedNoSuchQuestion = "no_such_question"     // 404
)

// Error says the kind and what to do about it.
func (f *Refusal) Error() string { return f.Kind + ": " + f.Detail }

func refuse(kind, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

func invalid(field, format string, args ...any) *Refusal {
	return &Refusal{Kind: RefusedInvalid, Detail: fmt.Sprintf(format, args...), Field: field}
}
