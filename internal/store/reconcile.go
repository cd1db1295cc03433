package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Head is the part of a row that reconciliation compares.
type Head struct {
	ID         string
	Number     int64
	RunID      string
	Epoch, Seq int64
	Stage      pmo.Stage
	Status     pmo.Status
	StageSince time.Time
	Projected  time.Time
	NextDue    *time.Time // when it does something next by itself; nil: nothing is known
}

const selectHeads = `SELECT id::text, coalesce(number, 0), run_id, epoch, seq, stage, status, stage_since, projected_at, next_due_at FROM request`

func scanHead(row pgx.CollectableRow) (Head, error) {
	var h Head
	return h, row.Scan(&h.ID, &h.Number, &h.RunID, &h.Epoch, &h.Seq, &h.Stage, &h.Status, &h.StageSince, &h.Projected, &h.NextDue)
}

// OpenHeads lists the requests that are not closed, by id, after the given one.
func (s *Store) OpenHeads(ctx context.Context, after string, limit int) ([]Head, error) {
	return many(ctx, s.pool, "list open requests", scanHead,
		selectHeads+` WHERE status <> 'closed' AND ($1 = '' OR id > nullif($1, '')::uuid) ORDER BY id LIMIT $2`, after, limit)
}

// ChangedHeads lists the open requests projected since a time, the earliest first.
func (s *Store) ChangedHeads(ctx context.Context, since time.Time, limit int) ([]Head, error) {
	return many(ctx, s.pool, "list changed requests", scanHead,
		selectHeads+` WHERE status <> 'closed' AND projected_at >= $1 ORDER BY projected_at, id LIMIT $2`, since, limit)
}

// WithoutRow lists those of the given requests that have no row.
func (s *Store) WithoutRow(ctx context.Context, ids []string) ([]string, error) {
	return many(ctx, s.pool, "list requests without a row", pgx.RowTo[string],
		`SELECT i FROM unnest($1::text[]) AS i WHERE NOT EXISTS (SELECT FROM request r WHERE r.id = i::uuid)`, ids)
}

// EpochOf is the epoch of an execution of a request's workflow; zero when it has written nothing yet.
func (s *Store) EpochOf(ctx context.Context, id, runID string) (int64, error) {
	epoch, err := one(ctx, s.pool, "read epoch", pgx.RowTo[int64], `SELECT epoch FROM workflow_run WHERE request_id = $1 AND run_id = $2`, id, runID)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return epoch, err
}

// CountLedgerEntries counts the ledger entries that the process of a request wrote; those of comments and attachments have the seq 0. Those that
// are retracted do not count.
func (s *Store) CountLedgerEntries(ctx context.Context, id string) (int64, error) {
	return one(ctx, s.pool, "count ledger entries", pgx.RowTo[int64], `SELECT count(*) FROM ledger l WHERE l.request_id = $1 AND l.seq > 0 AND `+notRetracted, id)
}

// AddLedgerEntries adds the missing entries; stored ones stay unchanged, deduplicated by key.
func (s *Store) AddLedgerEntries(ctx context.Context, id string, entries []pmo.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	list, err := document(entries)
	if err != nil {
		return err
	}
	return s.inTx(ctx, "add ledger entries", func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, "add ledger entries", lockRequest, id); err != nil {
			return err
		}
		_, err := write(ctx, tx, "add ledger entries", insertEntries, id, list)
		return err
	})
}

// Rewrite replaces a request's row, questions, slot and hold by a state, whatever is stored, unless the row was projected after readAt:
// then the workflow itself has written a newer state. written is whether it replaced them.
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

// Now is the time of the database's clock, which dates the rows.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	return one(ctx, s.pool, "read the clock", pgx.RowTo[time.Time], `SELECT now()`)
}

// releaseOrphans deletes slots and holds that no request will confirm: their request does not exist, or neither uses nor waits for them.
// A newer one may not be confirmed yet.
const releaseOrphans = `
WITH working AS (SELECT id, snapshot, waits_for FROM request WHERE status NOT IN ('closed', 'on_hold') AND accepted_at IS NULL),
slots AS (DELETE FROM slot s WHERE s.at < $1 AND NOT EXISTS (SELECT FROM working r WHERE r.id = s.request_id
        AND (r.snapshot ? 'pull' OR r.waits_for = 'pull')) RETURNING request_id),
holds AS (DELETE FROM capacity_hold h WHERE h.at < $1 AND NOT EXISTS (SELECT FROM working r WHERE r.id = h.request_id
        AND (r.snapshot ? 'assignment' OR r.waits_for = 'team')) RETURNING request_id)
SELECT request_id::text FROM slots UNION SELECT request_id::text FROM holds`

