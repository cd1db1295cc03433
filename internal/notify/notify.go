// Package notify tells people what the ledger says they ought to hear: it reads the feed, finds out who is told where, and carries
// the messages there, at least once, in order for each request and recipient.
//
// One worker leads at a time. What is on its way is in Postgres, so nothing is lost with a leader; a message whose delivery was
// not noted before a crash is sent again under the same id, by which receivers know it.
//
// Webhooks are the first way. E-mail and chat are further Senders.
package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Sender carries one message to one address: one attempt, within the context's time. A nil error means that it was taken; a
// *Failure says more than that it was not. It is called from many goroutines.
type Sender interface {
	Send(ctx context.Context, to Address, m Message) error
}

// Address is where an endpoint is reached.
type Address struct {
	Endpoint string // person:<id> or group:<id>
	URL      string
}

// Digest tells two addresses of one endpoint apart without giving them away.
func (a Address) Digest() string {
	sum := sha256.Sum256([]byte(a.URL))
	return hex.EncodeToString(sum[:])
}

// String is the endpoint: an address often holds a key.
func (a Address) String() string { return a.Endpoint }

// GoString is String.
func (a Address) GoString() string { return a.Endpoint }

// Message is what is carried. Id and body are the same in every attempt.
type Message struct {
	ID   string
	Body []byte
	At   time.Time // of this attempt
}

// Failure is an attempt that did not succeed. Its reason is kept and shown to operators: no address, no content.
type Failure struct {
	Reason     string
	RetryAfter time.Duration // asked for by the receiver; zero: as the schedule says
	Gone       bool          // the receiver wants nothing more, ever
}

// Error is the reason.
func (f *Failure) Error() string { return f.Reason }
