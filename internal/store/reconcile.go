package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Head is what reconciliation compares of a row.
type Head struct {
	ID         string
	Number     int64
	RunID      string
	Epoch, Seq int64
	Stage      pmo.Stage
	Status     pmo.Status
	StageSince time.Time
	Projected  time.Time
}

const selectHeads = `SELECT id::text, coalesce(number, 0), run_id, epoch, seq, stage, status, stage_since, projected_at FROM request`

func scanHead(row pgx.CollectableRow) (Head, error) {
	var h Head
	return h, row.Scan(&h.ID, &h.Number, &h.RunID, &h.Epoch, &h.Seq, &h.Stage, &h.Status, &h.StageSince, &h.Projected)
}

// OpenHeads lists the requests that are not closed, by id, after one.
func (s *Store) OpenHeads(ctx context.Context, after string, limit int) ([]Head, error) {
	return many(ctx, s.pool, "open requests", scanHead,
		selectHeads+` WHERE status <> 'closed' AND ($1 = '' OR id > nullif($1, '')::uuid) ORDER BY id LIMIT $2`, after, limit)
}

// ChangedHeads lists the open requests projected since a moment, the longest ago first.
func (s *Store) ChangedHeads(ctx context.Context, since time.Time, limit int) ([]Head, error) {
	return many(ctx, s.pool, "changed requests", scanHead,
		selectHeads+` WHERE status <> 'closed' AND projected_at >= $1 ORDER BY projected_at, id LIMIT $2`, since, limit)
}

// Unknown tells which of these requests have no row.
func (s *Store) Unknown(ctx context.Context, ids []string) ([]string, error) {
	return many(ctx, s.pool, "unknown requests", pgx.RowTo[string],
		`SELECT i FROM unnest($1::text[]) AS i WHERE NOT EXISTS (SELECT FROM request r WHERE r.id = i::uuid)`, ids)
}

// EpochOf is the epoch of a run of a request's workflow; zero when it has written nothing yet.
func (s *Store) EpochOf(ctx context.Context, id, runID string) (int64, error) {
	epoch, err := one(ctx, s.pool, "epoch", pgx.RowTo[int64], `SELECT epoch FROM workflow_run WHERE request_id = $1 AND run_id = $2`, id, runID)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return epoch, err
}

// LedgerLines counts the lines a request's ledger has.
func (s *Store) LedgerLines(ctx context.Context, id string) (int64, error) {
	return one(ctx, s.pool, "ledger lines", pgx.RowTo[int64], `SELECT count(*) FROM ledger WHERE request_id = $1`, id)
}

// AddLedgerEntries adds the entries that are missing; those on file stay as they are.
func (s *Store) AddLedgerEntries(ctx context.Context, id string, entries []pmo.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	list, err := document(entries)
	if err != nil {
		return err
	}
	_, err = write(ctx, s.pool, "tell the ledger", insertEntries, id, list)
	return err
}

// Rewrite makes a request's row, questions, slot and hold anew from a state, whatever is on file, unless it was projected after readAt:
// then the process itself has just told better. It tells whether it wrote.
func (s *Store) Rewrite(ctx context.Context, runID string, state pmo.Request, readAt time.Time) (written bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err = s.inTx(ctx, "rewrite", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockRequest, state.ID); err != nil {
			return fault("rewrite", err)
		}
		var fresh bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM request WHERE id = $1 AND projected_at > $2)`, state.ID, readAt).Scan(&fresh); err != nil || fresh {
			return fault("rewrite", err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM request WHERE id = $1`, state.ID); err != nil {
			return fault("rewrite", err)
		}
		p := projection{runID: runID, snapshot: &state}
		err := p.write(ctx, tx)
		written = p.applied
		return err
	})
	return written && err == nil, err
}

// Now is the database's clock, by which rows are dated.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	return one(ctx, s.pool, "clock", pgx.RowTo[time.Time], `SELECT now()`)
}

