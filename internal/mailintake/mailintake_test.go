package mailintake_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/mailintake"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// TestAMailBecomesADraftOfItsSender, once, whatever the relay repeats; nothing is submitted.
func TestAMailBecomesADraftOfItsSender(t *testing.T) {
	i := start(t, nil)
	mail := mailOf("Subject: =?utf-8?q?Fwd:_Stra=C3=9Fen_sperren?=\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n", "Die Stra=DFen sind zu.\n\n> Zitat\n")
	i.became(mailintake.Drafted, mail)
	require.Equal(t, []string{"sam"}, i.api.as)
	require.Equal(t, wire.SetDraft{Kind: "enhancement", Fields: map[string][]string{"title": {"Straßen sperren"}, "problem": {"Die Straßen sind zu.\n\n> Zitat"}, wire.DraftByMail: {"yes"}}}, i.api.drafts[0])
	i.became(mailintake.Repeated, mail)
	require.Len(t, i.api.drafts, 1)
	i.became(mailintake.Drafted, strings.Replace(mail, "<m1@", "<m2@", 1))
	require.Len(t, i.api.drafts, 2)

	same := strings.Replace(mail, "Message-ID: <m1@example.org>\n", "", 1)
	i.became(mailintake.Drafted, same)
	i.became(mailintake.Repeated, same)
	i.api.refuse = problem.New(problem.Forbidden, "may not submit")
	require.Error(t, i.send("sam@example.org", i.to.Base, strings.Replace(mail, "<m1@", "<m3@", 1)))
	require.Equal(t, mailintake.Refused, i.last())
}

// TestAttachmentsAreNotKept, and the draft says how many; text is taken from the HTML where there is no other.
func TestAttachmentsAreNotKept(t *testing.T) {
	i := start(t, nil)
	i.became(mailintake.Drafted, mailOf("Subject: Lists\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n", strings.Join([]string{
		"--x", "Content-Type: multipart/alternative; boundary=y", "", "--y", "Content-Type: text/html", "", "<style>p{}</style><p>Lists are typed&nbsp;twice</p><script>steal()</script><p>each <b>month</b></p>", "--y--",
		"--x", "Content-Type: application/pdf; name=a.pdf", "Content-Disposition: attachment; filename=a.pdf", "Content-Transfer-Encoding: base64", "", "JVBERg==",
		"--x", "Content-Type: text/plain; name=secret.txt", "Content-Disposition: attachment", "", "the text of an attachment", "--x--", ""}, "\n")))
	require.Equal(t, []string{"Lists are typed twice\n\neach month"}, i.api.drafts[0].Fields["problem"])
	require.Equal(t, []string{"2"}, i.api.drafts[0].Fields[wire.DraftLeftOut])
}

// TestWhoWroteIsToldWhereTheDraftIs, once for each mail; a mail server that is away loses no draft.
func TestWhoWroteIsToldWhereTheDraftIs(t *testing.T) {
	var told []mailintake.Kept
	var away error
	i := start(t, func(o *mailintake.Options) {
		o.Tell = func(_ context.Context, k mailintake.Kept) error {
			told = append(told, k)
			return away
		}
	})
	mail := mailOf("Subject: Re: Lists\n", "They are typed twice")
	i.became(mailintake.Drafted, mail)
	i.became(mailintake.Repeated, mail)
	require.Len(t, told, 1)
	require.Equal(t, "sam", told[0].Person.ID)
	require.Equal(t, "Lists", told[0].Title)
	require.Equal(t, "enhancement", told[0].Kind)
	require.NoError(t, uuid.Validate(told[0].Draft))
	away = errors.New("no mail server")
	i.became(mailintake.Drafted, strings.Replace(mail, "<m1@", "<m2@", 1))
	require.Len(t, i.api.drafts, 2)
	i.became(mailintake.Stranger, strings.Replace(mail, "sam@", "none@", 1))
	require.Len(t, told, 2, "a sender who is not known is told nothing")
}

