package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const selectPrioritizations = `SELECT no, id, portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words FROM run`

type prioritizationRow struct {
	no int64
	Prioritization
}

func scanPrioritization(row pgx.CollectableRow) (prioritizationRow, error) {
	var r prioritizationRow
	err := row.Scan(&r.no, &r.ID, &r.Portfolio, &r.At, &r.Cause, &r.Actor, &r.Reason, &r.Dry, &r.Policy, &r.Count, &r.Moves, &r.Pulled, &r.Words)
	return r, err
}

// Prioritization is a run by id; nil when it has not run yet.
func (t *portfolioTx) Prioritization(ctx context.Context, id string) (*Prioritization, error) {
	found, err := one(ctx, t.tx, "run", scanPrioritization, selectPrioritizations+` WHERE id = $1`, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &found.Prioritization, nil
}

// Prioritization reads one run.
func (s *Store) Prioritization(ctx context.Context, id string) (Prioritization, error) {
	found, err := one(ctx, s.pool, "run", scanPrioritization, selectPrioritizations+` WHERE id = $1`, id)
	return found.Prioritization, err
}

// CurrentRun reads the newest run of a portfolio that was not dry; ErrNotFound before the first.
func (s *Store) CurrentRun(ctx context.Context, portfolio string) (Prioritization, error) {
	found, err := one(ctx, s.pool, "current run", scanPrioritization, selectPrioritizations+` WHERE no = (SELECT current_run FROM portfolio WHERE id = $1)`, portfolio)
	return found.Prioritization, err
}

// Prioritizations lists a portfolio's runs, dry ones too, newest first.
func (s *Store) Prioritizations(ctx context.Context, portfolio, from string, limit int) (Page[Prioritization], error) {
	const list = "runs"
	at, err := readCursor(list, from)
	if err != nil {
		return Page[Prioritization]{}, err
	}
	where, args := ` WHERE portfolio = $1`, []any{portfolio, pageSize(limit) + 1}
	if at != nil {
		where, args = where+` AND (at, no) < ($3::text::timestamptz, $4::text::bigint)`, append(args, at.Key, at.ID)
	}
	rows, err := many(ctx, s.pool, list, scanPrioritization, selectPrioritizations+where+` ORDER BY at DESC, no DESC LIMIT $2`, args...)
	if err != nil {
		return Page[Prioritization]{}, err
	}
	page := paged(rows, pageSize(limit), func(r prioritizationRow) cursor {
		return cursor{List: list, Key: r.At.Format(time.RFC3339Nano), ID: fmt.Sprint(r.no)}
	})
	runs := Page[Prioritization]{Items: []Prioritization{}, Next: page.Next}
	for _, r := range page.Items {
		runs.Items = append(runs.Items, r.Prioritization)
	}
	return runs, nil
}
