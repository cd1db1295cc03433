package mail

import (
	"bytes"
	"context"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/notify"
	"leanpmo/internal/pmo"
)

var update = flag.Bool("update", false, "write the golden files")

// parts are the text and the HTML of a mail as it was handed over.
func parts(t *testing.T, m received) (plain, rich string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	r := multipart.NewReader(bytes.NewReader(m.text), params["boundary"])
	var all []string
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		require.Equal(t, "quoted-printable", part.Header.Get("Content-Transfer-Encoding"))
		content, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		all = append(all, strings.ReplaceAll(string(content), "\r\n", "\n"))
	}
	require.Len(t, all, 2, "text first, which simple programs show")
	return all[0], all[1]
}

func subject(t *testing.T, h netmail.Header) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	require.NoError(t, err)
	return text
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// TestOneMail holds a mail that asks for an answer and one that says what happened against golden files, in both languages.
func TestOneMail(t *testing.T) {
	due := time.Date(2027, 3, 3, 15, 0, 0, 0, time.UTC)
	day := notify.Payload{Data: notify.Data{Event: "digest", Links: notify.Links{Page: "https://pmo.example/inbox"}, Digest: &notify.DayDigest{Day: "2027-03-01",
		Waiting: []notify.DigestLine{{Request: notify.Subject{Ref: "R-7", Title: "Lists of suppliers"}, Text: "Does it fit?", DueAt: due, Page: "https://pmo.example/requests/R-7/answer"}}, MoreWaiting: 3,
		Late: []notify.DigestLine{{Request: notify.Subject{Ref: "R-2", Title: "A secret", Confidential: true}, Page: "https://pmo.example/requests/R-2"}}}}}
	of := func(p notify.Payload, lang string) Letter { return letterOf(p, nameOf, lang) }
	happened := news(func(d *notify.Data) {
		d.Happened = []notify.Happened{{Event: "answered", Actor: "petra", For: "ana", Text: "Approved.\nWith <b>care</b>."}, {Event: "stage_entered", Text: "Now in the backlog."}}
	})
	withLink := of(happened, "en")
	withLink.Unsubscribe = "https://pmo.example/unsubscribe/token"
	for name, l := range map[string]Letter{"asked.en": of(asked(), "en"), "asked.de": of(asked(), "de"), "news.en": withLink, "digest.en": of(day, "en"), "digest.de": of(day, "de")} {
		plain, err := l.text()
		require.NoError(t, err)
		rich, err := l.html()
		require.NoError(t, err)
		golden(t, name+".txt", "Subject: "+l.Subject+"\n\n"+plain)
		golden(t, name+".html", rich)
		for _, outside := range []string{"<img", "<link", "<script", "src=", "url(", "@import"} {
			require.NotContains(t, rich, outside, "a mail loads nothing, so that nobody learns that it was read")
		}
	}
}

func nameOf(id string) string {
	name, _ := names{"ana": "Ana Moreau", "petra": "Petra Novak"}.Name(id)
	return name
}

func TestTheHeadersOfAMail(t *testing.T) {
	p := newPostOffice(t)
	s := newSender(t, Settings{Address: p.address})
	require.NoError(t, send(t, s, asked()))
	require.NoError(t, send(t, s, news()))
	first, second := p.all()[0], p.all()[1]
	require.Equal(t, "Please review R-7 “Lists of suppliers”", subject(t, first.header))
	require.Equal(t, "R-7 “Lists of suppliers” was put on hold", subject(t, second.header))
	require.Equal(t, `"Ana Moreau" <ana@example.test>`, first.header.Get("To"))
	require.Equal(t, `"Lean PMO" <pmo@example.test>`, first.header.Get("From"))
	require.Equal(t, "auto-generated", first.header.Get("Auto-Submitted"))
	require.Equal(t, "<request-0b5f4d5e-0000-4000-8000-000000000007@example.test>", first.header.Get("References"))
	require.Equal(t, first.header.Get("References"), second.header.Get("References"), "one thread for each request")
	require.Equal(t, first.header.Get("References"), first.header.Get("In-Reply-To"))
	request, ok := ThreadOf(first.header.Get("In-Reply-To"))
	require.True(t, ok)
	require.Equal(t, "0b5f4d5e-0000-4000-8000-000000000007", request)
	_, ok = ThreadOf("<msg_1@example.test>")
	require.False(t, ok)
	sent, err := first.header.Date()
	require.NoError(t, err)
	require.True(t, at.Equal(sent))
	for _, name := range []string{"User-Agent", "X-Mailer", "List-Unsubscribe", "List-Unsubscribe-Post"} {
		require.Empty(t, first.header.Get(name), name)
	}
	plain, rich := parts(t, first)
	require.Contains(t, plain, "Wednesday 3 March 2027, 09:00 UTC")
	require.Contains(t, rich, `href="https://pmo.example/requests/R-7/answer?question=review%2F1%2Fapprovers"`)
}

