package store

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// MailLink is what the link of a mail is about: a person's mails of a kind.
type MailLink struct {
	Person, Kind string
	Unsubscribed bool
}

// MailToken is the token of the link that unsubscribes a person from mails of a kind; it is made with the first such mail.
func (s *Store) MailToken(ctx context.Context, person, kind string) (string, error) {
	return one(ctx, s.pool, "make the link of a mail", pgx.RowTo[string], `
INSERT INTO mail_unsubscribe (person, kind, token) VALUES ($1, $2, $3)
ON CONFLICT (person, kind) DO UPDATE SET token = mail_unsubscribe.token RETURNING token`, person, kind, rand.Text())
}

const mailLinkColumns = `person, kind, unsubscribed_at IS NOT NULL`

func scanMailLink(row pgx.CollectableRow) (MailLink, error) {
	var l MailLink
	return l, row.Scan(&l.Person, &l.Kind, &l.Unsubscribed)
}

// MailLink finds what a token is about; ErrNotFound for one that nobody has, or has no longer.
func (s *Store) MailLink(ctx context.Context, token string) (MailLink, error) {
	return one(ctx, s.pool, "find the link of a mail", scanMailLink, `SELECT `+mailLinkColumns+` FROM mail_unsubscribe WHERE token = $1`, clean(token))
}

// SetUnsubscribed ends or begins the mails that a token is about. A second time changes nothing.
func (s *Store) SetUnsubscribed(ctx context.Context, token string, off bool, at time.Time) (MailLink, error) {
	return one(ctx, s.pool, "unsubscribe from mails", scanMailLink, `
UPDATE mail_unsubscribe SET unsubscribed_at = CASE WHEN $2 THEN coalesce(unsubscribed_at, $3) END WHERE token = $1
RETURNING `+mailLinkColumns, clean(token), off, at)
}

// Unsubscribed lists what these people get no mails of.
func (s *Store) Unsubscribed(ctx context.Context, people []string) ([]MailLink, error) {
	return many(ctx, s.pool, "read who is unsubscribed from mails", scanMailLink, `
SELECT `+mailLinkColumns+` FROM mail_unsubscribe WHERE unsubscribed_at IS NOT NULL AND person = ANY ($1)`, people)
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
