package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// relayed gives a mail to a server as the organisation's relay does, which has proved its sender.
func relayed(t *testing.T, addr, from, to, id, header, text string) error {
	t.Helper()
	mail := fmt.Sprintf("Authentication-Results: mx.example.test; dmarc=pass header.from=example.test\nFrom: <%s>\nTo: <%s>\nMessage-ID: <%s@example.test>\n%s\n%s\n", from, to, id, header, text)
	c, err := smtp.Dial(addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.Mail(from, nil))
	if err := c.Rcpt(to, nil); err != nil {
		return err
	}
	w, err := c.Data()
	require.NoError(t, err)
	_, err = io.WriteString(w, strings.ReplaceAll(mail, "\n", "\r\n"))
	require.NoError(t, err)
	return w.Close()
}

// letterbox is a mail server that keeps what it is given: each mail with whom it is to.
type letterbox struct {
	mu    sync.Mutex
	mails []string
}

func (l *letterbox) serve(t *testing.T) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &letter{box: l}, nil }))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close(); <-ended })
	return listener.Addr().String()
}

func (l *letterbox) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.mails)
}

type letter struct {
	box *letterbox
	to  string
}

func (l *letter) Reset()                               {}
func (l *letter) Logout() error                        { return nil }
func (l *letter) Mail(string, *smtp.MailOptions) error { return nil }
func (l *letter) Rcpt(to string, _ *smtp.RcptOptions) error {
	l.to = to
	return nil
}

func (l *letter) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	l.box.mu.Lock()
	defer l.box.mu.Unlock()
	l.box.mails = append(l.box.mails, "to "+l.to+"\n"+strings.ReplaceAll(string(text), "=\r\n", ""))
	return err
}

// TestMailComesIn to the product's server: it is the draft of who wrote it, and nothing more; replies are comments of who may read the request; the same mail again, at another server
// too, is nothing twice; and a server without the setting listens for none.
func TestMailComesIn(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Processes})
	e.AddWorker()
	people := filepath.Join(t.TempDir(), "directory.yaml")
	listed := string(directory.Local())
	for _, id := range []string{"sam", "rita"} { // addresses of the test's, whatever the file has
		line := listed[strings.Index(listed, "{id: "+id+","):]
		line, _, _ = strings.Cut(line, "\n")
		plain := line
		if before, after, found := strings.Cut(line, " email: "); found {
			_, rest, _ := strings.Cut(after, ",")
			plain = before + rest
		}
		listed = strings.Replace(listed, line, strings.Replace(plain, "{id: "+id+",", "{id: "+id+", email: "+id+"@example.test,", 1), 1)
	}
	require.NoError(t, os.WriteFile(people, []byte(listed), 0o600))
	ports := testkit.Ports(t, 2)
	box := &letterbox{}
	out := box.serve(t)
	intake := func(port int) (server *harness.Server, addr string) {
		addr = localstack.Loopback(port)
		return e.AddServer("PMO_DIRECTORY_FILE="+people, "PMO_MAIL_INTAKE_LISTEN="+addr, "PMO_MAIL_INTAKE_ADDRESS=pmo@example.test", "PMO_MAIL_INTAKE_RELAYS=127.0.0.1",
			"PMO_MAIL_INTAKE_AUTHSERV=mx.example.test", "PMO_MAIL_INTAKE_KIND=enhancement",
			"PMO_SMTP_ADDRESS="+out, "PMO_MAIL_FROM=Lean PMO <pmo@example.test>"), addr
	}
	one, addr := intake(ports[0])
	_, other := intake(ports[1])
	sam, rita := one.API.As("sam"), one.API.As("rita")

	require.NoError(t, relayed(t, addr, "sam@example.test", "pmo@example.test", "first", "Subject: Re: Show which counter is open\n", "People wait at counters that are closed"))
	drafts := sam.Get("/v1/me/drafts").List("items")
	require.Len(t, drafts, 1)
	require.Equal(t, "Show which counter is open", drafts[0].(map[string]any)["title"])
	require.Empty(t, rita.Get("/v1/me/drafts").List("items"))
	require.Empty(t, sam.Get("/v1/requests").List("items"), "nothing is submitted")
	id := drafts[0].(map[string]any)["id"].(string)
	told := box.all()
	require.Len(t, told, 1)
	require.Contains(t, told[0], "to sam@example.test\n")
	require.Contains(t, told[0], "/requests/new/enhancement?draft=3D"+id, "the link to the draft, in quoted-printable")
	sam.Call(http.StatusNoContent, http.MethodDelete, "/v1/me/drafts/"+id, nil)
	for _, at := range []string{addr, other} {
		require.NoError(t, relayed(t, at, "sam@example.test", "pmo@example.test", "first", "Subject: Re: Show which counter is open\n", "People wait at counters that are closed"))
	}
	require.Empty(t, sam.Get("/v1/me/drafts").List("items"), "a draft that was discarded does not come back")

	form := smallForm()
	form["confidential"] = true
	hidden := one.API.Submit("sam", form)
	answered := "In-Reply-To: <request-" + hidden.ID + "@pmo.example.test>\nSubject: Re: R-1\n"
	require.NoError(t, relayed(t, other, "sam@example.test", "pmo@example.test", "second", answered, "The contract is signed.\n\nOn Monday Lean PMO wrote:\n> Shall we?"))
	require.NoError(t, relayed(t, addr, "sam@example.test", "pmo@example.test", "second", answered, "The contract is signed.\n\nOn Monday Lean PMO wrote:\n> Shall we?"))
	require.NoError(t, relayed(t, addr, "rita@example.test", "pmo@example.test", "third", answered, "What is this about?"))
	comments := sam.Get(hidden.Path("/comments")).List("items")
	require.Len(t, comments, 1, "rita may not read it, so her mail is a draft of hers")
	require.Equal(t, "The contract is signed.", comments[0].(map[string]any)["text"])
	require.Equal(t, "sam", comments[0].(map[string]any)["author"])
	require.Len(t, rita.Get("/v1/me/drafts").List("items"), 1)
	require.Len(t, box.all(), 2, "one for each draft, and none for what was repeated")
	require.Error(t, relayed(t, addr, "sam@example.test", "other@example.test", "fourth", "", "Hello"))
}
