package mail

import (
	"context"
	"net/mail"
	"strconv"
	"time"

	"leanpmo/internal/notify"
)

// Draft is a request that somebody wrote by mail, before they complete and send it.
type Draft struct {
	ID      string
	Person  string // who wrote it
	Address string // theirs, which was proved
	Title   string
	Page    string // where it is completed
	LeftOut int    // attachments that were not kept
	At      time.Time
}

// SendDraft tells somebody where the draft of their mail is: one attempt. The draft is on their page in any case.
func (s *Sender) SendDraft(ctx context.Context, d Draft) error {
	lang, err := s.languageOf(ctx, d.Person)
	if err != nil {
		return err
	}
	e := Envelope{ID: "draft-" + d.ID, To: mail.Address{Name: s.nameOf(d.Person), Address: d.Address}, At: d.At}
	return s.Server.Send(ctx, s.From, e, draftLetter(d, lang))
}

func draftLetter(d Draft, wanted string) Letter {
	lang := languageOf(wanted)
	l := Letter{Lang: lang, Subject: say(lang, "draft.subject"), Heading: oneLine(d.Title), Lines: []string{say(lang, "draft.next")}, Button: say(lang, "button.draft"), Why: say(lang, "why.draft"), Page: notify.Absolute(d.Page)}
	if l.Heading == "" {
		l.Heading = l.Subject
	}
	if d.LeftOut > 0 {
		l.Lines = append(l.Lines, say(lang, "draft.left_out", "n", strconv.Itoa(d.LeftOut)))
	}
	return l
}
