// Package mailcatcher is the mail server of the local stack: it takes every mail, on loopback alone, and keeps it instead of sending it on.
package mailcatcher

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/emersion/go-smtp"

	"leanpmo/internal/caught"
)

// Catcher listens for mails.
type Catcher struct {
	server *smtp.Server
	box    *caught.Box
	// Address is where it listens: a port of loopback that was free.
	Address string
	ended   chan error
}

// Start listens, and puts what comes into a box.
func Start(ctx context.Context, box *caught.Box) (*Catcher, error) {
	c := &Catcher{box: box, ended: make(chan error, 1)}
	c.server = smtp.NewServer(c)
	c.server.Domain, c.server.MaxMessageBytes, c.server.MaxRecipients, c.server.MaxLineLength = "localhost", caught.MaxBytes, 10, 2000
	c.server.ReadTimeout, c.server.WriteTimeout = time.Minute, 10*time.Second
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for mails: %w", err)
	}
	c.Address = listener.Addr().String()
	go func() { c.ended <- c.server.Serve(listener) }()
	return c, nil
}

// Close ends it, and the connections with it.
func (c *Catcher) Close() error {
	err := c.server.Close()
	if ended := <-c.ended; !errors.Is(ended, smtp.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// NewSession begins a conversation with a client.
func (c *Catcher) NewSession(*smtp.Conn) (smtp.Session, error) { return session{c.box}, nil }

// session takes every mail from anybody to anybody.
type session struct{ box *caught.Box }

func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (session) Reset()                               {}
func (session) Logout() error                        { return nil }

func (s session) Data(r io.Reader) error {
	if err := s.box.Add(r, time.Now().UTC()); err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "this is no mail that can be read"}
	}
	return nil
}
