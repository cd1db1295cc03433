// Package mailintake takes mail from the organisation's own mail relay: a mail of a known person becomes the draft of a request that they complete and send, and a reply to a message
// about a request becomes a comment of theirs. Everything is done by calls of the API as that person, so that rights, limits and logs are those of the API.
package mailintake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"leanpmo/internal/client"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/directory"
	"leanpmo/internal/inprocess"
	"leanpmo/internal/ratelimit"
)

// The bounds of a mail and of a connection. A mail is read as it comes, so that a large attachment takes no memory.
const (
	maxMessage     = 10 << 20 // bytes
	maxHeader      = 64 << 10 // bytes
	maxLine        = 2000     // bytes; RFC 5321 allows 1000
	maxFields      = 200      // of the header
	maxDepth       = 6        // parts within parts
	maxParts       = 50
	maxText        = 256 << 10 // bytes of text that are read of a part
	maxConnections = 20
	idle           = time.Minute      // for the next command or piece of a mail
	within         = 20 * time.Second // for what a mail becomes
)

// People finds who sends.
type People interface {
	// ByEmail is the person with an address; false when nobody or several have it.
	ByEmail(address string) (directory.Principal, bool)
}

// Options are what the intake needs.
type Options struct {
	Addresses Addresses
	Relays    clientaddr.Proxies // the mail relays: nobody else is listened to
	AuthServ  string             // the authserv-id of their Authentication-Results
	PerHour   int                // mails of each sender

	API    http.Handler
	Caller func(ctx context.Context, person string) context.Context // makes calls those of a person
	People People
	Tell   func(ctx context.Context, k Kept) error // says by mail where a draft is; nil: nobody is told
	Kind   func() string                           // the kind of request that a draft is of
	Count  func(Outcome)
	Log    *slog.Logger
	Now    func() time.Time
}

// Kept is a mail that was kept as a draft.
type Kept struct {
	Person  directory.Principal // who wrote it
	Draft   string              // id
	Kind    string              // of request
	Title   string              // empty: the mail had no subject
	LeftOut int                 // attachments that were not kept
}

// Outcome is what became of a mail.
type Outcome string

// The outcomes. What is dropped was accepted from the relay, which has nobody to tell: the sender is not proved, or is a program.
const (
	Drafted    Outcome = "draft"
	Commented  Outcome = "comment"
	Repeated   Outcome = "repeated"   // a mail that was taken before
	Automatic  Outcome = "automatic"  // dropped: of a program, a list, or ourselves
	Unproved   Outcome = "unproved"   // dropped: the relay does not say that the sender is who the mail names
	Stranger   Outcome = "stranger"   // dropped: the address is that of nobody, or of several
	TooMany    Outcome = "too_many"   // put off: more than a sender may send in an hour
	Unreadable Outcome = "unreadable" // refused: not a mail that can be read within the bounds
	Refused    Outcome = "refused"    // refused: the sender may not do it
	PutOff     Outcome = "put_off"    // tried again by the relay: the database or Temporal is away
)

// Outcomes lists all of them.
var Outcomes = []Outcome{Drafted, Commented, Repeated, Automatic, Unproved, Stranger, TooMany, Unreadable, Refused, PutOff}

// Server takes mail.
type Server struct {
	Options
	smtp *smtp.Server
	api  *client.Client
	rate *ratelimit.Limiter
}

// New makes a server.
func New(o Options) (*Server, error) {
	api, err := client.New("http://api.invalid", "", client.Options{Tries: 1, Agent: "mail", HTTP: &http.Client{Transport: inprocess.Transport{Handler: o.API}}})
	if err != nil {
		return nil, err
	}
	s := &Server{Options: o, api: api, rate: ratelimit.PerHour(o.PerHour, o.PerHour, o.Now)}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = o.Addresses.Domain()
	s.smtp.MaxMessageBytes, s.smtp.MaxLineLength, s.smtp.MaxRecipients = maxMessage, maxLine, 1
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = idle, idle
	s.smtp.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)
	return s, nil
}

// Serve takes mail at a listener until ctx ends; then it waits for mails that are being taken, and the listener is closed.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- s.smtp.Serve(netutil.LimitListener(l, maxConnections)) }()
	select {
	case err := <-ended:
		return fmt.Errorf("take mail: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	err := s.smtp.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) { // a relay that keeps its connection open
		err = s.smtp.Close()
	}
	<-ended
	if errors.Is(err, smtp.ErrServerClosed) {
		err = nil
	}
	return err
}
