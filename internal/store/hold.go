package store

import (
	"context"
	"time"
)

// A hold that a snapshot confirmed for the same team stays confirmed and firm; for another team it is a new offer.
const holdCapacity = `
INSERT INTO capacity_hold AS h (request_id, team, size, at, firm, confirmed) VALUES ($1, $2, $3, $4, false, false)
ON CONFLICT (request_id) DO UPDATE SET team = excluded.team, size = excluded.size, at = excluded.at,
    firm = h.firm AND h.team = excluded.team, confirmed = h.confirmed AND h.team = excluded.team`

// HoldCapacity holds capacity of a team for a request, in place of what it held before.
func (t *portfolioTx) HoldCapacity(ctx context.Context, id, team string, size float64, at time.Time) error {
	_, err := write(ctx, t.tx, "hold capacity", holdCapacity, id, team, size, at)
	return err
}

const wantRunAfter = `
, freed AS MATERIALIZED (SELECT count(*) AS n FROM gone)
UPDATE portfolio SET run_wanted_since = clock_timestamp()
WHERE id = $2 AND run_wanted_since IS NULL AND (SELECT n FROM freed) > 0 AND EXISTS (` + somebodyWaits + `)`

// ReleaseCapacity gives back what a request holds, if anything.
func (t *portfolioTx) ReleaseCapacity(ctx context.Context, id string) error {
	_, err := write(ctx, t.tx, "release capacity",
		`WITH gone AS (DELETE FROM capacity_hold WHERE request_id = $1 RETURNING request_id)`+wantRunAfter, id, t.portfolio)
	return err
}

// ReturnSlot takes a slot back that this run gave and the request never confirmed.
func (t *portfolioTx) ReturnSlot(ctx context.Context, id, run string) error {
	_, err := write(ctx, t.tx, "return slot",
		`WITH gone AS (DELETE FROM slot WHERE request_id = $1 AND run = $3 AND NOT confirmed RETURNING request_id)`+wantRunAfter, id, t.portfolio, run)
	return err
}