// TestAReplyBecomesAComment without what it quotes: at the person's own address of the request, or as an answer to one of our messages about it.
func TestAReplyBecomesAComment(t *testing.T) {
	i := start(t, nil)
	own, err := i.to.Of(t.Context(), "sam", "R-1")
	require.NoError(t, err)
	local, _, _ := strings.Cut(own, "@")
	require.LessOrEqual(t, len(local), 64, "what mail has")
	text := "The clerks have counted.\n\nOn Mon, 1 Mar 2027 at 09:00, Lean PMO <pmo@example.org>\nwrote:\n> Shall we do it?\n"
	i.becameAt(mailintake.Commented, own, mailOf("Subject: Re: R-1\n", text))
	i.becameAt(mailintake.Repeated, strings.ToUpper(own), mailOf("Subject: Re: R-1\n", text))
	for n, header := range []string{"In-Reply-To: <request-" + readable + "@pmo.example.org>\n", "References: <old@example.org> <request-" + readable + "@pmo.example.org>\nIn-Reply-To: <none@example.org>\n"} {
		i.became(mailintake.Commented, strings.Replace(mailOf(header+"Subject: Re: R-1\n", text), "<m1@", fmt.Sprintf("<r%d@", n), 1))
	}
	require.Len(t, i.api.comments, 3)
	for _, c := range i.api.comments {
		require.Equal(t, "The clerks have counted.", c.Text)
	}
	require.Equal(t, []string{"sam", "sam", "sam"}, i.api.as)
}

// TestAMailSaysNothingOfWhatItsSenderMayNotRead: an address of a request that they may not read, of none, of somebody else and a made-up one are answered alike; a reply that names
// such a request is a draft like every other mail.
func TestAMailSaysNothingOfWhatItsSenderMayNotRead(t *testing.T) {
	i := start(t, nil)
	var answers []string
	for _, of := range [][2]string{{"sam", "R-2"}, {"sam", "R-999"}, {"ana", "R-1"}} {
		address, err := i.to.Of(t.Context(), of[0], of[1])
		require.NoError(t, err)
		err = i.send("sam@example.org", address, mailOf("", "Hello"))
		i.refused(550, err)
		answers = append(answers, err.Error())
	}
	for _, address := range []string{"pmo+R-1@pmo.example.org", "pmo+@pmo.example.org", "pmo+R-1.aaaaaaaaaaaaaaaaaaaa@pmo.example.org", "pmo+../../teams.x@pmo.example.org"} {
		err := i.send("sam@example.org", address, mailOf("", "Hello"))
		i.refused(550, err)
		answers = append(answers, err.Error())
	}
	for _, a := range answers {
		require.Equal(t, answers[0], a)
	}
	i.became(mailintake.Drafted, mailOf("Subject: Re: The secret\nIn-Reply-To: <request-"+confidential+"@pmo.example.org>\n", "Hello"))
	require.Empty(t, i.api.comments)
}

// TestASenderIsProvedByTheRelay and by nothing that comes with the mail. What is not proved is dropped without an answer: the answer would go to whom the mail names.
func TestASenderIsProvedByTheRelay(t *testing.T) {
	const from = "From: sam@example.org\nMessage-ID: <p@example.org>\nSubject: Hello\n\nHello\n"
	for name, results := range map[string]string{
		"no results":                        "",
		"dmarc failed":                      "mx.example.org; dmarc=fail header.from=example.org",
		"dmarc failed and spf passed":       "mx.example.org; spf=pass smtp.mailfrom=sam@example.org; dmarc=fail header.from=example.org",
		"another server says so":            "evil.example; dmarc=pass header.from=example.org",
		"dkim of another domain":            "mx.example.org; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example",
		"dmarc of another domain":           "mx.example.org; dmarc=pass header.from=evil.example",
		"a domain that ends alike":          "mx.example.org; dkim=pass header.d=notexample.org",
		"an older field of the same name":   "mx.example.org; dmarc=none\nAuthentication-Results: mx.example.org; dmarc=pass header.from=example.org",
		"in a comment":                      `mx.example.org; spf=fail (of "a; dmarc=pass header.from=example.org ;"@evil.example) smtp.mailfrom=evil.example`,
		"in a comment that never ends":      `mx.example.org; spf=fail (of a; dmarc=pass header.from=example.org`,
		"in a quoted address":               `mx.example.org; spf=fail smtp.mailfrom="a; dmarc=pass header.from=example.org; "@evil.example`,
		"softfail":                          "mx.example.org; spf=softfail smtp.mailfrom=sam@example.org",
		"the envelope has no domain":        "mx.example.org; spf=pass smtp.mailfrom=",
		"a version that nobody knows":       "mx.example.org 2; dmarc=pass header.from=example.org",
		"a name that begins like the relay": "mx.example.org.evil.example; dmarc=pass header.from=example.org",
	} {
		t.Run(name, func(t *testing.T) {
			i := start(t, nil)
			mail := from
			if results != "" {
				mail = "Authentication-Results: " + results + "\n" + from
			}
			i.became(mailintake.Unproved, mail)
			require.Empty(t, i.api.as)
		})
	}
	for name, results := range map[string]string{
		"dmarc":                  "mx.example.org; dmarc=pass (p=reject) header.from=example.org",
		"dkim of the domain":     "MX.example.org 1; spf=fail smtp.mailfrom=list.example; dkim=pass header.d=Example.org header.i=@example.org",
		"spf of the domain":      "mx.example.org;\n\tspf=pass (sender (known) is permitted) smtp.mailfrom=sam@example.org",
		"below another server's": "other.example; dmarc=fail\nAuthentication-Results: mx.example.org; dmarc=pass header.from=example.org",
	} {
		t.Run(name, func(t *testing.T) {
			start(t, nil).became(mailintake.Drafted, "Authentication-Results: "+results+"\n"+from)
		})
	}
}

