package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/notice"
)

// MailLink is what the link of a mail is about: a person's mails of a kind.
type MailLink struct {
	Person       string
	Kind         notice.Kind
	Unsubscribed bool
}

// MailToken is the token of the link that unsubscribes a person from mails of a kind; it is made with the first such mail.
func (s *Store) MailToken(ctx context.Context, person string, kind notice.Kind) (string, error) {
	return one(ctx, s.pool, "make the link of a mail", pgx.RowTo[string], `
INSERT INTO mail_unsubscribe (person, kind, token) VALUES ($1, $2, $3)
ON CONFLICT (person, kind) DO UPDATE SET token = mail_unsubscribe.token RETURNING token`, person, string(kind), rand.Text())
}

// MailLink finds what a token is about; ErrNotFound for one that nobody has, or has no longer.
func (s *Store) MailLink(ctx context.Context, token string) (MailLink, error) {
	l, err := mailLink(ctx, s.pool, token)
	if err != nil {
		return l, err
	}
	chosen, err := s.NotificationChoices(ctx, l.Person)
	l.Unsubscribed = chosen.Choices.MailsOff(l.Kind)
	return l, err
}

func mailLink(ctx context.Context, db querier, token string) (MailLink, error) {
	return one(ctx, db, "find the link of a mail", func(row pgx.CollectableRow) (MailLink, error) {
		var l MailLink
		return l, row.Scan(&l.Person, &l.Kind)
	}, `SELECT person, kind FROM mail_unsubscribe WHERE token = $1`, clean(token))
}

// SetUnsubscribed ends or begins the mails that a token is about, in the person's own choices. A second time changes nothing.
func (s *Store) SetUnsubscribed(ctx context.Context, token string, off bool, at time.Time) (MailLink, error) {
	const op = "unsubscribe from mails"
	var l MailLink
	err := s.inTx(ctx, op, func(tx pgx.Tx) (err error) {
		if l, err = mailLink(ctx, tx, token); err != nil {
			return err
		}
		l.Unsubscribed = off
		body, err := one(ctx, tx, op, pgx.RowTo[[]byte], `INSERT INTO notification_choice (person, version, choices, at) VALUES ($1, 1, '{}', $2)
ON CONFLICT (person) DO UPDATE SET at = notification_choice.at RETURNING choices`, l.Person, at) // locks the row, whether or not it was there
		if err != nil {
			return err
		}
		var c notice.Choices
		if err := decodeChoices(body, &c); err != nil || c.MailsOff(l.Kind) == off {
			return err
		}
		if body, err = json.Marshal(c.SetMailsOff(l.Kind, off)); err != nil {
			return fmt.Errorf("encode choices of notifications: %w", err)
		}
		_, err = write(ctx, tx, op, `UPDATE notification_choice SET choices = $2, at = $3, version = version + 1 WHERE person = $1`, l.Person, string(cleanJSON(body)), at)
		return err
	})
	return l, err
}

// KeepLanguage keeps in which language a person sees the pages.
func (s *Store) KeepLanguage(ctx context.Context, person, language string) error {
	_, err := write(ctx, s.pool, "keep a person's language", `
INSERT INTO person_language (person, language) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET language = excluded.language`, person, clean(language))
	return err
}

// Language is the language in which a person saw the pages; empty when it is not known.
func (s *Store) Language(ctx context.Context, person string) (string, error) {
	language, err := one(ctx, s.pool, "read a person's language", pgx.RowTo[string], `SELECT language FROM person_language WHERE person = $1`, person)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return language, err
}
