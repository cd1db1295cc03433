package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// PastRequest is a request with when it came into the backlog: what a policy is run over again.
type PastRequest struct {
	pmo.Request
	BacklogAt time.Time // for the last time before its pull; zero: never
	Override  bool      // it was pulled by override
}

// The keys of these entries begin with the event and name the stage, see pmo.SubjectOfKey. A pull by a run has no actor.
const pastColumns = `r.snapshot,
    (SELECT max(l.at) FROM ledger l WHERE l.request_id = r.id AND l.event = 'stage_entered' AND l.key LIKE 'stage\_entered/prioritization%' AND l.at <= coalesce(r.pulled_at, 'infinity')),
    EXISTS (SELECT FROM ledger l WHERE l.request_id = r.id AND l.event = 'pulled' AND coalesce(l.body ->> 'actor', '') <> '')`

func scanPast(row pgx.CollectableRow) (PastRequest, error) {
	var p PastRequest
	var snapshot []byte
	var backlog *time.Time
	if err := row.Scan(&snapshot, &backlog, &p.Override); err != nil {
		return p, err
	}
	if backlog != nil {
		p.BacklogAt = *backlog
	}
	if err := json.Unmarshal(snapshot, &p.Request); err != nil {
		return p, fmt.Errorf("decode a snapshot: %w", err)
	}
	return p, nil
}

// Past reads the requests that were accepted or closed since a time, the newest first and at most so many, how many more there are, and those others that waited in a
// backlog since then. All of it is of one moment.
func (s *Store) Past(ctx context.Context, since time.Time, most int) (ended, open []PastRequest, more int, err error) {
	err = s.readTx(ctx, "read ended requests", func(tx pgx.Tx) (err error) {
		if ended, err = many(ctx, tx, "read ended requests", scanPast, `SELECT `+pastColumns+` FROM request r
WHERE least(r.accepted_at, r.closed_at) >= $1 ORDER BY least(r.accepted_at, r.closed_at) DESC, r.id LIMIT $2`, since, most); err != nil {
			return err
		}
		if len(ended) == most {
			all, err := one(ctx, tx, "count ended requests", pgx.RowTo[int], `SELECT count(*) FROM request WHERE least(accepted_at, closed_at) >= $1`, since)
			if err != nil {
				return err
			}
			more = all - most
		}
		open, err = many(ctx, tx, "read open requests", scanPast, `SELECT `+pastColumns+` FROM request r
WHERE least(r.accepted_at, r.closed_at) IS NULL AND (r.pulled_at >= $1 OR r.pulled_at IS NULL AND r.stage = 'prioritization') ORDER BY r.submitted_at DESC, r.id LIMIT $2`, since, most)
		return err
	})
	return ended, open, more, err
}
