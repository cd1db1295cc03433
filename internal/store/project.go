package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"leanpmo/internal/pmo"
)

// Project writes a snapshot and ledger entries in one transaction of two round trips.
//
// The snapshot is written when (epoch of runID, task that tells it, seq) is newer than what is on file; with it the open questions, the slot and the
// capacity hold are made to agree. A stale one changes none of these, but its entries are kept: what happened, happened.
// It returns the newest ledger seq known to be on file for this run, and whether the caller is to ask for a prioritization run.
func (s *Store) Project(ctx context.Context, runID string, snapshot pmo.Request, entries []pmo.Entry) (ledgerSeq int64, wantsRun bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	p := projection{runID: runID, snapshot: &snapshot, entries: entries}
	err = s.pipelined(ctx, "project", p.putSnapshot, func(batch *pgx.Batch) error {
		err := p.putRest(batch)
		p.requestPrioritization(batch)
		return err
	})
	return min(p.onFile, p.newest()), p.wantsPrioritization, err
}

type projection struct {
	runID    string
	snapshot *pmo.Request
	entries  []pmo.Entry

	applied             bool // the snapshot was newer than what was on file
	wasExpedited        bool // it already waited as an expedite request
	onFile              int64
	wantsPrioritization bool
}

// newest is the last entry this run has told of. A reset run counts lower than the run before it: to claim that run's numbers
// as confirmed would make the workflow forget entries it has not sent yet.
func (p *projection) newest() int64 {
	newest := p.snapshot.LedgerSeq
	for _, e := range p.entries {
		newest = max(newest, e.Seq)
	}
	return newest
}

// write is a projection within a transaction that does more.
func (p *projection) write(ctx context.Context, tx pgx.Tx) error {
	for _, put := range []func(*pgx.Batch) error{p.putSnapshot, p.putRest} {
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

// putRest writes what hangs on the snapshot, if that was newer.
func (p *projection) putRest(batch *pgx.Batch) error {
	if err := p.putEntries(batch); err != nil {
		return err
	}
	if p.applied {
		if err := p.putQuestions(batch); err != nil {
			return err
		}
		p.putSlot(batch)
		p.putHold(batch)
		p.release(batch)
	}
	batch.Queue(`SELECT coalesce(max(seq), 0) FROM ledger WHERE request_id = $1`, p.snapshot.ID).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.onFile)
	})
	return nil
}

// askAgain is after how long a wish for a run that was not fulfilled is told once more: the call may have been lost with its worker. It is
// shorter than the ten seconds after which a lost workflow task is done again, so that the task itself makes good for it.
const askAgain = 5 * time.Second

// Moments are those of the clock, not of the transaction: one that began earlier may wish later.
const requestPrioritization = `
UPDATE portfolio SET run_asked_at = clock_timestamp() WHERE id = $1 AND run_wanted_since IS NOT NULL
AND (run_asked_at IS NULL OR run_asked_at < run_wanted_since OR run_asked_at < clock_timestamp() - $2::interval)`

// PrioritizationNotRequested takes back that somebody asks for a wanted run: whoever projects next is told to.
func (s *Store) PrioritizationNotRequested(ctx context.Context, portfolio string) error {
	_, err := write(ctx, s.pool, "run not asked for", `UPDATE portfolio SET run_asked_at = NULL WHERE id = $1`, clean(portfolio))
	return err
}

// requestPrioritization lets one of those who see that a run is wanted ask for it.
func (p *projection) requestPrioritization(batch *pgx.Batch) {
	batch.Queue(requestPrioritization, clean(p.snapshot.Portfolio), askAgain).Exec(func(tag pgconn.CommandTag) error {
		p.wantsPrioritization = tag.RowsAffected() > 0
		return nil
	})
}

// Nothing can be locked by row before the first write, hence the advisory lock: the epochs of one request are given one by one.
const (
	lockRequest   = `SELECT pg_advisory_xact_lock(hashtextextended('request/' || $1, 0))`
	registerEpoch = `
INSERT INTO workflow_run (request_id, run_id, epoch)
SELECT $1, $2, coalesce(max(epoch), 0) + 1 FROM workflow_run WHERE request_id = $1
ON CONFLICT (request_id, run_id) DO NOTHING`
	knowPortfolio = `INSERT INTO portfolio (id) SELECT $1 WHERE $1 <> '' ON CONFLICT (id) DO NOTHING`
)

func (p *projection) putSnapshot(batch *pgx.Batch) error {
	args, err := columns(p.runID, p.snapshot)
	if err != nil {
		return err
	}
	batch.Queue(lockRequest, p.snapshot.ID)
	batch.Queue(registerEpoch, p.snapshot.ID, p.runID)
	batch.Queue(knowPortfolio, clean(p.snapshot.Portfolio))
	batch.Queue(upsertRequest, args).QueryRow(func(row pgx.Row) error { return row.Scan(&p.applied, &p.wasExpedited) })
	return nil
}

// Entries are inserted in their order, so that positions tell it too.
const insertEntries = `
INSERT INTO ledger (request_id, seq, key, at, event, body)
SELECT $1, (e ->> 'seq')::bigint, e ->> 'key', (e ->> 'at')::timestamptz, e ->> 'event', e
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
		return fmt.Errorf("questions of %s: %w", p.snapshot.ID, err)
	}
	batch.Queue(`DELETE FROM question WHERE request_id = $1`, p.snapshot.ID)
	batch.Queue(insertQuestions, p.snapshot.ID, rows)
	return nil
}

// happened tells whether an event is among the entries.
func (p *projection) happened(event string) bool {
	return slices.ContainsFunc(p.entries, func(e pmo.Entry) bool { return e.Event == event })
}
