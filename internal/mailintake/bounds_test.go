package mailintake_test

import (
	"bufio"
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/mailintake"
	"leanpmo/internal/testkit"
	"leanpmo/internal/wire"
)

// TestAMailHasBounds: size, lines, header, parts and their depth. Each fault is answered at once, nothing is done, and the next mail is taken.
func TestAMailHasBounds(t *testing.T) {
	deep := func(n int) string {
		var b strings.Builder
		for d := range n {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", d, d)
		}
		return b.String() + "Content-Type: text/plain\n\nHello\n"
	}
	for name, c := range map[string]struct {
		code int
		mail string
	}{
		"too large":              {552, mailOf("Subject: x\n", strings.Repeat(strings.Repeat("a", 70)+"\n", (10<<20)/71+2))},
		"a line too long":        {554, mailOf("Subject: x\n", strings.Repeat("a", 5000))},
		"a header too large":     {554, mailOf(strings.Repeat("X-Fill: "+strings.Repeat("a", 900)+"\n", 80), "Hello")},
		"too many fields":        {554, mailOf(strings.Repeat("X-Fill: a\n", 300), "Hello")},
		"parts too deep":         {554, mailOf(strings.TrimSuffix(deep(9), "\n"), "")},
		"too many parts":         {554, mailOf("Content-Type: multipart/mixed; boundary=x\n", strings.Repeat("--x\nContent-Type: image/png\n\na\n", 60)+"--x--\n")},
		"a part that never ends": {554, mailOf("Content-Type: multipart/mixed; boundary=x\n", "--x\nContent-Type: text/plain\n\nHello\n")},
		"broken base64":          {554, mailOf("Content-Transfer-Encoding: base64\n", "?????")},
		"no header":              {554, "\x00\x01 nothing of a mail"},
	} {
		t.Run(name, func(t *testing.T) {
			i := start(t, nil)
			err := i.send("sam@example.org", i.to.Base, c.mail)
			i.refused(c.code, err)
			require.Equal(t, mailintake.Unreadable, i.last())
			i.became(mailintake.Drafted, mailOf("Subject: The next one\n", "Hello"))
		})
	}
}

// TestTheLogHoldsNothingOfAMail: neither addresses nor texts, whatever becomes of it.
func TestTheLogHoldsNothingOfAMail(t *testing.T) {
	var log bytes.Buffer
	i := start(t, func(o *mailintake.Options) {
		o.Log, o.PerHour = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), 2
	})
	for n, mail := range []string{mailOf("Subject: secret-1\n", "secret-2"), mailOf("secret-3 without a colon\n", "secret-4"), mailOf("Content-Type: multipart/mixed; boundary=secret-5\n", "--secret-5\nsecret-6"),
		mailOf("Auto-Submitted: secret-7\n", "Hello"), strings.Replace(mailOf("Subject: secret-8\n", "Hello"), "sam@", "secret-9@", 1), mailOf("", "\n"), mailOf("Message-ID: <secret-10@x>\n", "Hello"), mailOf("", "Hello")} {
		_ = i.send("secret-11@example.org", i.to.Base, strings.Replace(mail, "<m1@", fmt.Sprintf("<s%d@", n), 1)) // some are refused
	}
	_ = i.send("sam@example.org", "pmo+R-1.secret-12@pmo.example.org", mailOf("", "Hello"))
	require.Contains(t, log.String(), "a mail cannot be read")
	require.Contains(t, log.String(), "sends too many")
	require.NotContains(t, log.String(), "secret-")
	require.NotContains(t, log.String(), "@example.org")
}

// TestAMailThatIsCutOffIsNone: the relay has no answer and sends it again.
func TestAMailThatIsCutOffIsNone(t *testing.T) {
	i := start(t, nil)
	c, err := net.Dial("tcp", i.addr)
	require.NoError(t, err)
	said := bufio.NewReader(c)
	for _, line := range []string{"", "HELO relay", "MAIL FROM:<sam@example.org>", "RCPT TO:<" + i.to.Base + ">", "DATA"} {
		if line != "" {
			fmt.Fprintf(c, "%s\r\n", line)
		}
		_, err := said.ReadString('\n')
		require.NoError(t, err)
	}
	fmt.Fprint(c, strings.ReplaceAll(mailOf("Subject: Half\n", "Half of a sent"), "\n", "\r\n"))
	require.NoError(t, c.Close())
	require.Eventually(t, func() bool { return i.last() == mailintake.Unreadable }, testkit.Patience, 10*time.Millisecond)
	require.Empty(t, i.api.as)
}

// TestWhileTheDatabaseIsAwayMailIsPutOff, at every step, and taken when it is sent again.
func TestWhileTheDatabaseIsAwayMailIsPutOff(t *testing.T) {
	i := start(t, nil)
	own, err := i.to.Of(t.Context(), "sam", "R-1")
	require.NoError(t, err)
	answered := "In-Reply-To: <request-" + readable + "@pmo.example.org>\n"
	i.api.down = true
	for _, to := range []string{i.to.Base, own} {
		for _, header := range []string{"Subject: Hello\n", answered} {
			i.refused(451, i.send("sam@example.org", to, mailOf(header, "Hello")))
			require.Equal(t, mailintake.PutOff, i.last())
		}
	}
	i.api.down = false
	i.becameAt(mailintake.Commented, own, mailOf("Subject: Hello\n", "Hello"))
}

// TestLongTextsAreCut to what a form and a comment take; a mail without any text is refused.
func TestLongTextsAreCut(t *testing.T) {
	i := start(t, nil)
	i.refused(550, i.send("sam@example.org", i.to.Base, mailOf("", "\n\n")))
	long := strings.Repeat("Größe des Anliegens. ", 600)
	i.became(mailintake.Drafted, strings.Replace(mailOf("Subject: "+strings.Repeat("long ", 190)+"\n", strings.ReplaceAll(long, ". ", ".\n")), "<m1@", "<m9@", 1))
	d := i.api.drafts[0]
	require.Len(t, []rune(d.Fields["title"][0]), 200)
	require.Len(t, []rune(d.Fields["problem"][0]), 4000)
	require.True(t, strings.HasSuffix(d.Fields["problem"][0], "…"))
	require.NotContains(t, d.Fields, wire.DraftLeftOut)
}