// TestWhatPeopleWriteStaysText: a title makes no header, no markup and no second recipient.
func TestWhatPeopleWriteStaysText(t *testing.T) {
	p := newPostOffice(t)
	s := newSender(t, Settings{Address: p.address})
	s.People = names{"ana": "Ana\r\nBcc: eve@example.test", "petra": "Petra"}
	require.NoError(t, send(t, s, asked(func(d *notify.Data) {
		d.Request.Title = "Lists\r\nBcc: eve@example.test\r\n\r\n<script>alert(1)</script>\u202e\u2028"
		d.Text = "<img src=https://eve.example/x>\r\n.\r\nMAIL FROM:<eve@example.test>"
	})))
	require.Len(t, p.all(), 1)
	m := p.all()[0]
	require.Empty(t, m.header.Get("Bcc"))
	require.Equal(t, "ana@example.test", m.to)
	require.Equal(t, "Please review R-7 “Lists Bcc: eve@example.test <script>alert(1)</script>”", subject(t, m.header))
	plain, rich := parts(t, m)
	require.NotContains(t, rich, "<script>")
	require.NotContains(t, rich, "<img")
	require.Contains(t, plain, "MAIL FROM:<eve@example.test>")
}

// TestAMailIsInTheLanguageOfItsRecipient, and in English where it is not known.
func TestAMailIsInTheLanguageOfItsRecipient(t *testing.T) {
	p := newPostOffice(t)
	s := newSender(t, Settings{Address: p.address})
	for lang, want := range map[string]string{"de": "R-7 „Lists of suppliers“ ist jetzt hier: Prüfung", "": "R-7 “Lists of suppliers” is now at: Review"} {
		s.Languages = func(context.Context, string) (string, error) { return lang, nil }
		require.NoError(t, send(t, s, news(func(d *notify.Data) { d.Event = "stage_entered" })))
		all := p.all()
		require.Equal(t, want, subject(t, all[len(all)-1].header))
	}
}

func TestAConfidentialRequestIsANumber(t *testing.T) {
	for _, lang := range languages {
		l := letterOf(asked(func(d *notify.Data) { d.Request.Confidential, d.Request.Title, d.Text = true, "", "" }), nameOf, lang)
		plain, err := l.text()
		require.NoError(t, err)
		require.NotContains(t, l.Subject+plain, "suppliers")
		require.NotContains(t, plain, "Petra")
		require.Contains(t, l.Subject, "R-7")
	}
}

// TestALetterUnsubscribesFromItsKindAlone: what asks for an answer has no link, everything else has the one of its kind.
func TestALetterUnsubscribesFromItsKindAlone(t *testing.T) {
	p := newPostOffice(t)
	s := newSender(t, Settings{Address: p.address})
	s.Links = func(_ context.Context, person string, kind notice.Kind) (string, error) {
		return "https://pmo.example/unsubscribe/" + person + "-" + string(kind), nil
	}
	require.NoError(t, send(t, s, asked()))
	require.NoError(t, send(t, s, news()))
	require.Empty(t, p.all()[0].header.Get("List-Unsubscribe"))
	require.Equal(t, "<https://pmo.example/unsubscribe/ana-course>", p.all()[1].header.Get("List-Unsubscribe"))
	require.Equal(t, "List-Unsubscribe=One-Click", p.all()[1].header.Get("List-Unsubscribe-Post"))
	plain, rich := parts(t, p.all()[1])
	require.Contains(t, plain, "https://pmo.example/unsubscribe/ana-course")
	require.Contains(t, rich, `href="https://pmo.example/unsubscribe/ana-course"`)
}

func TestALinkLeadsNowhereWithoutAPublicAddress(t *testing.T) {
	l := letterOf(news(func(d *notify.Data) { d.Links.Page = "/requests/R-7" }), nameOf, "")
	require.Empty(t, l.Page)
	require.Equal(t, "en", l.Lang)
}

// TestTheCatalogueIsWhole: both languages have the same texts with the same values, and every kind of question and of mail has its own.
func TestTheCatalogueIsWhole(t *testing.T) {
	for key, text := range texts["en"] {
		require.NotEmpty(t, texts["de"][key], key)
		require.Equal(t, values(text), values(texts["de"][key]), key)
	}
	require.Len(t, texts["de"], len(texts["en"]))
	for _, kind := range pmo.Kinds() {
		require.True(t, has("ask."+string(kind)), "a question of kind %s", kind)
	}
	for _, kind := range append(notice.Kinds(), notice.Digests, "asked") {
		require.True(t, has("why."+string(kind)) || kind == notice.Questions, "a mail of kind %s", kind)
	}
}

func values(text string) []string {
	var all []string
	for _, part := range strings.Split(text, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// TestAMailSaysTimesInTheZoneOfItsReader: of an answer and of a digest, in both languages.
func TestAMailSaysTimesInTheZoneOfItsReader(t *testing.T) {
	p := asked(func(d *notify.Data) { d.TimeZone = "Europe/Berlin" })
	require.Contains(t, letterOf(p, nameOf, "en").Due, "Wednesday 3 March 2027, 10:00 Europe/Berlin")
	require.Contains(t, letterOf(p, nameOf, "de").Due, "Mittwoch, 3. März 2027, 10:00 Uhr (Europe/Berlin)")
	p.Data.Digest = &notify.DayDigest{Day: "2027-03-01", Waiting: []notify.DigestLine{{Request: p.Data.Request, DueAt: at.Add(49 * time.Hour)}}}
	require.Contains(t, letterOf(p, nameOf, "en").Sections[0].Items[0].Text, "due Wednesday 3 March 2027, 10:00 Europe/Berlin")
}
