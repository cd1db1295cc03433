package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// A step writes to Postgres before its workflow task is complete. If the worker ends in between, the task is done again, and may come to
// another result: another team is proposed, or a command is refused that was taken. The entries of the first attempt are then in the ledger
// and did not happen. The ledger is append-only, so an entry retracts them, with the key of what it retracts behind its own event.
const (
	retractedKey = pmo.EventRetracted + `/`
	// notRetracted holds of an entry l that no entry retracts it.
	notRetracted = `NOT EXISTS (SELECT FROM ledger x WHERE x.request_id = l.request_id AND x.key = '` + retractedKey + `' || l.key AND x.event = '` + pmo.EventRetracted + `')`
	// again ends the key of an entry that happened after it had been retracted.
	again = `/again`
	// lostEntries are those that an execution, $2, wrote since it began and whose keys, $3, it does not know.
	lostEntries = `FROM ledger l WHERE l.request_id = $1 AND l.seq > 0 AND ` + notRetracted + `
    AND l.position > (SELECT after_position FROM workflow_run WHERE request_id = $1 AND run_id = $2)
    AND NOT (l.key = ANY ($3::text[]) OR l.key LIKE '%` + again + `' AND left(l.key, -length('` + again + `')) = ANY ($3::text[]))`
	retractEntries = `
INSERT INTO ledger (request_id, seq, key, at, event, body)
SELECT l.request_id, 0, k.key, $4, '` + pmo.EventRetracted + `', (l.body - 'completion' - 'policy' - 'actor' - 'for' - 'via') || jsonb_build_object(
    'seq', 0, 'key', k.key, 'event', '` + pmo.EventRetracted + `', 'at', $4::timestamptz,
    'text', 'This did not happen; it was written by a worker that ended before it took effect: ' || coalesce(l.body ->> 'text', l.event))
FROM (SELECT l.* ` + lostEntries + `) l, LATERAL (SELECT '` + retractedKey + `' || l.key AS key) k ORDER BY l.position
ON CONFLICT (request_id, key) DO NOTHING`
)

// LostEntries lists the keys of the entries that an execution wrote and does not know: keys are those that it knows.
func (s *Store) LostEntries(ctx context.Context, id, runID string, keys []string) ([]string, error) {
	return many(ctx, s.pool, "list lost entries", pgx.RowTo[string], `SELECT l.key `+lostEntries+` ORDER BY l.position`, id, runID, keys)
}

// RetractLostEntries adds to the ledger that these did not happen. Who was told of them is told so.
func (s *Store) RetractLostEntries(ctx context.Context, id, runID string, keys []string, now time.Time) error {
	return s.inTx(ctx, "retract lost entries", func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, "retract lost entries", lockRequest, id); err != nil {
			return err
		}
		_, err := write(ctx, tx, "retract lost entries", retractEntries, id, runID, keys, now)
		return err
	})
}
