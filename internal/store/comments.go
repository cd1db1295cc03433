package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Comment is what somebody said about a request, or about one of its questions.
type Comment struct {
	ID          string
	Request     string
	Question    string // empty: about the request
	Author      string
	At          time.Time
	Text        string
	Mentions    []string
	Version     int // 1 until it is edited
	EditedAt    *time.Time
	WithdrawnAt *time.Time
	Agent       string // who drafted it for the author; empty: nobody
}

// CommentVersion is what a comment said before it was edited.
type CommentVersion struct {
	Version int
	At      time.Time
	Text    string
}

// Limits of a request's discussion.
const (
	MostComments = 1000
	MostVersions = 50 // of a comment
)

const commentColumns = `id::text, request_id::text, question, author, at, body, mentions, version, edited_at, withdrawn_at, agent`

// Comments reads a page of the comments on a request, the newest first.
func (s *Store) Comments(ctx context.Context, request string, limit int, from string) (Page[Comment], error) {
	after, err := readCursor("comments", from)
	if err != nil {
		return Page[Comment]{}, err
	}
	var at, id *string
	if after != nil {
		at, id = &after.Key, &after.ID
	}
	size := pageSize(limit)
	rows, err := many(ctx, s.pool, "list comments", pgx.RowToStructByPos[Comment], `SELECT `+commentColumns+` FROM comment
WHERE request_id = $1 AND ($3::text IS NULL OR (at, id) < ($3::text::timestamptz, $4::text::uuid)) ORDER BY at DESC, id DESC LIMIT $2`, request, size+1, at, id)
	return paged(rows, size, func(c Comment) cursor { return cursor{List: "comments", Key: c.At.Format(time.RFC3339Nano), ID: c.ID} }), err
}

// Comment reads one comment on a request with what it said before, the oldest first.
func (s *Store) Comment(ctx context.Context, request, id string) (Comment, []CommentVersion, error) {
	c, err := readComment(ctx, s.pool, request, id)
	if err != nil {
		return c, nil, err
	}
	versions, err := many(ctx, s.pool, "read the versions of a comment", pgx.RowToStructByPos[CommentVersion],
		`SELECT version, at, body FROM comment_version WHERE comment_id = $1 ORDER BY version`, id)
	return c, versions, err
}

func readComment(ctx context.Context, db querier, request, id string) (Comment, error) {
	return one(ctx, db, "read comment", pgx.RowToStructByPos[Comment], `SELECT `+commentColumns+` FROM comment WHERE id = $1 AND request_id = $2`, id, request)
}

// discuss runs a change to what people say about a request, together with its entry in the ledger. Changes to one request wait for each
// other and for its projections, so that the entries become visible in the order of their positions.
func (s *Store) discuss(ctx context.Context, op, request string, entry pmo.Entry, change func(tx pgx.Tx) error) error {
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, lockRequest, request); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return addEntry(ctx, tx, op, request, entry)
	})
}

// addEntry adds an entry to the ledger of a request, which is locked.
func addEntry(ctx context.Context, tx pgx.Tx, op, request string, entry pmo.Entry) error {
	entries, err := document([]pmo.Entry{entry})
	if err != nil {
		return err
	}
	_, err = write(ctx, tx, op, insertEntries, request, entries)
	return err
}

// AddComment keeps a comment and its entry of the ledger; ErrFull when the request has too many.
func (s *Store) AddComment(ctx context.Context, c Comment, entry pmo.Entry) error {
	const op = "add comment"
	return s.discuss(ctx, op, c.Request, entry, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `INSERT INTO comment (id, request_id, question, author, at, body, mentions, agent)
SELECT $1, $2, $3, $4, $5, $6, $7, $9 WHERE (SELECT count(*) FROM comment WHERE request_id = $2) < $8`,
			c.ID, c.Request, clean(c.Question), c.Author, c.At, clean(c.Text), listOf(c.Mentions), MostComments, c.Agent)
		return changed(ctx, tx, n, err, ErrFull, c)
	})
}

// EditComment gives a comment another text and keeps the one before. It is of the version after c's: ErrConflict when that is not the newest.
func (s *Store) EditComment(ctx context.Context, c Comment, entry pmo.Entry) error {
	const op = "edit comment"
	return s.discuss(ctx, op, c.Request, entry, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, `INSERT INTO comment_version (comment_id, version, at, body)
SELECT id, version, coalesce(edited_at, at), body FROM comment WHERE id = $1 AND version = $2 AND version < $3 AND withdrawn_at IS NULL`, c.ID, c.Version-1, MostVersions); err != nil {
			return err
		}
		n, err := write(ctx, tx, op, `UPDATE comment SET body = $3, mentions = $4, version = version + 1, edited_at = $5
WHERE id = $1 AND version = $2 AND version < $6 AND withdrawn_at IS NULL`, c.ID, c.Version-1, clean(c.Text), listOf(c.Mentions), c.EditedAt, MostVersions)
		return changed(ctx, tx, n, err, ErrConflict, c)
	})
}

// WithdrawComment takes a comment back: it is kept and no longer shown. A second time changes nothing.
func (s *Store) WithdrawComment(ctx context.Context, c Comment, entry pmo.Entry) error {
	const op = "withdraw comment"
	return s.discuss(ctx, op, c.Request, entry, func(tx pgx.Tx) error {
		_, err := write(ctx, tx, op, `UPDATE comment SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL`, c.ID, c.WithdrawnAt)
		return changed(ctx, tx, 1, err, nil, struct{}{})
	})
}

// changed keeps the answer of a change under the key of its call; a change that found no row fails with none.
func changed(ctx context.Context, tx pgx.Tx, rows int64, err, none error, answer any) error {
	switch {
	case err != nil:
		return err
	case rows == 0:
		return none
	}
	return keepAnswer(ctx, tx, answer)
}

func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
