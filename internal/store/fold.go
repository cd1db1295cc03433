package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
)

// searchText is what the words of a list's filter are looked for in.
func searchText(number int64, title, problem, outcome string) string {
	return clean(cleantext.Searchable(pmo.Ref(number), title, problem, outcome))
}

// foldAtOnce bounds how long a batch locks its rows: projections wait for it.
const foldAtOnce = 100

// unfolded are the rows that a worker of an earlier version wrote; their index holds nothing else.
const (
	selectUnfolded = `
SELECT id::text, search, coalesce(number, 0), title, coalesce(snapshot #>> '{content,problem}', ''), coalesce(snapshot #>> '{content,outcome}', '')
FROM request WHERE left(search, 1) <> E'\n' AND ($1 = '' OR id > nullif($1, '')::uuid) ORDER BY request.id LIMIT $2`
	foldOne = `UPDATE request SET search = $3 WHERE id = $1 AND search = $2` // not what was written meanwhile
)

// FoldSearchTexts folds the search texts that a worker of an earlier version wrote, and returns how many. It is idempotent, and may run
// while such a worker still writes: what that one writes later is folded by the next call.
func (s *Store) FoldSearchTexts(ctx context.Context) (int64, error) {
	type old struct{ id, search, folded string }
	folded := int64(0)
	for after := ""; ; {
		rows, err := many(ctx, s.pool, "read search texts", func(row pgx.CollectableRow) (old, error) {
			var o old
			var number int64
			var title, problem, outcome string
			err := row.Scan(&o.id, &o.search, &number, &title, &problem, &outcome)
			o.folded = searchText(number, title, problem, outcome)
			return o, err
		}, selectUnfolded, after, foldAtOnce)
		if err != nil || len(rows) == 0 {
			return folded, err
		}
		batch := &pgx.Batch{}
		for _, o := range rows {
			batch.Queue(foldOne, o.id, o.search, o.folded)
		}
		if err := s.sendBatch(ctx, "fold search texts", batch); err != nil {
			return folded, err
		}
		folded, after = folded+int64(len(rows)), rows[len(rows)-1].id
	}
}

func (s *Store) sendBatch(ctx context.Context, op string, batch *pgx.Batch) error {
	ctx, cancel := bounded(ctx, s.pool)
	defer cancel()
	return fault(op, s.pool.SendBatch(ctx, batch).Close())
}
