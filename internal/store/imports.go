package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/history"
)

// Imported says what an import did, or would do, to the items of its source.
type Imported struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
}

// MostImported is how much imported work a portfolio can have, over all sources.
const MostImported = 200_000

// given are the items of an import as a table.
const given = `WITH given AS (SELECT * FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
    AS g (id, kind, created_at, started_at, finished_at)) `

const countImport = given + `
SELECT count(*) FILTER (WHERE w.id IS NULL) AS added,
    count(*) FILTER (WHERE w.id IS NOT NULL AND (g.kind, g.created_at, g.started_at, g.finished_at) IS DISTINCT FROM (w.kind, w.created_at, w.started_at, w.finished_at)) AS changed,
    count(*) FILTER (WHERE w.id IS NOT NULL AND (g.kind, g.created_at, g.started_at, g.finished_at) IS NOT DISTINCT FROM (w.kind, w.created_at, w.started_at, w.finished_at)) AS same
FROM given g LEFT JOIN imported_work w ON w.portfolio = $1 AND w.source = $2 AND w.id = g.id`

const storeImport = given + `
INSERT INTO imported_work (portfolio, source, id, kind, created_at, started_at, finished_at, imported_at)
SELECT $1, $2, g.id, g.kind, g.created_at, g.started_at, g.finished_at, $8 FROM given g
ON CONFLICT (portfolio, source, id) DO UPDATE SET kind = excluded.kind, created_at = excluded.created_at, started_at = excluded.started_at,
    finished_at = excluded.finished_at, imported_at = excluded.imported_at
WHERE (imported_work.kind, imported_work.created_at, imported_work.started_at, imported_work.finished_at)
    IS DISTINCT FROM (excluded.kind, excluded.created_at, excluded.started_at, excluded.finished_at)`

// Import stores finished work of a source in a portfolio, in one transaction. An item with a known id replaces what was known. Dry stores
// nothing and only says what would change. ErrFull when the portfolio would have more than MostImported items.
func (s *Store) Import(ctx context.Context, portfolio, source string, items []history.Item, dry bool, actor string, at time.Time) (done Imported, err error) {
	const op = "import history"
	args := importArgs(portfolio, source, items)
	if dry {
		return one(ctx, s.pool, op, pgx.RowToStructByPos[Imported], countImport, args...)
	}
	err = s.changeTx(ctx, op, func(tx pgx.Tx) error {
		// One import of a portfolio at a time: what it may hold depends on all of them.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('imported_work/' || $1, 0))`, portfolio); err != nil {
			return fault(op, err)
		}
		if done, err = one(ctx, tx, op, pgx.RowToStructByPos[Imported], countImport, args...); err != nil {
			return err
		}
		stored, err := one(ctx, tx, op, pgx.RowTo[int], `SELECT count(*) FROM imported_work WHERE portfolio = $1`, portfolio)
		if err != nil {
			return err
		}
		if stored+done.Added > MostImported {
			return ErrFull
		}
		if _, err := write(ctx, tx, op, storeImport, append(args, at)...); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeHistory, ID: source, Event: "imported",
			Body: map[string]any{"portfolio": portfolio, "added": done.Added, "changed": done.Changed, "same": done.Same}, Answer: done})
	})
	return done, err
}

func importArgs(portfolio, source string, items []history.Item) []any {
	ids, kinds := make([]string, len(items)), make([]string, len(items))
	created, started, finished := make([]*time.Time, len(items)), make([]*time.Time, len(items)), make([]*time.Time, len(items))
	for i, item := range items {
		ids[i], kinds[i] = clean(item.ID), clean(item.Kind)
		created[i], started[i], finished[i] = timeOrNull(item.Created), timeOrNull(item.Started), timeOrNull(item.Finished)
	}
	return []any{portfolio, clean(source), ids, kinds, created, started, finished}
}

// ImportedSource is what was imported from one source.
type ImportedSource struct {
	Portfolio string
	Source    string
	Items     int
	Started   int // items whose beginning is known
	First     time.Time
	Last      time.Time
	At        time.Time
}

// mostSources limits the list of sources.
const mostSources = 1000

// ImportedSources lists what was imported, by portfolio and source.
func (s *Store) ImportedSources(ctx context.Context) ([]ImportedSource, error) {
	return many(ctx, s.pool, "list imports", pgx.RowToStructByPos[ImportedSource], `
SELECT portfolio, source, count(*), count(started_at), min(finished_at), max(finished_at), max(imported_at)
FROM imported_work GROUP BY portfolio, source ORDER BY portfolio, source LIMIT $1`, mostSources)
}

// RemoveImport deletes what was imported from a source. It is idempotent and says how many items it deleted.
func (s *Store) RemoveImport(ctx context.Context, portfolio, source, actor string, at time.Time) (removed int64, err error) {
	const op = "remove import"
	err = s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if removed, err = write(ctx, tx, op, `DELETE FROM imported_work WHERE portfolio = $1 AND source = $2`, portfolio, clean(source)); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeHistory, ID: source, Event: "removed",
			Body: map[string]any{"portfolio": portfolio, "items": removed}})
	})
	return removed, err
}
