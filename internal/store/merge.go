package store

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// One lock for all merges: which of them is the first must not depend on the order in which rows are locked. Both tables are read by one
// statement, because a projection may store a closing and remove its claim at any time.
const (
	lockMerges    = `SELECT pg_advisory_xact_lock(hashtextextended('merge', 0))`
	mergeObstacle = `
SELECT coalesce('R-' || r.number, 'it') ||
       CASE WHEN r.status = 'closed' THEN ' has ended as ' || r.outcome ELSE ' is itself about to go on in another request' END
FROM unnest($1::uuid[]) AS target(id) LEFT JOIN request r ON r.id = target.id LEFT JOIN merge_claim c ON c.request_id = target.id
WHERE r.status = 'closed' OR c.request_id IS NOT NULL
ORDER BY r.number LIMIT 1`
	claimMerge = `
INSERT INTO merge_claim (request_id, into_ids, seq) VALUES ($1, $2, $3)
ON CONFLICT (request_id) DO UPDATE SET into_ids = excluded.into_ids, seq = excluded.seq`
	deleteMergeClaim = `DELETE FROM merge_claim WHERE request_id = $1 AND seq < $2`
)

// ClaimMerge says why a request cannot go on in others, or nothing: then nothing can be merged into it any more, until a projection of a
// state after seq. A request the read model does not know yet has not ended.
func (s *Store) ClaimMerge(ctx context.Context, id string, into []string, seq int64) (refused string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err = s.inTx(ctx, "claim a merge", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockMerges); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, mergeObstacle, uuids(into)).Scan(&refused)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		_, err = tx.Exec(ctx, claimMerge, id, into, seq)
		return err
	})
	return refused, err
}

// uuids leaves out what cannot be the id of a request: a signal may name anything.
func uuids(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return uuid.Validate(id) != nil })
}

// dropMergeClaim ends the place that CheckMerge held: the projection says whether the request has closed.
func (p *projection) dropMergeClaim(batch *pgx.Batch) {
	if p.snapshot.MergeChecked {
		batch.Queue(deleteMergeClaim, p.snapshot.ID, p.snapshot.Seq)
	}
}