// TestOnlyOnePersonOfTheDirectoryIsASender: several people with an address are nobody, and so are agents and names that a mail shows.
func TestOnlyOnePersonOfTheDirectoryIsASender(t *testing.T) {
	i := start(t, nil)
	for from, outcome := range map[string]mailintake.Outcome{
		"nobody@example.org": mailintake.Stranger, "both@example.org": mailintake.Stranger, "bot@example.org": mailintake.Stranger,
		`"sam@example.org" <eve@example.org>`: mailintake.Stranger, "sam@example.org, ana@example.org": mailintake.Unproved, "sam@example.org\nFrom: ana@example.org": mailintake.Unproved,
		"sam": mailintake.Unproved, "": mailintake.Unproved, "ſam@example.org": mailintake.Unproved} {
		i.became(outcome, proof+"From: "+from+"\nSubject: Hello\n\nHello\n")
	}
	require.Empty(t, i.api.as)
	i.became(mailintake.Drafted, proof+"From: =?utf-8?q?S=C3=A4m?= <SAM@EXAMPLE.ORG>\nSubject: Hello\n\nHello\n")
	require.Equal(t, []string{"sam"}, i.api.as)
}

// TestNoLoops: mail of programs, of lists and of ourselves is dropped.
func TestNoLoops(t *testing.T) {
	i := start(t, nil)
	for _, header := range []string{"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (vacation)", "Precedence: bulk", "Precedence: Junk", "Precedence: list", "List-Id: <all.example.org>",
		"X-Autoreply: yes", "Content-Type: multipart/report; report-type=delivery-status; boundary=x"} {
		i.became(mailintake.Automatic, mailOf("Subject: Re: your mail\n"+header+"\n", "I am away"))
	}
	require.NoError(t, i.send("", i.to.Base, mailOf("Subject: Undelivered\n", "Returned")))
	require.Equal(t, mailintake.Automatic, i.last(), "a bounce")
	i.became(mailintake.Automatic, strings.Replace(mailOf("", "Hello"), "<sam@example.org>", "<PMO@pmo.example.org>", 1))
	require.Empty(t, i.api.as)
	i.became(mailintake.Drafted, mailOf("Subject: A mail of a person\nAuto-Submitted: no\n", "Hello"))
}

// TestASenderHasABound: more mails are put off, and others are not held up.
func TestASenderHasABound(t *testing.T) {
	i := start(t, func(o *mailintake.Options) { o.PerHour = 3 })
	mail := func(n int) string {
		return strings.Replace(mailOf("Subject: Hello\n", "Hello"), "<m1@", fmt.Sprintf("<n%d@", n), 1)
	}
	for n := range 3 {
		i.became(mailintake.Drafted, mail(n))
	}
	var said *smtp.SMTPError
	require.ErrorAs(t, i.send("sam@example.org", i.to.Base, mail(4)), &said)
	require.True(t, said.Temporary())
	require.Equal(t, mailintake.TooMany, i.last())
	require.Len(t, i.api.drafts, 3)
	i.became(mailintake.Drafted, strings.Replace(mail(5), "sam@example.org", "ana@example.org", 1))
}

// TestMailIsTakenOfTheRelayAlone, and for the address of the intake.
func TestMailIsTakenOfTheRelayAlone(t *testing.T) {
	i := start(t, func(o *mailintake.Options) { o.Relays, _ = clientaddr.Parse("192.0.2.0/24") })
	i.refused(554, i.send("sam@example.org", i.to.Base, mailOf("", "Hello")))
	i = start(t, nil)
	for _, to := range []string{"someone@example.org", "pmo@elsewhere.example", "pm@pmo.example.org", "postmaster@pmo.example.org"} {
		i.refused(550, i.send("sam@example.org", to, mailOf("", "Hello")))
	}
	c, err := smtp.Dial(i.addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.Mail("sam@example.org", nil))
	require.NoError(t, c.Rcpt(i.to.Base, nil))
	require.Error(t, c.Rcpt(i.to.Base, nil), "one mail has one recipient")
	require.False(t, c.SupportsAuth("PLAIN"), "nobody signs in")
}
