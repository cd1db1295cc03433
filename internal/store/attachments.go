package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Attachment is a link to something about a request that lies elsewhere.
type Attachment struct {
	ID      string
	Request string
	URL     string
	Title   string
	By      string
	At      time.Time
}

// MostAttachments is how many attachments a request can have, removed ones included.
const MostAttachments = 200

const selectAttachments = `SELECT id::text, request_id::text, url, title, added_by, at FROM attachment WHERE request_id = $1 AND removed_at IS NULL`

// Attachments lists the attachments of a request in the order they were added.
func (s *Store) Attachments(ctx context.Context, request string) ([]Attachment, error) {
	return many(ctx, s.pool, "list attachments", pgx.RowToStructByPos[Attachment], selectAttachments+` ORDER BY at, id`, request)
}

// Attachment reads one attachment of a request; ErrNotFound when it is removed.
func (s *Store) Attachment(ctx context.Context, request, id string) (Attachment, error) {
	return one(ctx, s.pool, "read attachment", pgx.RowToStructByPos[Attachment], selectAttachments+` AND id = $2`, request, id)
}

// AddAttachment keeps an attachment and its entry of the ledger; ErrFull when the request has too many.
func (s *Store) AddAttachment(ctx context.Context, a Attachment, entry pmo.Entry) error {
	const op = "add attachment"
	return s.discuss(ctx, op, a.Request, entry, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `INSERT INTO attachment (id, request_id, url, title, added_by, at)
SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM attachment WHERE request_id = $2) < $7`,
			a.ID, a.Request, clean(a.URL), clean(a.Title), a.By, a.At, MostAttachments)
		return changed(ctx, tx, n, err, ErrFull, a)
	})
}

// RemoveAttachment takes an attachment off a request; it is kept and no longer shown. ErrNotFound when somebody else was first.
func (s *Store) RemoveAttachment(ctx context.Context, a Attachment, by string, at time.Time, entry pmo.Entry) error {
	const op = "remove attachment"
	return s.discuss(ctx, op, a.Request, entry, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `UPDATE attachment SET removed_by = $2, removed_at = $3 WHERE id = $1 AND removed_at IS NULL`, a.ID, by, at)
		return changed(ctx, tx, n, err, ErrNotFound, struct{}{})
	})
}
