package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
)

// SavedView is a filter of lists that a person keeps under a name.
type SavedView struct {
	ID      string
	Name    string
	Filter  json.RawMessage
	Default bool // lists show it when nothing is asked for
	At      time.Time
}

// MostViews is how many views a person can have.
const MostViews = 30

// SavedViews lists the views of a person by name.
func (s *Store) SavedViews(ctx context.Context, person string) ([]SavedView, error) {
	return many(ctx, s.pool, "list views", pgx.RowToStructByPos[SavedView],
		`SELECT id::text, name, filter, is_default, at FROM saved_view WHERE person = $1 ORDER BY lower(name), id LIMIT $2`, person, MostViews)
}

// PutView keeps a view, or its newest state. Only one of a person's is the default: the newest that says so. ErrFull when the person has too many,
// ErrConflict when another one has its name.
func (s *Store) PutView(ctx context.Context, person string, v SavedView) error {
	const op = "keep view"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		// One change of a person's views at a time: their number and their default depend on all of them.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('saved_view/' || $1, 0))`, person); err != nil {
			return fault(op, err)
		}
		taken, err := one(ctx, tx, op, pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM saved_view WHERE person = $1 AND name = $2 AND id <> $3)`, person, clean(v.Name), v.ID)
		if err != nil {
			return err
		}
		if taken {
			return ErrConflict
		}
		if v.Default {
			if _, err := write(ctx, tx, op, `UPDATE saved_view SET is_default = false WHERE person = $1 AND id <> $2`, person, v.ID); err != nil {
				return err
			}
		}
		n, err := write(ctx, tx, op, `
INSERT INTO saved_view (id, person, name, filter, is_default, at)
SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM saved_view WHERE person = $2 AND id <> $1) < $7
ON CONFLICT (person, id) DO UPDATE SET name = excluded.name, filter = excluded.filter, is_default = excluded.is_default, at = excluded.at`,
			v.ID, person, clean(v.Name), string(cleanJSON(v.Filter)), v.Default, v.At, MostViews)
		return changed(ctx, tx, n, err, ErrFull, v)
	})
}

// DropView deletes a view. It is idempotent.
func (s *Store) DropView(ctx context.Context, person, id string) error {
	const op = "drop view"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		_, err := write(ctx, tx, op, `DELETE FROM saved_view WHERE person = $1 AND id = $2`, person, id)
		return changed(ctx, tx, 1, err, nil, struct{}{})
	})
}
