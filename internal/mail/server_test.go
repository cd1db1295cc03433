package mail

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/notify"
)

func refuse(code int, enhanced smtp.EnhancedCode) func(int) error {
	return func(int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "no such user ana@example.test here"}
	}
}

func TestAConnectionIsUsedForManyMails(t *testing.T) {
	p := newPostOffice(t)
	s := newSender(t, Settings{Address: p.address})
	for range 5 {
		require.NoError(t, send(t, s, asked()))
	}
	require.Len(t, p.all(), 5)
	require.Equal(t, 1, p.sessions)
	m := p.all()[0]
	require.Equal(t, "pmo@example.test", m.from)
	require.Equal(t, "ana@example.test", m.to)
	require.Equal(t, "<msg_0001@example.test>", m.header.Get("Message-ID"))
}

// TestWhatTheServerAnswersSaysHowToGoOn: 4yz is tried again; 5yz is not, and where it is about the mailbox nothing more is sent there.
func TestWhatTheServerAnswersSaysHowToGoOn(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*postOffice)
		want   notify.Failure
	}{
		"greylisting": {func(p *postOffice) { p.onRcpt = refuse(451, smtp.EnhancedCode{4, 7, 1}) }, notify.Failure{Reason: "the mail server answered 451"}},
		"too busy":    {func(p *postOffice) { p.onData = refuse(452, smtp.EnhancedCode{4, 3, 1}) }, notify.Failure{Reason: "the mail server answered 452"}},
		"no mailbox": {func(p *postOffice) { p.onRcpt = refuse(550, smtp.EnhancedCode{5, 1, 1}) },
			notify.Failure{Reason: "refused by the mail server: 550", Final: true, Gone: true}},
		"no mailbox, no enhanced code": {func(p *postOffice) { p.onRcpt = refuse(550, smtp.NoEnhancedCode) },
			notify.Failure{Reason: "refused by the mail server: 550", Final: true, Gone: true}},
		"against its rules": {func(p *postOffice) { p.onRcpt = refuse(550, smtp.EnhancedCode{5, 7, 1}) }, notify.Failure{Reason: "refused by the mail server: 550", Final: true}},
		"content":           {func(p *postOffice) { p.onData = refuse(554, smtp.EnhancedCode{5, 6, 0}) }, notify.Failure{Reason: "refused by the mail server: 554", Final: true}},
		"our sender":        {func(p *postOffice) { p.onMail = refuse(550, smtp.EnhancedCode{5, 7, 1}) }, notify.Failure{Reason: "the mail server refused the sender: 550"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPostOffice(t, c.change)
			s := newSender(t, Settings{Address: p.address})
			require.Equal(t, c.want, failure(t, send(t, s, asked())))
			require.Empty(t, p.all())
		})
	}
}

// TestAMailWhoseOutcomeIsNotKnownIsSentAgainUnderItsID: the server took it and the connection was cut before it said so.
func TestAMailWhoseOutcomeIsNotKnownIsSentAgainUnderItsID(t *testing.T) {
	var cut atomic.Bool
	p := newPostOffice(t)
	front := proxy(t, p.address, &cut)
	p.taken = func(try int) error {
		if try == 1 {
			cut.Store(true)
			time.Sleep(200 * time.Millisecond)
		}
		return nil
	}
	s := newSender(t, Settings{Address: front})
	f := failure(t, send(t, s, asked()))
	require.False(t, f.Final)
	require.False(t, f.Gone)
	cut.Store(false)
	require.NoError(t, send(t, s, asked()))
	got := p.all()
	require.Len(t, got, 2)
	require.Equal(t, got[0].header.Get("Message-ID"), got[1].header.Get("Message-ID"))
	require.NotEmpty(t, got[0].header.Get("Message-ID"))
}

// proxy passes bytes on in both directions; while cut is set it closes the connection before the server's next answer.
func proxy(t *testing.T, to string, cut *atomic.Bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	pass := func(from, to net.Conn) {
		defer from.Close()
		defer to.Close()
		buffer := make([]byte, 4096)
		for {
			n, err := from.Read(buffer)
			if err != nil || cut.Load() {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				return
			}
			go pass(in, out)
			go pass(out, in)
		}
	}()
	return l.Addr().String()
}

