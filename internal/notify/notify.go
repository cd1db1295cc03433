// Package notify sends notifications about ledger entries to their recipients. It reads the feed of ledger entries, looks up the
// recipients' addresses and sends one message for each endpoint: at least once, in order for each request and endpoint.
//
// One worker is the leader at a time. Pending messages are rows in Postgres, so none is lost when the leader stops. A message whose
// outcome was not stored before a crash is sent again with the same id, by which receivers can deduplicate it.
//
// Webhook sends signed JSON, and to chats what each of them takes; package mail sends to people's e-mail addresses.
package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"leanpmo/internal/directory"
)

// Sender sends one message to one address: one attempt, within the context's deadline. A nil error means that the receiver accepted
// it; a *Failure says how to go on. Send is called from many goroutines.
type Sender interface {
	Send(ctx context.Context, to Address, m Message) error
}

// Address is where an endpoint is reached: at a URL or by mail.
type Address struct {
	Endpoint string // person:<id>, group:<id> or mail:<id of a person>
	URL      string
	Format   directory.ChatFormat // of what the URL takes; empty: signed JSON
	Mail     string               // the e-mail address; empty: none
}

// known reports whether there is an address.
func (a Address) known() bool { return a.URL != "" || a.Mail != "" }

// Digest distinguishes two addresses of one endpoint, or one that takes another format now, without revealing them.
func (a Address) Digest() string {
	sum := sha256.Sum256([]byte(a.URL + string(a.Format) + a.Mail))
	return hex.EncodeToString(sum[:])
}

// String is the endpoint without the URL, because a URL often contains a key.
func (a Address) String() string { return a.Endpoint }

// GoString is String.
func (a Address) GoString() string { return a.Endpoint }

// Message is what is sent. Id and body are the same in every attempt.
type Message struct {
	ID   string
	Body []byte
	At   time.Time // of this attempt
}

// Failure is an attempt that did not succeed. Its reason is stored and shown to operators, so it contains no address and no content.
type Failure struct {
	Reason     string
	RetryAfter time.Duration // requested by the receiver; zero: use the retry schedule
	Gone       bool          // the receiver accepts no more messages
	Final      bool          // this message is not tried again; others are
}

// Error is the reason.
func (f *Failure) Error() string { return f.Reason }
