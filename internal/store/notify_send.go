package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Notification is one message to one endpoint.
type Notification struct {
	ID       string    `json:"id"` // stable over all attempts
	Request  string    `json:"request_id"`
	Endpoint string    `json:"endpoint"` // such as person:ana
	Digest   string    `json:"-"`        // of the endpoint's address, only when it is queued
	Event    string    `json:"event"`
	At       time.Time `json:"at"` // of the event
	Body     string    `json:"-"`
	Attempts int       `json:"attempts"`
	Reason   string    `json:"reason,omitempty"` // of the latest failure
	// NotBefore is when the quiet hours of the recipient end, only when it is queued; the zero time: it is sent at once.
	NotBefore time.Time `json:"-"`
}

// DueNotification is a message to be sent now, with the current read permissions of its request.
type DueNotification struct {
	Notification
	Confidential bool
	People       []string
}

// A message to a disabled endpoint is dead from the start; redelivery can still send it.
const queueNotifications = `
INSERT INTO notification (id, request_id, endpoint, event, at, body, not_before, state, done_at, reason)
SELECT n.id, n.request_id, n.endpoint, n.event, n.at, n.body, n.not_before, CASE WHEN e.id IS NULL THEN 'queued' ELSE 'dead' END,
    CASE WHEN e.id IS NOT NULL THEN $8::timestamptz END, coalesce(e.reason, '')
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $9::timestamptz[]) WITH ORDINALITY
    AS n (id, request_id, endpoint, digest, event, at, body, not_before, place)
LEFT JOIN notify_endpoint e ON e.id = n.endpoint AND e.digest = n.digest
ORDER BY n.place ON CONFLICT (id) DO NOTHING`

// promote makes the first queued message of each lane of these requests pending, if the lane has no pending one.
const promote = `
UPDATE notification n SET state = 'pending', next_at = greatest($2, n.not_before)
WHERE n.request_id = ANY ($1::uuid[]) AND n.state = 'queued' AND NOT EXISTS (
    SELECT FROM notification b WHERE b.request_id = n.request_id AND b.endpoint = n.endpoint
    AND b.state IN ('queued', 'pending') AND (b.state = 'pending' OR b.position < n.position))`

// releaseHeld sends what waits for the end of quiet hours at once when something comes after it in its lane that does not wait: a lane keeps its
// order, and the person is disturbed anyway.
const releaseHeld = `
UPDATE notification n SET not_before = NULL, next_at = CASE WHEN n.state = 'pending' AND n.attempts = 0 THEN $2 ELSE n.next_at END
WHERE n.request_id = ANY ($1::uuid[]) AND n.state IN ('queued', 'pending') AND n.not_before > $2 AND EXISTS (
    SELECT FROM notification b WHERE b.request_id = n.request_id AND b.endpoint = n.endpoint AND b.state = 'queued' AND b.not_before IS NULL AND b.position > n.position)`

// QueueNotifications stores messages in the order of the feed and moves the cursor of the feed, in one transaction.
func (s *Store) QueueNotifications(ctx context.Context, lead *NotifyLead, cursor string, messages []Notification, now time.Time) error {
	err := s.fenced(ctx, "queue notifications", lead.Term, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`UPDATE notify_state SET cursor = $1`, cursor)
		if len(messages) > 0 {
			var ids, requests, endpoints, digests, events, bodies []string
			var at []time.Time
			var notBefore []*time.Time
			for _, m := range messages {
				ids, requests, endpoints, digests = append(ids, m.ID), append(requests, m.Request), append(endpoints, m.Endpoint), append(digests, m.Digest)
				events, at, bodies = append(events, clean(m.Event)), append(at, m.At), append(bodies, clean(m.Body))
				notBefore = append(notBefore, timeOrNull(m.NotBefore))
			}
			batch.Queue(queueNotifications, ids, requests, endpoints, digests, events, at, bodies, now, notBefore)
			batch.Queue(releaseHeld, requests, now)
			batch.Queue(promote, requests, now)
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err == nil {
		lead.Cursor = cursor
	}
	return err
}

// The query walks the endpoints with pending messages along the index and takes only a few messages of each: an endpoint with a long
// backlog costs no more than the others and does not delay them. Each kind of endpoint has a limit of its own, so that mails that a slow mail
// server keeps waiting take no place of the others.
const dueNotifications = `
WITH RECURSIVE e AS (
    (SELECT endpoint FROM notification WHERE state = 'pending' ORDER BY endpoint LIMIT 1)
    UNION ALL
    SELECT (SELECT n.endpoint FROM notification n WHERE n.state = 'pending' AND n.endpoint > e.endpoint ORDER BY n.endpoint LIMIT 1)
    FROM e WHERE e.endpoint IS NOT NULL
)
SELECT n.id, n.request_id::text, n.endpoint, n.event, n.at, n.body, n.attempts, n.reason, coalesce(r.confidential, false),
    coalesce(r.people, '{}') || ARRAY(SELECT d.delegate FROM acting d WHERE d.person = ANY (r.people) AND d.from_at <= $1 AND $1 < d.until_at)
FROM (
    SELECT n.*, row_number() OVER (PARTITION BY split_part(n.endpoint, ':', 1) ORDER BY n.next_at, n.position) AS place
    FROM e CROSS JOIN LATERAL (
        SELECT * FROM notification n WHERE n.state = 'pending' AND n.endpoint = e.endpoint AND n.next_at <= $1 AND n.id <> ALL ($2)
        ORDER BY n.next_at, n.position LIMIT $3) n) n
LEFT JOIN request r ON r.id = n.request_id
WHERE n.place <= $4
ORDER BY n.next_at, n.position`

func scanNotification(row pgx.CollectableRow) (Notification, error) {
	var n Notification
	return n, row.Scan(&n.ID, &n.Request, &n.Endpoint, &n.Event, &n.At, &n.Body, &n.Attempts, &n.Reason)
}

func scanDue(row pgx.CollectableRow) (DueNotification, error) {
	var n DueNotification
	return n, row.Scan(&n.ID, &n.Request, &n.Endpoint, &n.Event, &n.At, &n.Body, &n.Attempts, &n.Reason, &n.Confidential, &n.People)
}

// DueNotifications lists the messages to be sent now, without the busy ones: earliest due first, a few of each endpoint, and
// at most limit of each kind of endpoint.
func (s *Store) DueNotifications(ctx context.Context, now time.Time, busy []string, each, limit int) ([]DueNotification, error) {
	if busy == nil {
		busy = []string{}
	}
	return many(ctx, s.pool, "list due notifications", scanDue, dueNotifications, now, busy, each, limit)
}
