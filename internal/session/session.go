// Package session says what is kept of the sessions of people at the pages.
package session

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
)

// Session is somebody's session, as it is listed.
type Session struct {
	ID        string
	Person    string
	Address   string // of the browser, as the server sees it
	UserAgent string
	Made      time.Time
	Seen      time.Time // to the minute
	Expires   time.Time // when nothing is asked before
}

// Kept is a session as it is stored.
type Kept struct {
	Hash      string // of the cookie's token
	Person    string // empty: nobody has signed in yet
	Data      []byte
	Address   string
	UserAgent string
	At        time.Time
	Expires   time.Time
}

// ID is the id of the session of a hash, which can be shown: neither hash nor cookie follow from it.
func ID(hash string) string {
	sum := sha256.Sum256([]byte("session id\n" + hash))
	return uuid.Must(uuid.FromBytes(sum[:16])).String()
}

// Store keeps sessions. A session that was ended stays ended, whatever is kept of it afterwards.
type Store interface {
	FindSession(ctx context.Context, hash string, at time.Time) (data []byte, found bool, err error)
	KeepSession(ctx context.Context, k Kept) error
	DropSession(ctx context.Context, hash string, at time.Time) error
}
