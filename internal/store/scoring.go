package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// ScoringRound asks several people to score inputs of a request privately.
type ScoringRound struct {
	Request    string
	No         int // 1 is the first of the request
	OpenedBy   string
	OpenedAt   time.Time
	Inputs     []string
	People     []string
	RevealedAt *time.Time // nil: nobody sees the scores of another
	RevealedBy string     // empty: everybody had scored
	Scored     []string   // who has scored
	// Scores are those that the reader may see: their own, and all once they are revealed.
	Scores []PrivateScore
}

// PrivateScore is what one person gives for the inputs.
type PrivateScore struct {
	Person string
	Inputs pmo.Inputs
	Sure   pmo.Sureness
	Reason string
	At     time.Time
}

// latestRound is the one statement that reads what people gave: of others only once it is revealed.
const latestRound = `
SELECT c.request_id::text, c.no, c.opened_by, c.opened_at, c.inputs, c.people, c.revealed_at, c.revealed_by,
    ARRAY(SELECT p.person FROM private_score p WHERE p.request_id = c.request_id AND p.no = c.no ORDER BY p.person),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('Person', p.person, 'Inputs', p.inputs, 'Sure', p.sure, 'Reason', p.reason, 'At', p.at) ORDER BY p.person), '[]')
        FROM private_score p WHERE p.request_id = c.request_id AND p.no = c.no AND (p.person = $2 OR c.revealed_at IS NOT NULL))
FROM scoring_round c WHERE c.request_id = $1 ORDER BY c.no DESC LIMIT 1`

// Scoring reads the latest round of a request as somebody may see it; ErrNotFound when there was none.
func (s *Store) Scoring(ctx context.Context, request, reader string) (ScoringRound, error) {
	return one(ctx, s.pool, "read a scoring round", func(row pgx.CollectableRow) (ScoringRound, error) {
		var r ScoringRound
		var scores []byte
		if err := row.Scan(&r.Request, &r.No, &r.OpenedBy, &r.OpenedAt, &r.Inputs, &r.People, &r.RevealedAt, &r.RevealedBy, &r.Scored, &scores); err != nil {
			return r, err
		}
		if err := json.Unmarshal(scores, &r.Scores); err != nil {
			return r, fmt.Errorf("decode private scores: %w", err)
		}
		for i := range r.Scores {
			r.Scores[i].At = r.Scores[i].At.UTC()
		}
		return r, nil
	}, latestRound, request, reader)
}

// OpenScoring begins a round, with its entry of the ledger. ErrConflict when one is open, or another one was first.
func (s *Store) OpenScoring(ctx context.Context, r ScoringRound, entry pmo.Entry) error {
	const op = "open a scoring round"
	return s.discuss(ctx, op, r.Request, entry, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `INSERT INTO scoring_round (request_id, no, opened_by, opened_at, inputs, people)
SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT FROM scoring_round WHERE request_id = $1 AND (revealed_at IS NULL OR no >= $2))`,
			r.Request, r.No, r.OpenedBy, r.OpenedAt, listOf(r.Inputs), listOf(r.People))
		return changed(ctx, tx, n, err, ErrConflict, struct{}{})
	})
}

// Score keeps what one person gives. When it is the last of those asked, all scores are revealed, with the entry. ErrConflict when the round is not
// open, or does not ask them.
func (s *Store) Score(ctx context.Context, request string, no int, p PrivateScore, whenAll pmo.Entry) error {
	const op = "keep a private score"
	inputs, err := document(p.Inputs)
	if err != nil {
		return err
	}
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, lockRequest, request); err != nil {
			return err
		}
		n, err := write(ctx, tx, op, `INSERT INTO private_score (request_id, no, person, inputs, sure, reason, at)
SELECT request_id, no, $3, $4::text::jsonb, $5, $6, $7 FROM scoring_round WHERE request_id = $1 AND no = $2 AND revealed_at IS NULL AND $3 = ANY (people)
ON CONFLICT (request_id, no, person) DO UPDATE SET inputs = excluded.inputs, sure = excluded.sure, reason = excluded.reason, at = excluded.at`,
			request, no, p.Person, string(inputs), string(p.Sure), clean(p.Reason), p.At)
		if err := changed(ctx, tx, n, err, ErrConflict, struct{}{}); err != nil {
			return err
		}
		n, err = write(ctx, tx, op, `UPDATE scoring_round c SET revealed_at = $3 WHERE request_id = $1 AND no = $2
AND cardinality(people) = (SELECT count(*) FROM private_score p WHERE p.request_id = c.request_id AND p.no = c.no)`, request, no, p.At)
		if err != nil || n == 0 {
			return err
		}
		return addEntry(ctx, tx, op, request, whenAll)
	})
}

// RevealScoring shows everybody the scores of a round. ErrConflict when it is not open.
func (s *Store) RevealScoring(ctx context.Context, request string, no int, by string, at time.Time, entry pmo.Entry) error {
	const op = "reveal private scores"
	return s.discuss(ctx, op, request, entry, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `UPDATE scoring_round SET revealed_at = $3, revealed_by = $4 WHERE request_id = $1 AND no = $2 AND revealed_at IS NULL`, request, no, at, by)
		return changed(ctx, tx, n, err, ErrConflict, struct{}{})
	})
}

// ScoringWait is a round that waits on somebody.
type ScoringWait struct {
	Request  string
	Number   int64
	Title    string
	OpenedBy string
	OpenedAt time.Time
	Inputs   []string
}

// ScoringWaits lists the rounds that ask the viewer, who has not scored yet and may read the request, the oldest first.
func (s *Store) ScoringWaits(ctx context.Context, v View, from string, limit int) (Page[ScoringWait], error) {
	const list = "scoring"
	at, err := readCursor(list, from)
	if err != nil {
		return Page[ScoringWait]{}, err
	}
	where, args := "", []any{v.viewerIDs(), v.SeesAll, v.Viewer, pageSize(limit) + 1}
	if at != nil {
		where, args = ` AND (c.opened_at, c.request_id) > ($5::text::timestamptz, $6::text::uuid)`, append(args, at.Key, at.ID)
	}
	rows, err := many(ctx, s.pool, "list scoring rounds", pgx.RowToStructByPos[ScoringWait], `
SELECT r.id::text, coalesce(r.number, 0), r.title, c.opened_by, c.opened_at, c.inputs FROM scoring_round c JOIN request r ON r.id = c.request_id
WHERE c.revealed_at IS NULL AND c.people && ARRAY[$3::text] AND r.status <> 'closed' AND r.pulled_at IS NULL AND `+visibleTo+`
AND NOT EXISTS (SELECT FROM private_score p WHERE p.request_id = c.request_id AND p.no = c.no AND p.person = $3)`+where+`
ORDER BY c.opened_at, c.request_id LIMIT $4`, args...)
	return paged(rows, pageSize(limit), func(w ScoringWait) cursor {
		return cursor{List: list, Key: w.OpenedAt.Format(time.RFC3339Nano), ID: w.Request}
	}), err
}
