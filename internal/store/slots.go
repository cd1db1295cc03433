package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Prioritizations and assignments write slots and capacity holds under the portfolio's lock, a moment before the request is informed.
// Every projection reconciles both with its snapshot, so that none leaks: it confirms what the snapshot contains, deletes what the
// snapshot no longer contains, and keeps what the request has not yet been informed of.

// somebodyWaits finds a request to which a prioritization of portfolio $2 could give something. Request $1 itself looks for a team
// without a prioritization.
const somebodyWaits = `
SELECT FROM request r WHERE r.portfolio = $2 AND r.waits_for <> ''
AND (r.waits_for = 'team' AND r.id <> $1 OR r.waits_for = 'pull' AND NOT EXISTS (SELECT FROM slot s WHERE s.request_id = r.id))`

const (
	confirmSlot = `
INSERT INTO slot (request_id, portfolio, class, run, at, confirmed) VALUES ($1, $2, $3, $4, $5, true)
ON CONFLICT (request_id) DO UPDATE SET portfolio = excluded.portfolio, class = excluded.class, run = excluded.run, at = excluded.at, confirmed = true`
	confirmCapacity = `
INSERT INTO capacity_hold (request_id, team, size, at, firm, second_team, second_size, second_firm, confirmed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true)
ON CONFLICT (request_id) DO UPDATE SET team = excluded.team, size = excluded.size, at = excluded.at, firm = excluded.firm,
    second_team = excluded.second_team, second_size = excluded.second_size, second_firm = excluded.second_firm, confirmed = true`
	// release deletes what the snapshot no longer needs. If that frees something another request waits for, or if the request is a new
	// expedite one, it records that a prioritization is wanted, and why. The order slots, holds, portfolio row is the same as in a
	// prioritization, which prevents deadlocks.
	release = `
WITH slots AS (DELETE FROM slot WHERE request_id = $1 AND NOT $3 AND (confirmed OR NOT $4) RETURNING request_id),
holds AS (DELETE FROM capacity_hold WHERE request_id = $1 AND NOT $5 AND (confirmed OR NOT $6 OR team = ANY ($7) OR second_team = ANY ($7)) RETURNING request_id),
freed AS MATERIALIZED (SELECT (SELECT count(*) FROM slots) + (SELECT count(*) FROM holds) AS n)
UPDATE portfolio SET run_wanted_since = clock_timestamp(), run_wanted_cause = CASE WHEN $8 THEN 'expedite' ELSE 'capacity' END
WHERE id = $2 AND run_wanted_since IS NULL AND ((SELECT n FROM freed) > 0 OR $8) AND EXISTS (` + somebodyWaits + `)`
)

// mayHold is whether the request may hold a slot and capacity at all.
func (p *projection) mayHold() bool {
	r := p.snapshot
	return !r.Closed() && !r.Delivered() && r.Status != pmo.StatusOnHold
}

func (p *projection) needsSlot() bool { return p.mayHold() && p.snapshot.Pulled() }

func (p *projection) needsCapacity() bool { return p.mayHold() && p.snapshot.Assignment != nil }

func (p *projection) reconcileSlots(batch *pgx.Batch) {
	r := p.snapshot
	if p.needsSlot() {
		batch.Queue(confirmSlot, r.ID, clean(r.Portfolio), clean(classOf(r.Content)), clean(r.Pull.Run), r.Pull.At)
	}
	if p.needsCapacity() {
		a, second := r.Assignment, pmo.TeamPart{}
		if a.Second != nil {
			second = *a.Second
		}
		batch.Queue(confirmCapacity, r.ID, clean(a.Team), a.Size, a.OfferedAt, !a.ConfirmedAt.IsZero(), clean(second.Team), second.Size, !second.ConfirmedAt.IsZero())
	}
	waits := waitsFor(r)
	// An unconfirmed slot stays while the request can still take it; not when it was taken and lost between two projections.
	keepSlot := r.MayTakeSlot() && !p.happened(pmo.EventPulled)
	keepHold := waits == waitsForTeam
	declined := []string{}
	if p.happened(pmo.EventDeclined) {
		declined = cleanAll(r.DeclinedTeams())
	}
	expedite := waits == waitsForPull && r.Content.Class == pmo.ClassExpedite && !p.wasExpedited
	batch.Queue(release, r.ID, clean(r.Portfolio), p.needsSlot(), keepSlot, p.needsCapacity(), keepHold, declined, expedite)
}

