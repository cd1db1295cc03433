package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// inboxLimit is the longest inbox. A longer list would not help a person who has so many open questions.
const inboxLimit = 500

// One row a question: the own seat first, else one of those whose delegate the person is. Nobody answers a question twice. Who may not answer
// in the seat they have (access.Eligible) is left out by the caller.
const selectInbox = `
WITH seats AS (
    SELECT $1::text AS seat, 0 AS delegated
    UNION ALL
    SELECT person, 1 FROM delegation WHERE delegate = $1 AND from_at <= $2 AND $2 < until_at
), all_seats AS (SELECT array_agg(seat) AS list FROM seats
), mine AS (
    SELECT DISTINCT ON (q.request_id, q.id) q.request_id, q.id, q.kind, q.due_at, q.opened_at, q.body, seats.seat
    FROM question q JOIN seats ON seats.seat = ANY (q.waiting)
    WHERE q.waiting && (SELECT list FROM all_seats) AND $1 <> ALL (q.voted)
    ORDER BY q.request_id, q.id, seats.delegated, seats.seat
)
SELECT r.id::text, coalesce(r.number, 0), r.title, r.requester, r.submitted_by, r.stage, m.body, m.seat
FROM mine m JOIN request r ON r.id = m.request_id
ORDER BY m.due_at, m.opened_at, m.request_id, m.id LIMIT $3`

// Inbox lists the open questions that wait on a person, for themselves and for the people they are a delegate of at a time, most urgent
// first.
func (s *Store) Inbox(ctx context.Context, person string, at time.Time) ([]InboxItem, error) {
	return many(ctx, s.pool, "read inbox", scanInbox, selectInbox, person, at, inboxLimit)
}

func scanInbox(row pgx.CollectableRow) (InboxItem, error) {
	var i InboxItem
	var body []byte
	if err := row.Scan(&i.RequestID, &i.Number, &i.Title, &i.Requester, &i.SubmittedBy, &i.Stage, &body, &i.For); err != nil {
		return i, err
	}
	if err := json.Unmarshal(body, &i.Question); err != nil {
		return i, fmt.Errorf("decode a question of %s: %w", i.RequestID, err)
	}
	return i, nil
}
