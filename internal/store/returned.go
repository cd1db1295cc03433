package store

import "context"

// Only what was pulled before can have given its slot back, so that the snapshots of the other waiting requests are not read.
const selectReturned = `
SELECT ` + rowColumns + ` FROM request r
LEFT JOIN slot s ON s.request_id = r.id
LEFT JOIN portfolio p ON p.id = r.portfolio
LEFT JOIN ranking k ON k.run_no = p.current_run AND k.request_id = r.id
WHERE r.portfolio = $1 AND r.waits_for = 'pull' AND r.pulled_at IS NOT NULL AND s.request_id IS NULL
    AND r.snapshot -> 'returned' IS NOT NULL
ORDER BY r.pulled_at, r.id`

// Returned lists the requests that wait for a pull and gave their slot back because they could not go on, the earliest pulled first.
func (t *PortfolioTx) Returned(ctx context.Context) ([]Row, error) {
	return many(ctx, t.tx, "list requests that gave their slot back", scanRow, selectReturned, t.portfolio)
}
