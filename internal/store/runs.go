package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const selectRuns = `SELECT no, id, portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words FROM run`

type runRow struct {
	no int64
	Run
}

func scanRun(row pgx.CollectableRow) (runRow, error) {
	var r runRow
	err := row.Scan(&r.no, &r.ID, &r.Portfolio, &r.At, &r.Cause, &r.Actor, &r.Reason, &r.Dry, &r.Policy, &r.Count, &r.Moves, &r.Pulled, &r.Words)
	return r, err
}

// Run is a run by id; nil when it has not run yet.
func (t *portfolioTx) Run(ctx context.Context, id string) (*Run, error) {
	found, err := one(ctx, t.tx, "run", scanRun, selectRuns+` WHERE id = $1`, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &found.Run, nil
}

// Run reads one run.
func (s *Store) Run(ctx context.Context, id string) (Run, error) {
	found, err := one(ctx, s.pool, "run", scanRun, selectRuns+` WHERE id = $1`, id)
	return found.Run, err
}

// CurrentRun reads the newest run of a portfolio that was not dry; ErrNotFound before the first.
func (s *Store) CurrentRun(ctx context.Context, portfolio string) (Run, error) {
	found, err := one(ctx, s.pool, "current run", scanRun, selectRuns+` WHERE no = (SELECT current_run FROM portfolio WHERE id = $1)`, portfolio)
	return found.Run, err
}

// Runs lists a portfolio's runs, dry ones too, newest first.
func (s *Store) Runs(ctx context.Context, portfolio, from string, limit int) (Page[Run], error) {
	const list = "runs"
	at, err := readCursor(list, from)
	if err != nil {
		return Page[Run]{}, err
	}
	where, args := ` WHERE portfolio = $1`, []any{portfolio, pageSize(limit) + 1}
	if at != nil {
		where, args = where+` AND (at, no) < ($3::text::timestamptz, $4::text::bigint)`, append(args, at.Key, at.ID)
	}
	rows, err := many(ctx, s.pool, list, scanRun, selectRuns+where+` ORDER BY at DESC, no DESC LIMIT $2`, args...)
	if err != nil {
		return Page[Run]{}, err
	}
	page := paged(rows, pageSize(limit), func(r runRow) cursor {
		return cursor{List: list, Key: r.At.Format(time.RFC3339Nano), ID: fmt.Sprint(r.no)}
	})
	runs := Page[Run]{Items: []Run{}, Next: page.Next}
	for _, r := range page.Items {
		runs.Items = append(runs.Items, r.Run)
	}
	return runs, nil
}