// A hold that a snapshot confirmed for the same teams stays confirmed and firm; for others it is a new offer.
const holdCapacity = `
INSERT INTO capacity_hold AS h (request_id, team, size, at, firm, confirmed, batch, second_team, second_size) VALUES ($1, $2, $3, $4, false, false, nullif($5, 0), $6, $7)
ON CONFLICT (request_id) DO UPDATE SET team = excluded.team, size = excluded.size, at = excluded.at, batch = excluded.batch,
    second_team = excluded.second_team, second_size = excluded.second_size,
    firm = h.firm AND h.team = excluded.team AND h.second_team = excluded.second_team,
    second_firm = h.second_firm AND h.team = excluded.team AND h.second_team = excluded.second_team,
    confirmed = h.confirmed AND h.team = excluded.team AND h.second_team = excluded.second_team`

// HoldCapacity holds capacity of a team, and of a second one where two are needed, for a request, in place of what it held before. The batch is that
// which gives it; 0 is none.
func (t *PortfolioTx) HoldCapacity(ctx context.Context, id string, place AssignmentPlace, at time.Time, batch int64) error {
	_, err := write(ctx, t.tx, "hold capacity", holdCapacity, id, place.Team, place.Size, at, batch, place.SecondTeam, place.SecondSize)
	return err
}

// wantPrioritization records that a prioritization is wanted if the statement before it deleted something another request waits for.
const wantPrioritization = `
, freed AS MATERIALIZED (SELECT count(*) AS n FROM deleted)
UPDATE portfolio SET run_wanted_since = clock_timestamp(), run_wanted_cause = 'capacity'
WHERE id = $2 AND run_wanted_since IS NULL AND (SELECT n FROM freed) > 0 AND EXISTS (` + somebodyWaits + `)`

// ReleaseCapacity deletes the capacity hold of a request, if there is one.
func (t *PortfolioTx) ReleaseCapacity(ctx context.Context, id string) error {
	_, err := write(ctx, t.tx, "release capacity",
		`WITH deleted AS (DELETE FROM capacity_hold WHERE request_id = $1 RETURNING request_id)`+wantPrioritization, id, t.portfolio)
	return err
}

// ReturnSlot deletes a slot that this prioritization gave and the request never confirmed.
func (t *PortfolioTx) ReturnSlot(ctx context.Context, id, prioritization string) error {
	_, err := write(ctx, t.tx, "return slot",
		`WITH deleted AS (DELETE FROM slot WHERE request_id = $1 AND run = $3 AND NOT confirmed RETURNING request_id)`+wantPrioritization, id, t.portfolio, prioritization)
	return err
}

// Ended is whether an execution of a request's workflow has closed the request's row. Until the transaction ends, the row stays as it is:
// a projection that closes it now comes after, and gives back what the transaction took.
func (t *PortfolioTx) Ended(ctx context.Context, id, runID string) (bool, error) {
	ended, err := one(ctx, t.tx, "read whether a request has ended", pgx.RowTo[bool],
		`SELECT status = 'closed' AND run_id = $2 FROM request WHERE id = $1 FOR SHARE`, id, runID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return ended, err
}

// Slot is a slot as a prioritization gave it.
type Slot struct {
	RequestID, Portfolio, Prioritization string
	At                                   time.Time
}

func scanSlot(row pgx.CollectableRow) (Slot, error) {
	var s Slot
	return s, row.Scan(&s.RequestID, &s.Portfolio, &s.Prioritization, &s.At)
}

// selectUntold finds slots of requests that still wait for a pull, although the slot was given before $1: nobody told them of it.
const selectUntold = `
SELECT s.request_id::text, s.portfolio, s.run, s.at FROM slot s JOIN request r ON r.id = s.request_id
WHERE s.at < $1 AND r.waits_for = 'pull'`

// UntoldSlots lists the portfolio's slots given before a time whose requests were not told of them, the earliest first.
func (t *PortfolioTx) UntoldSlots(ctx context.Context, before time.Time, limit int) ([]Slot, error) {
	return many(ctx, t.tx, "list untold slots", scanSlot, selectUntold+` AND s.portfolio = $2 ORDER BY s.at, s.request_id LIMIT $3`, before, t.portfolio, limit)
}

// UntoldSlots lists the slots of all portfolios given before a time whose requests were not told of them.
func (s *Store) UntoldSlots(ctx context.Context, before time.Time) ([]Slot, error) {
	return many(ctx, s.pool, "list untold slots", scanSlot, selectUntold+` ORDER BY s.request_id`, before)
}
