package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/approach"
)

// MostFinished is how many delivered requests a retrospective reads: the latest.
const MostFinished = 5000

// selectFinished reads delivered requests. Confidential ones count too: nothing of one request is shown. A row that a worker of before 0.10 wrote last,
// during an upgrade, says nothing of what was recommended: then its document does.
const selectFinished = `
SELECT r.approach, CASE r.recommended WHEN '' THEN coalesce(r.snapshot #>> '{approach,recommended}', '') ELSE r.recommended END, r.began, r.planned_end, r.pulled_at, r.started_at, r.accepted_at,
    r.reworks, r.remarked, r.benefit
FROM request r WHERE r.accepted_at >= $1 AND r.pulled_at IS NOT NULL AND ($2 = '' OR r.portfolio = $2) ORDER BY r.accepted_at DESC LIMIT $3`

// Finished reads the requests that were delivered since a time, of a portfolio or of all.
func (s *Store) Finished(ctx context.Context, portfolio string, since time.Time) ([]approach.Finished, error) {
	return many(ctx, s.pool, "read finished requests", func(row pgx.CollectableRow) (approach.Finished, error) {
		var f approach.Finished
		var planned, started *time.Time
		err := row.Scan(&f.Approach, &f.Recommended, &f.Began, &planned, &f.PulledAt, &started, &f.AcceptedAt, &f.Reworks, &f.Remarks, &f.Benefit)
		f.PlannedEnd, f.StartedAt = timeOf(planned), timeOf(started)
		return f, err
	}, selectFinished, since, portfolio, MostFinished)
}

// timeOf is the time of a column, zero where it is null.
func timeOf(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
