package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
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
	intake := func(port int) (server *harness.Server, addr string) {
		addr = localstack.Loopback(port)
		return e.AddServer("PMO_DIRECTORY_FILE="+people, "PMO_MAIL_INTAKE_LISTEN="+addr, "PMO_MAIL_INTAKE_ADDRESS=pmo@example.test", "PMO_MAIL_INTAKE_RELAYS=127.0.0.1",
			"PMO_MAIL_INTAKE_AUTHSERV=mx.example.test", "PMO_MAIL_INTAKE_KIND=enhancement"), addr
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
	sam.Call(http.StatusNoContent, http.MethodDelete, "/v1/me/drafts/"+id, nil)
	for _, at := range []string{addr, other} {
		require.NoError(t, relayed(t, at, "sam@example.test", "pmo@example.test", "first", "Subject: Re: Show which counter is open\n", "People wait at counters that are closed"))
	}
	require.Empty(t, sam.Get("/v1/me/drafts").List("items"), "a draft that was discarded does not come back")

	form := smallForm()
	form["confidential"] = true
	hidden := one.API.Submit("sam", form)
	answered := "In-Reply-To: <" + hidden.ID + "@pmo.example.test>\nSubject: Re: R-1\n"
	require.NoError(t, relayed(t, other, "sam@example.test", "pmo@example.test", "second", answered, "The contract is signed.\n\nOn Monday Lean PMO wrote:\n> Shall we?"))
	require.NoError(t, relayed(t, addr, "sam@example.test", "pmo@example.test", "second", answered, "The contract is signed.\n\nOn Monday Lean PMO wrote:\n> Shall we?"))
	require.NoError(t, relayed(t, addr, "rita@example.test", "pmo@example.test", "third", answered, "What is this about?"))
	comments := sam.Get(hidden.Path("/comments")).List("items")
	require.Len(t, comments, 1, "rita may not read it, so her mail is a draft of hers")
	require.Equal(t, "The contract is signed.", comments[0].(map[string]any)["text"])
	require.Equal(t, "sam", comments[0].(map[string]any)["author"])
	require.Len(t, rita.Get("/v1/me/drafts").List("items"), 1)
	require.Error(t, relayed(t, addr, "sam@example.test", "other@example.test", "fourth", "", "Hello"))
}
