package mailintake

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestWhatIsQuotedIsCutOff in the ways of the usual mail programs, in two languages; what somebody writes is kept.
func TestWhatIsQuotedIsCutOff(t *testing.T) {
	for name, c := range map[string]struct{ text, said string }{
		"nothing quoted":          {"Yes.\n\nOn Monday we start: the clerks wrote a list.", "Yes.\n\nOn Monday we start: the clerks wrote a list."},
		"gmail":                   {"Yes.\n\nOn Mon, Mar 1, 2027 at 9:00 AM Lean PMO <pmo@example.org> wrote:\n> Shall we?\n> Really?", "Yes."},
		"gmail over two lines":    {"Yes.\n\nOn Mon, Mar 1, 2027 at 9:00 AM Lean PMO <pmo@example.org>\nwrote:\n\n> Shall we?", "Yes."},
		"thunderbird in German":   {"Ja.\n\nAm 01.03.27 um 09:00 schrieb Lean PMO:\n> Sollen wir?", "Ja."},
		"gmail in German":         {"Ja.\n\nAm Mo., 1. März 2027 um 09:00 Uhr schrieb Lean PMO <pmo@example.org>:\n\n> Sollen wir?", "Ja."},
		"microsoft":               {"Yes.\n\nFrom: Lean PMO <pmo@example.org>\nSent: Monday, 1 March 2027 09:00\nTo: Sam\nSubject: Shall we?\n\nShall we?", "Yes."},
		"microsoft in German":     {"Ja.\n\n________________________________\nVon: Lean PMO\nGesendet: Montag", "Ja."},
		"microsoft of old":        {"Yes.\n\n-----Original Message-----\nFrom: Lean PMO", "Yes."},
		"an old one in German":    {"Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Lean PMO", "Ja."},
		"between the lines":       {"> Shall we?\nYes.\n> And when?\nIn May.", "Yes.\nIn May."},
		"a signature":             {"Yes.\n-- \nSam Okafor\nCity", "Yes."},
		"only a quotation":        {"> Shall we?", ""},
		"a colon after a weekday": {"Am Montag: wir beginnen.", "Am Montag: wir beginnen."},
		"from whom it comes":      {"From: the clerks\nThey say yes", "From: the clerks\nThey say yes"},
	} {
		require.Equal(t, c.said, said(lines(c.text)), name)
	}
	require.Equal(t, "Yes.", said(shown(`<html><body><div dir="ltr">Yes.</div><br><div class="gmail_quote gmail_quote_container"><div>On Mon wrote someone:</div><blockquote>Shall we?<div>Really?</div></blockquote></div></body></html>`)))
	require.Empty(t, shown(strings.Repeat("<div>", 5000)+"x"), "nested too deep")
}

func TestTitlesHaveNoPrefix(t *testing.T) {
	for subject, title := range map[string]string{"Re: AW: Fwd: Lists": "Lists", "RE[2]: Lists": "Lists", "Reading: lists": "Reading: lists", "Re:": "", "  WG : Listen ": "Listen", "a\u202eb": "ab", "two\nlines": "two lines"} {
		require.Equal(t, title, titleOf(subject), subject)
	}
}

// FuzzRead: whatever comes, a mail is read within the bounds or refused, and what is read can be judged and stored.
func FuzzRead(f *testing.F) {
	f.Add("From: sam@example.org\r\nSubject: =?utf-8?b?4pyT?=\r\nIn-Reply-To: <a@b>\r\n\r\nHello\r\n> you\r\n")
	f.Add("Authentication-Results: mx.example.org; dmarc=pass (a\\)b) header.from=example.org\r\nFrom: \"a\" <sam@example.org>\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>a<blockquote>b\r\n--x--\r\n")
	f.Add("Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n")
	f.Fuzz(func(t *testing.T, mail string) {
		m, err := read(strings.NewReader(mail))
		if err != nil {
			require.Nil(t, m)
			return
		}
		require.NotEmpty(t, m.ID)
		require.LessOrEqual(t, len(m.References), mostReferences)
		require.LessOrEqual(t, m.Attachments, maxParts)
		for _, text := range []string{m.Text, said(m.Text), titleOf(m.Subject), pmo.Shorten(m.Text, 10)} {
			require.True(t, utf8.ValidString(text), "%q", text)
			require.NotContains(t, text, "\x00")
		}
		require.LessOrEqual(t, len([]rune(pmo.Shorten(m.Text, 10))), 10)
		if proved(m.Results, "mx.example.org", m.From) {
			require.Contains(t, mail, "pass")
			require.NotEmpty(t, m.From)
		}
	})
}
