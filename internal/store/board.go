package store

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// seen are the conditions of a count or list that leaves out confidential requests of others; $1 and $2 are who reads.
func (f Filter) seen() *conditions {
	q := &conditions{args: []any{viewerIDs(f.Viewer, f.ActsFor), f.SeesAll}}
	q.add(visibleTo)
	return q
}

// all is every condition at once.
func (q *conditions) all() string {
	return strings.Join(append(slices.Clone(q.where), "true"), " AND ")
}

// Board reads the open requests by stage: of each stage how many there are, and the oldest ones, at most a number of them.
func (s *Store) Board(ctx context.Context, f Filter, most int) ([]ByStage, error) {
	q := f.seen()
	q.add("r.status <> 'closed'")
	q.match(f)
	q.addText(f.Text)
	counts := map[pmo.Stage]int{}
	_, err := many(ctx, s.pool, "count requests by stage", func(row pgx.CollectableRow) (struct{}, error) {
		var stage pmo.Stage
		var n int
		err := row.Scan(&stage, &n)
		counts[stage] = n
		return struct{}{}, err
	}, `SELECT r.stage, count(*) FROM request r WHERE `+q.all()+` GROUP BY r.stage`, q.args...)
	if err != nil {
		return nil, err
	}
	board := make([]ByStage, 0, len(pmo.Stages()))
	for _, stage := range pmo.Stages() {
		column := ByStage{Stage: stage, Count: counts[stage]}
		if column.Count > 0 {
			f.Stage, f.Status, f.Closed, f.Sort, f.Limit, f.Cursor = stage, "", false, SortAge, most, ""
			page, err := s.List(ctx, f)
			if err != nil {
				return nil, err
			}
			column.Items = page.Items
		}
		board = append(board, column)
	}
	return board, nil
}

// SlotsTaken counts the slots that requests hold, by portfolio and class of service.
func (s *Store) SlotsTaken(ctx context.Context) ([]SlotsTaken, error) {
	return many(ctx, s.pool, "count slots", pgx.RowToStructByPos[SlotsTaken], `SELECT portfolio, class, count(*) FROM slot GROUP BY portfolio, class ORDER BY portfolio, class`)
}
