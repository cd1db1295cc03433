package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// seatFacts is a request r, as far as it decides who may answer its questions, in the form of the state.
const seatFacts = `jsonb_build_object('id', r.id, 'portfolio', r.portfolio, 'lane', r.lane, 'requester', r.requester, 'submitted_by', r.submitted_by,
    'stage', r.stage, 'status', r.status, 'content', jsonb_build_object('sponsor', coalesce(r.snapshot -> 'content' ->> 'sponsor', '')),
    'assignment', CASE WHEN r.snapshot ? 'assignment' THEN r.snapshot -> 'assignment' END)`

const selectAsking = `
SELECT ` + seatFacts + ` || jsonb_build_object('questions', q.open)
FROM (SELECT request_id, jsonb_agg(body ORDER BY id) AS open FROM question
    WHERE request_id > $1::uuid GROUP BY request_id ORDER BY request_id LIMIT $2) q
JOIN request r ON r.id = q.request_id ORDER BY r.id`

// noRequest is less than every id of a request.
const noRequest = "00000000-0000-0000-0000-000000000000"

// Asking lists the requests with open questions after an id, in the order of ids: the questions, and what decides who may answer them.
func (s *Store) Asking(ctx context.Context, after string, limit int) ([]pmo.Request, error) {
	if after == "" {
		after = noRequest
	}
	return many(ctx, s.pool, "list open questions", func(row pgx.CollectableRow) (pmo.Request, error) {
		var r pmo.Request
		var facts []byte
		if err := row.Scan(&facts); err != nil {
			return r, err
		}
		if err := json.Unmarshal(facts, &r); err != nil {
			return r, fmt.Errorf("decode open questions: %w", err)
		}
		return r, nil
	}, selectAsking, after, limit)
}
