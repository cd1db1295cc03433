package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
)

// MostFinished is how many delivered requests a retrospective reads: the latest.
const MostFinished = 5000

// selectFinished reads delivered requests with the plan that was agreed first. Confidential ones count too: nothing of one request is shown.
const selectFinished = `
SELECT r.approach, coalesce(r.snapshot #>> '{approach,recommended}', ''), first.plan, r.pulled_at, r.started_at, r.accepted_at,
    coalesce((r.snapshot ->> 'reworks')::int, 0), coalesce(r.snapshot ->> 'remarks', '') <> '', coalesce(r.snapshot ->> 'benefit', '')
FROM request r LEFT JOIN LATERAL (SELECT l.body -> 'plan' AS plan FROM ledger l WHERE l.request_id = r.id AND l.event = $3 AND l.body ? 'plan' ORDER BY l.position LIMIT 1) first ON true
WHERE r.accepted_at >= $1 AND r.pulled_at IS NOT NULL AND ($2 = '' OR r.portfolio = $2) ORDER BY r.accepted_at DESC LIMIT $4`

// Finished reads the requests that were delivered since a time, of a portfolio or of all.
func (s *Store) Finished(ctx context.Context, portfolio string, since time.Time) ([]approach.Finished, error) {
	return many(ctx, s.pool, "read finished requests", func(row pgx.CollectableRow) (approach.Finished, error) {
		var f approach.Finished
		var plan []byte
		var started *time.Time
		if err := row.Scan(&f.Approach, &f.Recommended, &plan, &f.PulledAt, &started, &f.AcceptedAt, &f.Reworks, &f.Remarks, &f.Benefit); err != nil {
			return f, err
		}
		if started != nil {
			f.StartedAt = *started
		}
		if len(plan) == 0 {
			return f, nil
		}
		f.First = new(pmo.Plan)
		if err := json.Unmarshal(plan, f.First); err != nil {
			return f, fmt.Errorf("decode the first agreed plan: %w", err)
		}
		return f, nil
	}, selectFinished, since, portfolio, pmo.EventPlanned, MostFinished)
}
