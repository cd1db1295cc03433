package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/publicform"
)

// unsubmittedFor is how long the row of a request is kept that was never submitted.
const unsubmittedFor = 24 * time.Hour

const publicColumns = `coalesce(request_id::text, ''), name, contact, at, revoked_at, revoked_by`

// FormSecret is what the marks of public forms are signed with, by all servers.
func (s *Store) FormSecret(ctx context.Context) ([]byte, error) {
	return one(ctx, s.pool, "read the secret of the public form", pgx.RowTo[[]byte], `SELECT secret FROM public_form`)
}

// BeginPublic keeps who asks before their request is submitted, unless most have begun within the last hour: then it is publicform.ErrLimit. The same
// link again is the same request, which counts once and may have been submitted already.
func (s *Store) BeginPublic(ctx context.Context, link publicform.Hash, p publicform.Request, most int) error {
	const op = "begin a public request"
	return s.inTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, `SELECT pg_advisory_xact_lock(hashtextextended('public form', 0))`); err != nil {
			return err
		}
		if _, err := write(ctx, tx, op, `DELETE FROM public_request WHERE request_id IS NULL AND at < $1`, p.At.Add(-unsubmittedFor)); err != nil {
			return err
		}
		n, err := write(ctx, tx, op, `INSERT INTO public_request (link_hash, name, contact, at)
SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM public_request WHERE at > $5) < $6 ON CONFLICT (link_hash) DO NOTHING`,
			link[:], clean(p.Name), clean(p.Contact), p.At, p.At.Add(-time.Hour), most)
		if err != nil || n > 0 {
			return err
		}
		known, err := many(ctx, tx, op, pgx.RowTo[bool], `SELECT true FROM public_request WHERE link_hash = $1`, link[:])
		if err == nil && len(known) == 0 {
			return publicform.ErrLimit
		}
		return err
	})
}

// SubmittedPublic notes which request was submitted for a link. It is idempotent.
func (s *Store) SubmittedPublic(ctx context.Context, link publicform.Hash, request string) error {
	n, err := write(ctx, s.pool, "keep the link of a public request", `UPDATE public_request SET request_id = $2 WHERE link_hash = $1 AND (request_id IS NULL OR request_id = $2)`,
		link[:], request)
	if err == nil && n == 0 {
		return fault("keep the link of a public request", ErrNotFound)
	}
	return err
}

// DropPublic forgets who asked for a request that was refused.
func (s *Store) DropPublic(ctx context.Context, link publicform.Hash) error {
	_, err := write(ctx, s.pool, "drop a public request", `DELETE FROM public_request WHERE link_hash = $1 AND request_id IS NULL`, link[:])
	return err
}

// PublicByLink finds the request of a link.
func (s *Store) PublicByLink(ctx context.Context, link publicform.Hash) (publicform.Request, bool, error) {
	found, err := one(ctx, s.pool, "find the request of a link", pgx.RowToStructByPos[publicform.Request], `SELECT `+publicColumns+` FROM public_request WHERE link_hash = $1`, link[:])
	if errors.Is(err, ErrNotFound) {
		return found, false, nil
	}
	return found, err == nil, err
}

// PublicOf is who asked for a request without an account; ErrNotFound when nobody did.
func (s *Store) PublicOf(ctx context.Context, request string) (publicform.Request, error) {
	return one(ctx, s.pool, "read who asked", pgx.RowToStructByPos[publicform.Request], `SELECT `+publicColumns+` FROM public_request WHERE request_id = $1`, request)
}

// RevokeLink ends the link to the status of a request; ErrNotFound when there is none. It is idempotent.
func (s *Store) RevokeLink(ctx context.Context, request, actor string, at time.Time) error {
	const op = "revoke a status link"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		p, err := one(ctx, tx, op, pgx.RowToStructByPos[publicform.Request], `SELECT `+publicColumns+` FROM public_request WHERE request_id = $1 FOR UPDATE`, request)
		if err != nil || p.Revoked != nil {
			return err
		}
		if _, err := write(ctx, tx, op, `UPDATE public_request SET revoked_at = $2, revoked_by = $3 WHERE request_id = $1`, request, at, actor); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeToken, ID: request, Event: "revoked", Body: map[string]string{"status_link_of": request}})
	})
}

// ErasePublic erases who asked for requests that closed before a time, and returns of how many.
func (s *Store) ErasePublic(ctx context.Context, closedBefore time.Time) (int64, error) {
	return write(ctx, s.pool, "erase who asked for closed requests", `UPDATE public_request p SET name = '', contact = '' FROM request r
WHERE r.id = p.request_id AND r.status = 'closed' AND r.closed_at < $1 AND p.name <> ''`, closedBefore)
}