// orphans are slots and holds nobody will confirm: their request is unknown, or neither works nor waits for them. A younger one may
// just be on its way.
const orphans = `
WITH working AS (SELECT id, snapshot, waits_for FROM request WHERE status NOT IN ('closed', 'on_hold') AND accepted_at IS NULL),
slots AS (DELETE FROM slot s WHERE s.at < $1 AND NOT EXISTS (SELECT FROM working r WHERE r.id = s.request_id
        AND (r.snapshot ? 'pull' OR r.waits_for = 'pull')) RETURNING request_id),
holds AS (DELETE FROM capacity_hold h WHERE h.at < $1 AND NOT EXISTS (SELECT FROM working r WHERE r.id = h.request_id
        AND (r.snapshot ? 'assignment' OR r.waits_for = 'team')) RETURNING request_id)
SELECT request_id::text FROM slots UNION SELECT request_id::text FROM holds`

// ReleaseOrphans gives back slots and holds older than a moment that no request can use, and names who had them.
func (s *Store) ReleaseOrphans(ctx context.Context, before time.Time) ([]string, error) {
	return many(ctx, s.pool, "return strays", pgx.RowTo[string], orphans, before)
}

// FinalSnapshots visits the last states of closed requests by id, after one.
func (s *Store) FinalSnapshots(ctx context.Context, after string, limit int) ([]Row, error) {
	return many(ctx, s.pool, "final snapshots", func(row pgx.CollectableRow) (Row, error) {
		var r Row
		err := row.Scan(&r.RunID, &r.Request)
		return r, err
	}, `SELECT run_id, snapshot FROM final_snapshot WHERE $1 = '' OR request_id > nullif($1, '')::uuid ORDER BY request_id LIMIT $2`, after, limit)
}

// Checkpoint is how far reconciliation has come with a part of its work; zero at the beginning, and after the database was restored.
func (s *Store) Checkpoint(ctx context.Context, part string) (time.Time, error) {
	at, err := one(ctx, s.pool, "mark", pgx.RowTo[time.Time], `SELECT at FROM reconcile_mark WHERE part = $1 AND cluster = $2`, part, s.cluster(ctx))
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	return at, err
}

// SetCheckpoint remembers how far reconciliation has come.
func (s *Store) SetCheckpoint(ctx context.Context, part string, at time.Time) error {
	_, err := write(ctx, s.pool, "set mark", `INSERT INTO reconcile_mark (part, at, cluster) VALUES ($1, $2, $3)
		ON CONFLICT (part) DO UPDATE SET at = excluded.at, cluster = excluded.cluster`, part, at, s.cluster(ctx))
	return err
}

// cluster names the database's line of history: another one after a restore from a dump or to a point in time. Where the role may not
// ask, restores are not noticed and a full pass is the operator's.
func (s *Store) cluster(ctx context.Context) string {
	name, err := one(ctx, s.pool, "cluster", pgx.RowTo[string],
		`SELECT s.system_identifier || '/' || c.timeline_id || '/' || d.oid FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`)
	if err != nil {
		return ""
	}
	return name
}

// SaveFinding remembers a finding; it tells whether it is new or has changed.
func (s *Store) SaveFinding(ctx context.Context, id, class, words string, at time.Time) (bool, error) {
	n, err := write(ctx, s.pool, "note finding", `INSERT INTO finding AS f (request_id, class, since, words) VALUES ($1, $2, $3, $4)
		ON CONFLICT (request_id, class) DO UPDATE SET words = excluded.words WHERE f.words <> excluded.words`, id, class, at, clean(words))
	return n > 0, err
}

// FindingKnown tells whether a finding is known.
func (s *Store) FindingKnown(ctx context.Context, id, class string) (bool, error) {
	return one(ctx, s.pool, "noted finding", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM finding WHERE request_id = $1 AND class = $2)`, id, class)
}

// RequestsWithFindings lists the requests something is known of.
func (s *Store) RequestsWithFindings(ctx context.Context) ([]string, error) {
	return many(ctx, s.pool, "noted requests", pgx.RowTo[string], `SELECT DISTINCT request_id::text FROM finding`)
}

// ForgetFindings drops the findings that are none any more: all but those of the named requests.
func (s *Store) ForgetFindings(ctx context.Context, still []string) error {
	_, err := write(ctx, s.pool, "forget findings", `DELETE FROM finding WHERE NOT request_id = ANY ($1::text[]::uuid[])`, still)
	if err != nil {
		return fmt.Errorf("forget findings: %w", err)
	}
	return nil
}
