package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Project writes a snapshot and ledger entries in one transaction of two round trips.
//
// The snapshot is written when it is newer than the stored one by (epoch of runID, version of the workflow task that sent it, seq); the
// open questions, the slot and the capacity hold are then reconciled with it. A stale snapshot changes none of these, but its entries are
// stored: they happened. Project returns the newest stored ledger seq of this execution, and the cause if the caller is to request a
// prioritization (CauseCapacity or CauseExpedite; empty otherwise).
func (s *Store) Project(ctx context.Context, runID string, snapshot pmo.Request, entries []pmo.Entry) (ledgerSeq int64, cause string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	p := projection{runID: runID, snapshot: &snapshot, entries: entries}
	err = s.pipelined(ctx, "project", p.putSnapshot, func(batch *pgx.Batch) error {
		err := p.putDependents(batch)
		p.requestPrioritization(batch)
		return err
	})
	return min(p.storedSeq, p.newest()), p.cause, err
}

type projection struct {
	runID    string
	snapshot *pmo.Request
	entries  []pmo.Entry

	applied      bool // the snapshot was newer than the stored one
	wasExpedited bool // the request already waited as an expedite one
	storedSeq    int64
	cause        string // of the prioritization the caller is to request
}

// newest is the last entry that this execution has sent. An execution after a reset counts from a lower number than the one before: to
// confirm the numbers of that one would make the workflow drop entries it has not sent yet.
func (p *projection) newest() int64 {
	newest := p.snapshot.LedgerSeq
	for _, e := range p.entries {
		newest = max(newest, e.Seq)
	}
	return newest
}

// write runs the projection inside a transaction that does more.
func (p *projection) write(ctx context.Context, tx pgx.Tx) error {
	for _, put := range []func(*pgx.Batch) error{p.putSnapshot, p.putDependents} {
		batch := &pgx.Batch{}
		if err := put(batch); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
	}
	return nil
}

// Nothing can be locked by row before the first write, hence the advisory lock: the epochs of one request are given one by one.
const (
	lockRequest   = `SELECT pg_advisory_xact_lock(hashtextextended('request/' || $1, 0))`
	registerEpoch = `
INSERT INTO workflow_run (request_id, run_id, epoch, after_position)
SELECT $1, $2, coalesce(max(epoch), 0) + 1, (SELECT coalesce(max(position), 0) FROM ledger WHERE request_id = $1) FROM workflow_run WHERE request_id = $1
ON CONFLICT (request_id, run_id) DO NOTHING`
	ensurePortfolio = `INSERT INTO portfolio (id) SELECT $1 WHERE $1 <> '' ON CONFLICT (id) DO NOTHING`
)

func (p *projection) putSnapshot(batch *pgx.Batch) error {
	args, err := requestRow(p.runID, p.snapshot)
	if err != nil {
		return err
	}
	batch.Queue(lockRequest, p.snapshot.ID)
	batch.Queue(registerEpoch, p.snapshot.ID, p.runID)
	batch.Queue(ensurePortfolio, clean(p.snapshot.Portfolio))
	batch.Queue(upsertRequest, args).QueryRow(func(row pgx.Row) error { return row.Scan(&p.applied, &p.wasExpedited) })
	return nil
}

// putDependents writes the entries and, if the snapshot was newer, the rows that depend on it.
func (p *projection) putDependents(batch *pgx.Batch) error {
	if err := p.putEntries(batch); err != nil {
		return err
	}
	if p.applied {
		if err := p.putQuestions(batch); err != nil {
			return err
		}
		p.reconcileSlots(batch)
		p.dropMergeClaim(batch)
		if err := p.putLost(batch); err != nil {
			return err
		}
		if err := p.putPointsReturned(batch); err != nil {
			return err
		}
	}
	batch.Queue(`SELECT coalesce(max(seq), 0) FROM ledger WHERE request_id = $1`, p.snapshot.ID).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.storedSeq)
	})
	return nil
}

