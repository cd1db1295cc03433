package mailintake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"

	"github.com/emersion/go-smtp"
)

// What a relay is answered. None says who is known or which requests there are; a relay may tell the sender.
var (
	errNotRelay = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "This server takes mail of its own relay alone"}
	errNoBox    = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "There is no such address here"}
	errBroken   = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "This mail cannot be read"}
	errRefused  = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "This mail could not be taken: sign in to the pages and write it there"}
	errTooMany  = &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Too many mails of this sender: try again later"}
	errLater    = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Not taken yet: try again later"}
)

// session is one connection of a relay.
type session struct {
	server *Server
	from   string // of the envelope; empty: a bounce
	to     recipient
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	from, err := netip.ParseAddrPort(c.Conn().RemoteAddr().String())
	if err != nil || !s.Relays.Has(from.Addr()) {
		s.Log.Warn("mail is taken of the relays alone", "from", hostOf(c.Conn().RemoteAddr()))
		return nil, errNotRelay
	}
	return &session{server: s}, nil
}

func hostOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return ""
	}
	return host
}

// Reset forgets the mail that was begun.
func (c *session) Reset() { c.from, c.to = "", recipient{} }

// Logout ends the connection.
func (c *session) Logout() error { return nil }

// Mail begins a mail.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

// Rcpt takes the one recipient. A mail to several addresses of ours comes as several, each a mail of its own.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	r, ours := c.server.Addresses.read(to)
	if !ours {
		return errNoBox
	}
	c.to = r
	return nil
}

// Data takes the mail. It is answered when what it becomes is stored, so that the relay keeps it until then.
func (c *session) Data(r io.Reader) error {
	s := c.server
	whole := &watched{r: r}
	m, err := read(whole)
	if _, more := io.Copy(io.Discard, whole); more != nil { // the rest of a mail whose beginning cannot be read
		whole.err = more
	}
	if whole.err != nil { // too large, a line too long, or cut off: whatever was read is not the mail
		s.Count(Unreadable)
		return whole.err
	}
	if err != nil {
		s.Count(Unreadable)
		s.Log.Info("a mail cannot be read", "cause", plain(err))
		return errBroken
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	outcome, answer := s.take(ctx, c.from, c.to, m)
	s.Count(outcome)
	return answer
}

// plain is why a mail cannot be read, without what stands in it.
func plain(err error) string {
	if errors.Is(err, errFields) || errors.Is(err, errParts) {
		return err.Error()
	}
	return "it is not formed as a mail is, or its header is larger than " + fmt.Sprint(maxHeader) + " bytes"
}

// watched keeps the error that ended a reader, also when who reads says something else.
type watched struct {
	r   io.Reader
	err error
}

// Read reads on.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}
