package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Wake is a request that waits for a team and would get one, and the run that woke it last.
type Wake struct {
	RequestID string
	Run       string
	Basis     string  // the team it would get, and what its own search depends on
	Load      float64 // of that team
	WIP       int
}

// Wakes lists what the latest run of the portfolio recorded.
func (t *PortfolioTx) Wakes(ctx context.Context) ([]Wake, error) {
	return many(ctx, t.tx, "list woken requests", pgx.RowToStructByPos[Wake],
		`SELECT request_id::text, run, basis, load, wip FROM team_wake WHERE portfolio = $1`, t.portfolio)
}

const saveWakes = `
WITH gone AS (DELETE FROM team_wake WHERE portfolio = $1 AND NOT request_id = ANY ($2::uuid[]))
INSERT INTO team_wake (portfolio, request_id, run, basis, load, wip)
SELECT $1, w.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::float8[], $6::int[]) AS w
ON CONFLICT (portfolio, request_id) DO UPDATE SET run = excluded.run, basis = excluded.basis, load = excluded.load, wip = excluded.wip`

// SaveWakes replaces what the run before recorded.
func (t *PortfolioTx) SaveWakes(ctx context.Context, wakes []Wake) error {
	n := len(wakes)
	ids, runs, bases, loads, wips := make([]string, n), make([]string, n), make([]string, n), make([]float64, n), make([]int, n)
	for i, w := range wakes {
		ids[i], runs[i], bases[i], loads[i], wips[i] = w.RequestID, w.Run, w.Basis, w.Load, w.WIP
	}
	_, err := write(ctx, t.tx, "store woken requests", saveWakes, t.portfolio, ids, runs, bases, loads, wips)
	return err
}