// Entries are inserted in their order, so that their positions have the same order. One that was retracted as lost and has happened after all,
// because its command came again, gets a key of its own.
const insertEntries = `
INSERT INTO ledger (request_id, seq, key, at, event, body)
SELECT $1, (e ->> 'seq')::bigint, e ->> 'key' || CASE WHEN EXISTS (SELECT FROM ledger x WHERE x.request_id = $1 AND x.key = '` + retractedKey + `' || (e ->> 'key')
    AND x.event = '` + pmo.EventRetracted + `') THEN '` + again + `' ELSE '' END, (e ->> 'at')::timestamptz, e ->> 'event', e
FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS list(e, place) ORDER BY place
ON CONFLICT (request_id, key) DO NOTHING`

func (p *projection) putEntries(batch *pgx.Batch) error {
	if len(p.entries) == 0 {
		return nil
	}
	entries, err := document(p.entries)
	if err != nil {
		return err
	}
	batch.Queue(insertEntries, p.snapshot.ID, entries)
	return nil
}

const insertQuestions = `
INSERT INTO question (request_id, id, kind, asked, waiting, voted, due_at, opened_at, body)
SELECT $1, q.id, q.kind, q.asked, q.waiting, q.voted, q.due_at, q.opened_at, q.body
FROM jsonb_to_recordset($2::jsonb) AS q(id text, kind text, asked text[], waiting text[], voted text[], due_at timestamptz, opened_at timestamptz, body jsonb)`

func (p *projection) putQuestions(batch *pgx.Batch) error {
	rows, err := questionRows(p.snapshot)
	if err != nil {
		return fmt.Errorf("write the questions of %s: %w", p.snapshot.ID, err)
	}
	batch.Queue(`DELETE FROM question WHERE request_id = $1`, p.snapshot.ID)
	batch.Queue(insertQuestions, p.snapshot.ID, rows)
	return nil
}

// happened is whether an event is among the entries.
func (p *projection) happened(event string) bool {
	return slices.ContainsFunc(p.entries, func(e pmo.Entry) bool { return e.Event == event })
}

// repeatRequestAfter is the delay before a prioritization that was requested and has not happened is requested again: the call may have
// been lost with its worker. It is shorter than the ten seconds after which Temporal retries a lost workflow task, so the retried task
// repeats the request.
const repeatRequestAfter = 5 * time.Second

// The times are those of the clock, not of the transaction: a transaction that began earlier may write run_wanted_since later.
const requestPrioritization = `
UPDATE portfolio SET run_asked_at = clock_timestamp() WHERE id = $1 AND run_wanted_since IS NOT NULL
AND (run_asked_at IS NULL OR run_asked_at < run_wanted_since OR run_asked_at < clock_timestamp() - $2::interval)
RETURNING run_wanted_cause`

// requestPrioritization selects one of the callers that find a prioritization wanted, so that it is requested once.
func (p *projection) requestPrioritization(batch *pgx.Batch) {
	batch.Queue(requestPrioritization, clean(p.snapshot.Portfolio), repeatRequestAfter).QueryRow(func(row pgx.Row) error {
		if err := row.Scan(&p.cause); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return nil // none is wanted, or another caller has requested it
	})
}

// RequestPrioritization returns why a prioritization of a portfolio is wanted, once for each time it is; empty when none is, or when another caller
// has requested it.
func (s *Store) RequestPrioritization(ctx context.Context, portfolio string) (cause string, err error) {
	cause, err = one(ctx, s.pool, "request a wanted prioritization", pgx.RowTo[string], requestPrioritization, clean(portfolio), repeatRequestAfter)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return cause, err
}

// PrioritizationNotRequested records that a caller could not request the wanted prioritization: the next projection requests it.
func (s *Store) PrioritizationNotRequested(ctx context.Context, portfolio string) error {
	_, err := write(ctx, s.pool, "record a failed request for a prioritization", `UPDATE portfolio SET run_asked_at = NULL WHERE id = $1`, clean(portfolio))
	return err
}
