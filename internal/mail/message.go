package mail

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"leanpmo/internal/notify"
)

// Envelope is a mail without what it says.
type Envelope struct {
	ID     string // the same in every attempt
	Thread string // mails with the same one are one conversation: the id of the request; empty: none
	To     mail.Address
	At     time.Time // what it is about happened
}

// message is a mail as it is handed over.
func message(from *mail.Address, e Envelope, l Letter) (*gomail.Msg, error) {
	plain, err := l.text()
	if err != nil {
		return nil, err
	}
	rich, err := l.html()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	m.FromMailAddress(from)
	m.ToMailAddress(&mail.Address{Name: oneLine(e.To.Name), Address: e.To.Address})
	m.SetDateWithValue(e.At)
	m.SetMessageIDWithValue(idOf(e.ID, from))
	if e.Thread != "" {
		thread := "<" + idOf(threadName(e.Thread), from) + ">"
		m.SetGenHeader(gomail.HeaderInReplyTo, thread)
		m.SetGenHeader(gomail.HeaderReferences, thread)
	}
	m.SetGenHeader(gomail.HeaderSubject, oneLine(l.Subject))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers it
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if notify.Absolute(l.Unsubscribe) != "" {
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click") // RFC 8058
	}
	m.SetBodyString(gomail.TypeTextPlain, plain)
	m.AddAlternativeString(gomail.TypeTextHTML, rich)
	if _, err := m.GetRecipients(); err != nil {
		return nil, fmt.Errorf("make a mail: %w", err)
	}
	return m, nil
}

// threadName is the local part of the id that all mails about a request refer to; nobody sent a mail of this id.
func threadName(request string) string { return "request-" + request }

// idOf is a Message-ID: a local part at the domain of our sender, so that nobody else makes the same one.
func idOf(local string, from *mail.Address) string {
	_, domain, _ := strings.Cut(from.Address, "@")
	return local + "@" + domain
}

// ThreadOf is the request of a conversation, as In-Reply-To and References of an answer name it; false for ids that are no conversation's.
func ThreadOf(id string) (request string, ok bool) {
	local, _, _ := strings.Cut(strings.Trim(id, "<> "), "@")
	request, ok = strings.CutPrefix(local, threadName(""))
	return request, ok && request != ""
}

// oneLine is a text as a header holds it: control characters and line ends, which would begin another header, are blanks.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }), " ")
}
