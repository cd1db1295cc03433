package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// inboxLimit is the largest page of an inbox, and its default: callers of earlier releases got so many at once.
const inboxLimit = 500

// inboxList names the inbox in its cursors.
const inboxList = "inbox"

// One row a question: the own seat first, else one of those whose delegate the person is. Nobody answers a question twice. Who may not answer
// in the seat they have (access.Eligible) is left out by the caller.
const selectInbox = `
WITH seats AS (
    SELECT $1::text AS seat, 0 AS delegated
    UNION ALL
    SELECT person, 1 FROM acting WHERE delegate = $1 AND from_at <= $2 AND $2 < until_at
), all_seats AS (SELECT array_agg(seat) AS list FROM seats
), mine AS (
    SELECT DISTINCT ON (q.request_id, q.id) q.request_id, q.id, q.kind, q.due_at, q.opened_at, q.body, seats.seat
    FROM question q JOIN seats ON seats.seat = ANY (q.waiting)
    WHERE q.waiting && (SELECT list FROM all_seats) AND $1 <> ALL (q.voted) %s
    ORDER BY q.request_id, q.id, seats.delegated, seats.seat
), page AS MATERIALIZED ( -- before anything of the requests is read
    SELECT * FROM mine m
    WHERE $4::text IS NULL OR (m.due_at, m.request_id, m.id) > ($4::text::timestamptz, $5::text::uuid, $6::text)
    ORDER BY m.due_at, m.request_id, m.id LIMIT $3
)
SELECT r.id::text, coalesce(r.number, 0), r.title, r.requester, r.submitted_by, r.stage, m.body, m.seat, m.due_at::text, m.id, ` + seatFacts + `
    || CASE WHEN r.snapshot ? 'conditions' THEN jsonb_build_object('conditions', r.snapshot -> 'conditions') ELSE '{}' END
FROM page m JOIN request r ON r.id = m.request_id
ORDER BY m.due_at, m.request_id, m.id`

var (
	selectWholeInbox = fmt.Sprintf(selectInbox, "")
	selectInboxOf    = fmt.Sprintf(selectInbox, "AND q.request_id = ANY ($7::text[]::uuid[])")
)

// inboxRow is an item with its position in the order of the inbox.
type inboxRow struct {
	InboxItem
	due, question string
}

func (r inboxRow) cursor() cursor {
	return cursor{List: inboxList, Key: r.due, ID: r.RequestID + "/" + r.question}
}

// Inbox reads a page of the open questions that wait on a person, for themselves and for the people they are a delegate of at a time, most
// urgent first. A page has at most 500 questions; Next is set exactly when there are more.
func (s *Store) Inbox(ctx context.Context, person string, at time.Time, limit int, from string) (Page[InboxItem], error) {
	after, err := readCursor(inboxList, from)
	if err != nil {
		return Page[InboxItem]{}, err
	}
	var due, request, question *string
	if after != nil {
		id, rest, _ := strings.Cut(after.ID, "/")
		due, request, question = &after.Key, &id, &rest
	}
	size := inboxLimit
	if limit > 0 {
		size = min(limit, inboxLimit)
	}
	rows, err := many(ctx, s.pool, "read inbox", scanInbox, selectWholeInbox, person, at, size+1, due, request, question)
	if err != nil {
		return Page[InboxItem]{}, err
	}
	page := paged(rows, size, inboxRow.cursor)
	out := Page[InboxItem]{Items: make([]InboxItem, len(page.Items)), Next: page.Next}
	for i, r := range page.Items {
		out.Items[i] = r.InboxItem
	}
	return out, nil
}

// InboxOf reads the open questions of some requests that wait on a person, as Inbox does: 500 at most.
func (s *Store) InboxOf(ctx context.Context, person string, at time.Time, requests []string) ([]InboxItem, error) {
	rows, err := many(ctx, s.pool, "read inbox of requests", scanInbox, selectInboxOf, person, at, inboxLimit, nil, nil, nil, requests)
	items := make([]InboxItem, len(rows))
	for i, r := range rows {
		items[i] = r.InboxItem
	}
	return items, err
}

func scanInbox(row pgx.CollectableRow) (inboxRow, error) {
	var i inboxRow
	var body, facts []byte
	if err := row.Scan(&i.RequestID, &i.Number, &i.Title, &i.Requester, &i.SubmittedBy, &i.Stage, &body, &i.For, &i.due, &i.question, &facts); err != nil {
		return i, err
	}
	if err := json.Unmarshal(facts, &i.Facts); err != nil {
		return i, fmt.Errorf("decode the people of %s: %w", i.RequestID, err)
	}
	if err := json.Unmarshal(body, &i.Question); err != nil {
		return i, fmt.Errorf("decode a question of %s: %w", i.RequestID, err)
	}
	return i, nil
}