func TestASlowServerHoldsNothingForLong(t *testing.T) {
	release := make(chan struct{})
	p := newPostOffice(t, func(p *postOffice) { p.onData = func(int) error { <-release; return nil } })
	t.Cleanup(func() { close(release) })
	s := newSender(t, Settings{Address: p.address})
	body, err := json.Marshal(asked())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	f := failure(t, s.Send(ctx, toAna, notify.Message{ID: "msg_0001", Body: body}))
	require.Less(t, time.Since(began), 3*time.Second)
	require.Equal(t, notify.Failure{Reason: reasonSlow}, f)
}

func TestADeadServerIsTriedAgain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	s := newSender(t, Settings{Address: l.Addr().String()})
	require.Equal(t, notify.Failure{Reason: "the connection to the mail server failed"}, failure(t, send(t, s, asked())))
}

// TestAServerThatClosesIdleConnectionsCostsNoAttempt: a kept connection that has ended is replaced.
func TestAServerThatClosesIdleConnectionsCostsNoAttempt(t *testing.T) {
	var cut atomic.Bool
	p := newPostOffice(t)
	s := newSender(t, Settings{Address: proxy(t, p.address, &cut)})
	require.NoError(t, send(t, s, asked()))
	cut.Store(true)
	kept := s.Server.take()
	require.NotNil(t, kept)
	require.Error(t, kept.Noop())
	cut.Store(false)
	s.Server.keep(kept)
	require.NoError(t, send(t, s, asked()))
	require.Len(t, p.all(), 2)
}

func TestTLSIsRequired(t *testing.T) {
	own, pool := certificate(t)
	withTLS := func(p *postOffice) { p.TLSConfig = &tls.Config{Certificates: []tls.Certificate{own}} }
	t.Run("STARTTLS with a password", func(t *testing.T) {
		p := newPostOffice(t, withTLS, func(p *postOffice) { p.password, p.AllowInsecureAuth = "secret", false })
		s := newSender(t, Settings{Address: p.address, TLS: true, Roots: pool, User: "pmo", Password: "secret"})
		require.NoError(t, send(t, s, asked()))
		require.Equal(t, []string{"pmo"}, p.signedIn)
	})
	t.Run("wrong password", func(t *testing.T) {
		p := newPostOffice(t, withTLS, func(p *postOffice) { p.password = "secret" })
		s := newSender(t, Settings{Address: p.address, TLS: true, Roots: pool, User: "pmo", Password: "wrong"})
		require.Equal(t, notify.Failure{Reason: "the mail server refused the sign-in: 535"}, failure(t, send(t, s, asked())))
		require.Empty(t, p.all())
	})
	t.Run("the server wants a password and none is set", func(t *testing.T) {
		p := newPostOffice(t, withTLS, func(p *postOffice) {
			p.password = "secret"
			p.onMail = refuse(530, smtp.EnhancedCode{5, 7, 0})
		})
		s := newSender(t, Settings{Address: p.address, TLS: true, Roots: pool})
		require.Equal(t, notify.Failure{Reason: "the mail server refused the sender: 530"}, failure(t, send(t, s, asked())))
	})
	t.Run("no STARTTLS", func(t *testing.T) {
		p := newPostOffice(t)
		s := newSender(t, Settings{Address: p.address, TLS: true, Roots: pool})
		require.Equal(t, notify.Failure{Reason: "the mail server offers no TLS"}, failure(t, send(t, s, asked())))
		require.Empty(t, p.all())
	})
	t.Run("a certificate that nobody trusts", func(t *testing.T) {
		p := newPostOffice(t, withTLS)
		s := newSender(t, Settings{Address: p.address, TLS: true})
		require.Equal(t, notify.Failure{Reason: "the certificate of the mail server is not valid"}, failure(t, send(t, s, asked())))
		require.Empty(t, p.all())
	})
}

func TestWrongSettingsAreRefused(t *testing.T) {
	for _, address := range []string{"", "smtp.example.org", "smtp.example.org:0", "smtp.example.org:smtp", ":25"} {
		_, err := NewServer(Settings{Address: address})
		require.Error(t, err, address)
	}
}
