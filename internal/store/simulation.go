package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/forecast"
	"leanpmo/internal/simulate"
)

// Arrived reads the requests of the portfolio that were submitted since a time and came into the backlog, the newest first and at most so many.
func (t *PortfolioTx) Arrived(ctx context.Context, since time.Time, most int) ([]PastRequest, error) {
	return many(ctx, t.tx, "read requests that came into the backlog", scanPast, `SELECT `+pastColumns+` FROM request r
WHERE r.portfolio = $1 AND r.submitted_at >= $2
    AND EXISTS (SELECT FROM ledger l WHERE l.request_id = r.id AND l.event = 'stage_entered' AND l.key LIKE 'stage\_entered/prioritization%')
ORDER BY r.submitted_at DESC, r.id DESC LIMIT $3`, t.portfolio, since, most)
}

// ImportedArrivals reads when imported work of the portfolio was created and finished that was finished since a time, the newest first and at most so many.
// What has no time of creation is left out.
func (t *PortfolioTx) ImportedArrivals(ctx context.Context, since time.Time, most int) ([]simulate.Imported, error) {
	return many(ctx, t.tx, "read when imported work was created", pgx.RowToStructByPos[simulate.Imported], `SELECT created_at, finished_at FROM imported_work
WHERE portfolio = $1 AND finished_at >= $2 AND created_at IS NOT NULL ORDER BY finished_at DESC, id DESC LIMIT $3`, t.portfolio, since, most)
}

// BacklogRows reads the requests that may be pulled now, whole: the best ranked first, and at most so many.
func (t *PortfolioTx) BacklogRows(ctx context.Context, most int) ([]Row, error) {
	return many(ctx, t.tx, "read the backlog", scanRow, selectRows+`
WHERE r.portfolio = $1 AND r.waits_for = 'pull' AND s.request_id IS NULL ORDER BY k.rank NULLS LAST, r.submitted_at, r.id LIMIT $2`, t.portfolio, most)
}

// SlotRows reads the requests that hold a slot, whole.
func (t *PortfolioTx) SlotRows(ctx context.Context) ([]Row, error) {
	return many(ctx, t.tx, "read what holds a slot", scanRow, selectRows+` WHERE s.portfolio = $1 ORDER BY r.id`, t.portfolio)
}

// Cycles is that of the store, in the transaction.
func (t *PortfolioTx) Cycles(ctx context.Context, since time.Time) ([]forecast.Cycle, error) {
	return cyclesSince(ctx, t.tx, t.portfolio, since)
}
