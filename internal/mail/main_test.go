package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"io"
	"math/big"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/notify"
	"leanpmo/internal/pmo"
)

// at is when what the mails are about happened.
var at = time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)

// received is one mail that the server took.
type received struct {
	from, to string
	header   mail.Header
	text     []byte
}

// postOffice is a real mail server. Each hook may refuse, and is called with the number of the try.
type postOffice struct {
	*smtp.Server
	address string

	mu       sync.Mutex
	sessions int
	tries    int
	mails    []received
	signedIn []string

	onMail, onRcpt, onData func(try int) error
	taken                  func(try int) error // after a mail was taken
	password               string
}

func newPostOffice(t *testing.T, change ...func(*postOffice)) *postOffice {
	t.Helper()
	p := &postOffice{}
	p.Server = smtp.NewServer(p)
	p.Domain, p.AllowInsecureAuth, p.ReadTimeout, p.WriteTimeout = "post.test", true, 30*time.Second, 30*time.Second
	for _, c := range change {
		c(p)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p.address = l.Addr().String()
	go func() { _ = p.Serve(l) }()
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// NewSession is called for each connection.
func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions++
	return &conversation{office: p}, nil
}

func (p *postOffice) all() []received {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]received(nil), p.mails...)
}

type conversation struct {
	office   *postOffice
	from, to string
	try      int
}

// AuthMechanisms are offered when the server wants a password.
func (c *conversation) AuthMechanisms() []string {
	if c.office.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (c *conversation) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "pmo" || password != c.office.password {
			return smtp.ErrAuthFailed
		}
		c.office.mu.Lock()
		defer c.office.mu.Unlock()
		c.office.signedIn = append(c.office.signedIn, user)
		return nil
	}), nil
}

func (c *conversation) hook(h func(int) error) error {
	if h == nil {
		return nil
	}
	return h(c.try)
}

func (c *conversation) Mail(from string, _ *smtp.MailOptions) error {
	c.office.mu.Lock()
	c.office.tries++
	c.from, c.try = from, c.office.tries
	c.office.mu.Unlock()
	return c.hook(c.office.onMail)
}

func (c *conversation) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	return c.hook(c.office.onRcpt)
}

func (c *conversation) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	if err := c.hook(c.office.onData); err != nil {
		return err
	}
	c.office.mu.Lock()
	c.office.mails = append(c.office.mails, received{c.from, c.to, m.Header, text})
	c.office.mu.Unlock()
	return c.hook(c.office.taken)
}

func (c *conversation) Reset()        {}
func (c *conversation) Logout() error { return nil }

// certificate is one for 127.0.0.1, and the pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// names are people.
type names map[string]string

func (n names) Name(id string) (string, bool) {
	name, known := n[id]
	return name, known
}

func newSender(t *testing.T, s Settings) *Sender {
	t.Helper()
	server, err := NewServer(s)
	require.NoError(t, err)
	t.Cleanup(server.Close)
	return &Sender{Server: server, From: &mail.Address{Name: "Lean PMO", Address: "pmo@example.test"}, People: names{"ana": "Ana Moreau", "petra": "Petra Novak"}}
}

var toAna = notify.Address{Endpoint: "mail:ana", Mail: "ana@example.test"}

// asked is a payload that asks for a review.
func asked(change ...func(*notify.Data)) notify.Payload {
	p := notify.Payload{Type: "request.asked", Timestamp: at, Data: notify.Data{To: []string{"ana"}, Event: "asked", Stage: pmo.StageReview, Actor: "petra",
		Text: "Shall we do this? Approvers are asked.", Request: notify.Subject{ID: "0b5f4d5e-0000-4000-8000-000000000007", Ref: "R-7", Number: 7, Title: "Lists of suppliers"},
		Question: &notify.Question{ID: "review/1/approvers", Kind: pmo.KindReview, DueAt: at.Add(49 * time.Hour)},
		Links:    notify.Links{Decisions: "https://pmo.example/v1/requests/7/decisions", Page: "https://pmo.example/requests/R-7/answer?question=review%2F1%2Fapprovers"}}}
	for _, c := range change {
		c(&p.Data)
	}
	return p
}

// news is a payload that says that something happened.
func news(change ...func(*notify.Data)) notify.Payload {
	return asked(append([]func(*notify.Data){func(d *notify.Data) {
		d.Event, d.Question, d.Text = "held", nil, "On hold until the supplier answers."
		d.Links = notify.Links{Page: "https://pmo.example/requests/R-7"}
	}}, change...)...)
}

func send(t *testing.T, s *Sender, p notify.Payload) error {
	t.Helper()
	body, err := json.Marshal(p)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return s.Send(ctx, toAna, notify.Message{ID: "msg_0001", Body: body, At: at})
}

// failure is what a send came to; a test that expects one fails without.
func failure(t *testing.T, err error) notify.Failure {
	t.Helper()
	var f *notify.Failure
	require.ErrorAs(t, err, &f)
	require.NotContains(t, f.Reason, "example.test", "a reason holds no address")
	return *f
}
