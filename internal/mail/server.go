package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"leanpmo/internal/notify"
)

// Limits of the connections to a mail server.
const (
	stepTimeout = 5 * time.Second  // of connecting, of signing in, and of handing a mail over
	keepIdle    = 30 * time.Second // a connection that nobody uses is closed after this time
	maxIdle     = 4
)

// implicitTLS is the port on which TLS begins at once (RFC 8314).
const implicitTLS = 465

// Settings are how mails are handed over.
type Settings struct {
	Address  string         // host:port of the mail server
	User     string         // empty: nobody signs in
	Password string         // of the user
	TLS      bool           // required on loopback too; elsewhere it always is
	Roots    *x509.CertPool // whose certificates are trusted; nil: those of the system
}

// Server hands mails over to a mail server. It is safe for many goroutines.
type Server struct {
	client *gomail.Client

	mu   sync.Mutex
	idle []kept
}

// kept is a connection that is used again.
type kept struct {
	*smtp.Client
	since time.Time
}

// NewServer makes a server; it connects when the first mail is sent. TLS is required, from the beginning on port 465 and by STARTTLS elsewhere; to
// a server on this machine it is only used where the settings say so, because nobody else reads what is said there.
func NewServer(s Settings) (*Server, error) {
	host, port, err := s.split()
	if err != nil {
		return nil, err
	}
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(stepTimeout), gomail.WithHELO(helo()),
		gomail.WithTLSConfig(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots})}
	auth := gomail.SMTPAuthAutoDiscover
	switch {
	case port == implicitTLS:
		options = append(options, gomail.WithSSL())
	case isLoopback(host) && !s.TLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		auth = gomail.SMTPAuthPlainNoEnc
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	client, err := gomail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("make the client of the mail server: %w", err)
	}
	return &Server{client: client}, nil
}

func (s Settings) split() (host string, port int, err error) {
	host, text, err := net.SplitHostPort(s.Address)
	if err != nil || host == "" {
		return "", 0, errors.New("is not an address like smtp.example.org:587")
	}
	if port, err = strconv.Atoi(text); err != nil || port < 1 || port > 65535 {
		return "", 0, errors.New("has no port like 587 or 465")
	}
	return host, port, nil
}

// helo is what we call ourselves: a literal, because a host's name often means nothing to others and is nobody's business.
func helo() string { return "[127.0.0.1]" }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands one mail over: one attempt. An error is a *notify.Failure.
func (s *Server) Send(ctx context.Context, from *mail.Address, e Envelope, l Letter) error {
	m, err := message(from, e, l)
	if err != nil {
		return &notify.Failure{Reason: "the mail cannot be made", Final: true}
	}
	done := make(chan error, 1)
	// The attempt ends by its own timeouts soon after ctx; meanwhile a mail may still be accepted, which the same Message-ID shows next time.
	go func() { done <- s.handOver(ctx, m) }()
	select {
	case err := <-done:
		return failureOf(err)
	case <-ctx.Done():
		return &notify.Failure{Reason: reasonSlow}
	}
}

// handOver uses a connection that is open, or opens one.
func (s *Server) handOver(ctx context.Context, m *gomail.Msg) error {
	if c := s.take(); c != nil {
		err := s.client.SendWithSMTPClient(c, m)
		var failed *gomail.SendError
		if !errors.As(err, &failed) || failed.Reason != gomail.ErrConnCheck {
			return s.end(c, m, err)
		}
		_ = c.Close() // the server closed it meanwhile
	}
	c, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	return s.end(c, m, s.client.SendWithSMTPClient(c, m))
}

// end keeps a connection over which a mail went, and closes one with an error. A mail that was accepted before an error is delivered.
func (s *Server) end(c *smtp.Client, m *gomail.Msg, err error) error {
	if err == nil {
		s.keep(c)
		return nil
	}
	_ = c.Close()
	if m.IsDelivered() {
		return nil
	}
	return err
}

// take takes an open connection, the one used last; nil when there is none. Those that were kept for long are closed.
func (s *Server) take() *smtp.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.idle) > 0 {
		last := s.idle[len(s.idle)-1]
		s.idle = s.idle[:len(s.idle)-1]
		if time.Since(last.since) < keepIdle && last.UpdateDeadline(stepTimeout) == nil {
			return last.Client
		}
		_ = last.Close()
	}
	return nil
}

func (s *Server) keep(c *smtp.Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) >= maxIdle {
		_ = c.Close()
		return
	}
	s.idle = append(s.idle, kept{c, time.Now()})
}

// Close closes the connections that are kept.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.idle {
		_ = c.Close()
	}
	s.idle = nil
}