// ReleaseOrphans deletes slots and holds, created before a time, that no request can use, and returns the ids of their requests.
func (s *Store) ReleaseOrphans(ctx context.Context, before time.Time) ([]string, error) {
	return many(ctx, s.pool, "release orphans", pgx.RowTo[string], releaseOrphans, before)
}

// OpenAmong lists those of the given requests whose row is not closed.
func (s *Store) OpenAmong(ctx context.Context, ids []string) ([]string, error) {
	return many(ctx, s.pool, "list open requests", pgx.RowTo[string],
		`SELECT id::text FROM request WHERE status <> 'closed' AND id = ANY ($1::text[]::uuid[]) ORDER BY request.id`, ids)
}

// FinalSnapshots lists the final snapshots of closed requests, by id, after the given one.
func (s *Store) FinalSnapshots(ctx context.Context, after string, limit int) ([]Row, error) {
	return many(ctx, s.pool, "list final snapshots", func(row pgx.CollectableRow) (Row, error) {
		var r Row
		err := row.Scan(&r.RunID, &r.Request)
		return r, err
	}, `SELECT run_id, snapshot FROM final_snapshot WHERE $1 = '' OR request_id > nullif($1, '')::uuid ORDER BY request_id LIMIT $2`, after, limit)
}

// Checkpoint is the time up to which reconciliation has covered a part of its work; zero at first, and after the database was restored.
func (s *Store) Checkpoint(ctx context.Context, part string) (time.Time, error) {
	at, err := one(ctx, s.pool, "read checkpoint", pgx.RowTo[time.Time], `SELECT at FROM reconcile_mark WHERE part = $1 AND cluster = $2`, part, s.cluster(ctx))
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	return at, err
}

// SetCheckpoint stores the time up to which reconciliation has covered a part of its work.
func (s *Store) SetCheckpoint(ctx context.Context, part string, at time.Time) error {
	_, err := write(ctx, s.pool, "store checkpoint", `INSERT INTO reconcile_mark (part, at, cluster) VALUES ($1, $2, $3)
		ON CONFLICT (part) DO UPDATE SET at = excluded.at, cluster = excluded.cluster`, part, at, s.cluster(ctx))
	return err
}

// cluster identifies the timeline of the database: it changes after a restore from a dump or to a point in time. It is empty if the role
// may not read it; then restores are not detected, and the operator has to run a full pass.
func (s *Store) cluster(ctx context.Context) string {
	name, err := one(ctx, s.pool, "read the cluster id", pgx.RowTo[string],
		`SELECT s.system_identifier || '/' || c.timeline_id || '/' || d.oid FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`)
	if err != nil {
		return ""
	}
	return name
}

// SaveFinding stores a finding and returns whether it is new or has changed.
func (s *Store) SaveFinding(ctx context.Context, id, class, words string, at time.Time) (bool, error) {
	n, err := write(ctx, s.pool, "save finding", `INSERT INTO finding AS f (request_id, class, since, words) VALUES ($1, $2, $3, $4)
		ON CONFLICT (request_id, class) DO UPDATE SET words = excluded.words WHERE f.words <> excluded.words`, id, class, at, clean(words))
	return n > 0, err
}

// HasFinding is whether a finding is stored.
func (s *Store) HasFinding(ctx context.Context, id, class string) (bool, error) {
	return one(ctx, s.pool, "read finding", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM finding WHERE request_id = $1 AND class = $2)`, id, class)
}

// RequestsWithFindings lists the requests that have stored findings.
func (s *Store) RequestsWithFindings(ctx context.Context) ([]string, error) {
	return many(ctx, s.pool, "list requests with findings", pgx.RowTo[string], `SELECT DISTINCT request_id::text FROM finding`)
}

// DeleteFindingsExcept deletes all findings but those of the given requests.
func (s *Store) DeleteFindingsExcept(ctx context.Context, unresolved []string) error {
	_, err := write(ctx, s.pool, "delete findings", `DELETE FROM finding WHERE NOT request_id = ANY ($1::text[]::uuid[])`, unresolved)
	return err
}
