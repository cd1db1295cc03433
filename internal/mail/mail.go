// Package mail sends notifications to people by e-mail, over SMTP with TLS: plain text and one-column HTML from one letter, one thread for
// each request, and a link that unsubscribes from a kind.
//
// A mail server answers each attempt: 2yz is delivered, 4yz is tried again by the schedule of package notify, 5yz is not. A mail of which it is
// not known whether it was accepted is sent again with the same Message-ID.
package mail

import (
	"context"
	"encoding/json"
	"net/mail"
	"strings"

	"leanpmo/internal/notice"
	"leanpmo/internal/notify"
)

// People are what a mail says of its recipient and of others.
type People interface {
	// Name is how people are shown; false when the id is not known.
	Name(id string) (string, bool)
}

// Links makes the addresses that unsubscribe a person from the mails of a kind; nil: there are none.
type Links func(ctx context.Context, person string, kind notice.Kind) (address string, err error)

// Languages says which language a person reads: "en", "de", or "" where it is not known; nil: not known of anybody.
type Languages func(ctx context.Context, person string) (string, error)

// Sender sends notifications by mail. It is a notify.Sender.
type Sender struct {
	Server    *Server
	From      *mail.Address
	People    People
	Links     Links
	Languages Languages
}

// Send makes one attempt.
func (s *Sender) Send(ctx context.Context, to notify.Address, m notify.Message) error {
	var p notify.Payload
	if err := json.Unmarshal(m.Body, &p); err != nil {
		return &notify.Failure{Reason: "the stored message cannot be read", Final: true}
	}
	_, person, _ := strings.Cut(to.Endpoint, ":")
	letter, err := s.letter(ctx, person, p)
	if err != nil {
		return err
	}
	e := Envelope{ID: m.ID, Thread: threadOf(p), To: mail.Address{Name: s.nameOf(person), Address: to.Mail}, At: p.Timestamp}
	return s.Server.Send(ctx, s.From, e, letter)
}

// threadOf is the conversation that a mail belongs to: that of its request. Each digest is for itself.
func threadOf(p notify.Payload) string {
	if p.Data.Digest != nil {
		return ""
	}
	return p.Data.Request.ID
}

func (s *Sender) letter(ctx context.Context, person string, p notify.Payload) (Letter, error) {
	lang, err := s.languageOf(ctx, person)
	if err != nil {
		return Letter{}, err
	}
	l := letterOf(p, s.nameOf, lang)
	kind := p.MailKind()
	if s.Links == nil || kind == "" {
		return l, nil
	}
	if l.Unsubscribe, err = s.Links(ctx, person, kind); err != nil {
		return Letter{}, &notify.Failure{Reason: "the link that unsubscribes cannot be made"}
	}
	return l, nil
}

// languageOf is the language that a person reads; empty where it is not known.
func (s *Sender) languageOf(ctx context.Context, person string) (string, error) {
	if s.Languages == nil {
		return "", nil
	}
	lang, err := s.Languages(ctx, person)
	if err != nil {
		return "", &notify.Failure{Reason: "the language of the recipient cannot be read"}
	}
	return lang, nil
}

func (s *Sender) nameOf(id string) string {
	if name, known := s.People.Name(id); known {
		return name
	}
	return id
}
