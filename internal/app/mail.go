package app

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"leanpmo/internal/directory"
	"leanpmo/internal/mail"
	"leanpmo/internal/notice"
	"leanpmo/internal/store"
	"leanpmo/web"
)

// defaultMailsPerMinute is what most mail servers take from one sender.
const defaultMailsPerMinute = 300

// mailSender sends mails; nil without a mail server.
func (c Config) mailSender(people *directory.Directory, kept mailStore) (*mail.Sender, error) {
	if c.SMTPAddress == "" {
		return nil, nil
	}
	var faults []error
	fault := func(name string, err error) { faults = append(faults, fmt.Errorf("%s %w", name, err)) }
	from, err := netmail.ParseAddress(c.MailFrom)
	if err != nil {
		fault("PMO_MAIL_FROM", errors.New("is not an address like Lean PMO <pmo@example.org>"))
	}
	if (c.SMTPUser == "") != (c.SMTPPassword == "") {
		fault("PMO_SMTP_USER", errors.New("and PMO_SMTP_PASSWORD_FILE belong together: set both or none"))
	}
	server, err := mail.NewServer(mail.Settings{Address: c.SMTPAddress, User: c.SMTPUser, Password: c.SMTPPassword, TLS: c.SMTPTLS})
	if err != nil {
		fault("PMO_SMTP_ADDRESS", err)
	}
	if len(faults) > 0 {
		return nil, misconfigured(faults)
	}
	return &mail.Sender{Server: server, From: from, People: people, Links: c.mailLinks(kept), Languages: kept.Language}, nil
}

// mailStore keeps what mails depend on; it is the store.
type mailStore interface {
	Language(ctx context.Context, person string) (string, error)
	MailToken(ctx context.Context, person string, kind notice.Kind) (string, error)
}

// mailLinks makes the links that unsubscribe; nil without an address of the pages.
func (c Config) mailLinks(tokens mailStore) mail.Links {
	pages := c.address()
	if pages == "" {
		return nil
	}
	return func(ctx context.Context, person string, kind notice.Kind) (string, error) {
		token, err := tokens.MailToken(ctx, person, kind)
		return pages + web.UnsubscribePath + token, err
	}
}

// unsubscribes is the store as the pages see it.
type unsubscribes struct{ store *store.Store }

// MailLink finds what a token is about.
func (u unsubscribes) MailLink(ctx context.Context, token string) (web.MailLink, bool, error) {
	return shownLink(u.store.MailLink(ctx, token))
}

// SetUnsubscribed ends or begins the mails that a token is about.
func (u unsubscribes) SetUnsubscribed(ctx context.Context, token string, off bool, at time.Time) (web.MailLink, bool, error) {
	return shownLink(u.store.SetUnsubscribed(ctx, token, off, at))
}

func shownLink(l store.MailLink, err error) (web.MailLink, bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return web.MailLink{}, false, nil
	}
	return web.MailLink{Kind: string(l.Kind), Unsubscribed: l.Unsubscribed}, err == nil, err
}
