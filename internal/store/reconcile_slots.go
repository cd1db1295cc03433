package store

import (
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Slots and capacity holds are taken by runs and assignments under the portfolio's lock, a moment before the request knows of them.
// Every projection makes them agree with its snapshot, so that none leaks: what the snapshot names is confirmed, what it no longer
// names is given back, and what is still on its way to the request stays.

const takeSlot = `
INSERT INTO slot (request_id, portfolio, class, run, at, confirmed) VALUES ($1, $2, $3, $4, $5, true)
ON CONFLICT (request_id) DO UPDATE SET portfolio = excluded.portfolio, class = excluded.class, run = excluded.run, at = excluded.at, confirmed = true`

const takeCapacity = `
INSERT INTO capacity_hold (request_id, team, size, at, firm, confirmed) VALUES ($1, $2, $3, $4, $5, true)
ON CONFLICT (request_id) DO UPDATE SET team = excluded.team, size = excluded.size, at = excluded.at, firm = excluded.firm, confirmed = true`

// works tells whether the request may hold a slot and capacity at all.
func (p *projection) works() bool {
	r := p.snapshot
	return !r.Closed() && !r.Delivered() && r.Status != pmo.StatusOnHold
}

func (p *projection) needsSlot() bool { return p.works() && p.snapshot.Pulled() }

func (p *projection) needsCapacity() bool { return p.works() && p.snapshot.Assignment != nil }

func (p *projection) putSlot(batch *pgx.Batch) {
	if !p.needsSlot() {
		return
	}
	r := p.snapshot
	batch.Queue(takeSlot, r.ID, clean(r.Portfolio), clean(classOf(r.Content)), clean(r.Pull.Run), r.Pull.At)
}

func (p *projection) putHold(batch *pgx.Batch) {
	if !p.needsCapacity() {
		return
	}
	a := p.snapshot.Assignment
	batch.Queue(takeCapacity, p.snapshot.ID, clean(a.Team), a.Size, a.OfferedAt, !a.ConfirmedAt.IsZero())
}

// release deletes what the snapshot no longer needs and, if that or a new expedite request gives a run something to do, wants one.
// Slots and holds come before the portfolio's row here as in a run: the same order everywhere leaves no deadlock.
const release = `
WITH slots AS (DELETE FROM slot WHERE request_id = $1 AND NOT $3 AND (confirmed OR NOT $4) RETURNING request_id),
holds AS (DELETE FROM capacity_hold WHERE request_id = $1 AND NOT $5 AND (confirmed OR NOT $6 OR team = ANY ($7)) RETURNING request_id),
freed AS MATERIALIZED (SELECT (SELECT count(*) FROM slots) + (SELECT count(*) FROM holds) AS n)
UPDATE portfolio SET run_wanted_since = clock_timestamp()
WHERE id = $2 AND run_wanted_since IS NULL AND ((SELECT n FROM freed) > 0 OR $8) AND EXISTS (` + somebodyWaits + `)`

// somebodyWaits finds a request a run of portfolio $2 could give something to. Request $1 itself looks for a team without a run's help.
const somebodyWaits = `
SELECT FROM request r WHERE r.portfolio = $2 AND r.waits_for <> ''
AND (r.waits_for = 'team' AND r.id <> $1 OR r.waits_for = 'pull' AND NOT EXISTS (SELECT FROM slot s WHERE s.request_id = r.id))`

func (p *projection) release(batch *pgx.Batch) {
	r := p.snapshot
	waits := waitsFor(r)
	// A slot on its way stays while the request can still take it. One that was taken and lost between two projections is not on its way.
	slotComing := waits == waitsForPull && !p.happened(pmo.EventPulled)
	holdComing := waits == waitsForTeam
	declined := []string{}
	if p.happened(pmo.EventDeclined) {
		declined = cleanAll(r.DeclinedTeams())
	}
	expedite := waits == waitsForPull && r.Content.Class == pmo.ClassExpedite && !p.wasExpedited
	batch.Queue(release, r.ID, clean(r.Portfolio), p.needsSlot(), slotComing, p.needsCapacity(), holdComing, declined, expedite)
}
