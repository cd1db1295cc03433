package mailcatcher

import (
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/caught"
	pmomail "leanpmo/internal/mail"
)

// TestTheCatcherTakesOurMails: what our sender hands over is there as text and HTML.
func TestTheCatcherTakesOurMails(t *testing.T) {
	box := &caught.Box{}
	c, err := Start(t.Context(), box)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	require.True(t, strings.HasPrefix(c.Address, "127.0.0.1:"))
	server, err := pmomail.NewServer(pmomail.Settings{Address: c.Address})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	from := &mail.Address{Name: "Lean PMO", Address: "pmo@example.test"}
	for i := range 3 {
		e := pmomail.Envelope{ID: fmt.Sprint("msg_", i), Thread: "r", To: mail.Address{Name: "Ana Moreau", Address: "ana@example.test"}, At: time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)}
		l := pmomail.Letter{Lang: "de", Subject: fmt.Sprint("Größe ", i), Heading: "R-7", Lines: []string{"Ein <b>Satz</b> mit ü = ö."}, Why: "Darum.", Unsubscribe: "https://pmo.example/unsubscribe/x"}
		require.NoError(t, server.Send(t.Context(), from, e, l))
	}
	all := box.All()
	require.Len(t, all, 3)
	first := all[0]
	require.Equal(t, "Größe 2", first.Subject)
	require.Equal(t, 3, first.ID)
	require.Equal(t, `"Ana Moreau" <ana@example.test>`, first.To)
	require.Equal(t, "<https://pmo.example/unsubscribe/x>", first.ListUnsubscribe)
	require.Contains(t, first.Text, "Ein <b>Satz</b> mit ü = ö.")
	require.Contains(t, first.HTML, "Ein &lt;b&gt;Satz&lt;/b&gt; mit ü = ö.")
	found, known := box.Find(1)
	require.True(t, known)
	require.Equal(t, "Größe 0", found.Subject)
}

func TestTheCatcherKeepsTheLatestAndRefusesWhatIsNoMail(t *testing.T) {
	box := &caught.Box{}
	for i := range caught.MostMails + 2 {
		require.NoError(t, box.Add(strings.NewReader(fmt.Sprintf("Subject: %d\r\n\r\ntext", i)), time.Now()))
	}
	require.Len(t, box.All(), caught.MostMails)
	_, known := box.Find(2)
	require.False(t, known)
	require.Equal(t, "text", box.All()[0].Text)

	c, err := Start(t.Context(), box)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	client, err := smtp.Dial(c.Address)
	require.NoError(t, err)
	defer client.Close()
	send := func(text string) error {
		return client.SendMail("a@example.test", []string{"b@example.test"}, strings.NewReader(text))
	}
	require.ErrorContains(t, send("no header at all\r\n"), "no mail that can be read")
	require.Error(t, send("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nno end"))
	require.NoError(t, send("Subject: nested\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\nContent-Type: text/html\r\n\r\n<p>in</p>\r\n--y--\r\n--x--\r\n"))
	require.Contains(t, box.All()[0].HTML, "<p>in</p>")
}
