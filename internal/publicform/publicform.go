// Package publicform is what the form for people without an account needs besides the rules of every submission: who asks, the mark that a form
// carries from page to page, and the link that shows its status.
package publicform

import (
	"context"
	"errors"
	"time"
)

// Request is who asked for a request without an account, and what became of the link to its status. The link itself is kept as its hash.
type Request struct {
	RequestID string // empty until the request is submitted
	Name      string // empty: erased
	Contact   string
	At        time.Time
	Revoked   *time.Time
	RevokedBy string
}

// ErrLimit is the form having taken as many requests as it may in an hour.
var ErrLimit = errors.New("the public form has taken as many requests as it may in an hour")

// Store keeps who asks. Nothing of it is known to Temporal.
type Store interface {
	// FormSecret is what marks are signed with, by all servers.
	FormSecret(ctx context.Context) ([]byte, error)
	// BeginPublic keeps who asks before their request is submitted; ErrLimit when most have begun within the last hour.
	BeginPublic(ctx context.Context, link Hash, r Request, most int) error
	// SubmittedPublic notes which request was submitted for a link.
	SubmittedPublic(ctx context.Context, link Hash, request string) error
	// DropPublic forgets who asked for a request that was refused.
	DropPublic(ctx context.Context, link Hash) error
	// PublicByLink finds the request of a link.
	PublicByLink(ctx context.Context, link Hash) (Request, bool, error)
}

// What the form asks of a person, in characters.
const (
	MaxName    = 200
	MaxContact = 200
)
