package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// AttemptResult is what an attempt to send a message came to.
type AttemptResult int

// The results of attempts.
const (
	AttemptDelivered AttemptResult = iota + 1
	AttemptFailed                  // the next attempt is due at NextAt
	AttemptGivenUp                 // the last attempt failed; the message is dead until it is redelivered
	AttemptRefused                 // the message must not be sent, and was not: dead without a failed attempt
	AttemptGone                    // the address accepts no more messages: all unsent ones of the endpoint are dead
)

// Attempt is one attempt to send a message.
type Attempt struct {
	Message Notification
	Result  AttemptResult
	At      time.Time
	NextAt  time.Time // of a failed one
	Reason  string    // why it was not delivered
	Digest  string    // of the address that accepts no more messages
}

// state is that of the message after the attempt.
func (a Attempt) state() string {
	switch a.Result {
	case AttemptDelivered:
		return "delivered"
	case AttemptFailed:
		return "pending"
	}
	return "dead"
}

// recordAttempts changes the messages and counts the attempts of each endpoint. A message that meanwhile became dead with its endpoint changes only when this attempt
// delivered it. A success leaves the latest failure of its endpoint as it is: an administrator reads when each of them was.
const recordAttempts = `
WITH a AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::bool[]) WITH ORDINALITY
    AS a (id, endpoint, state, at, next_at, reason, failed, place)),
changed AS (
    UPDATE notification n SET state = a.state, attempts = n.attempts + 1, next_at = a.next_at, done_at = CASE WHEN a.state <> 'pending' THEN a.at END, reason = a.reason
    FROM a WHERE n.id = a.id AND (n.state = 'pending' OR a.state = 'delivered') RETURNING n.id)
INSERT INTO notify_outcome AS o (endpoint, delivered, failed, dead, delivered_at, failed_at, reason)
SELECT a.endpoint, count(*) FILTER (WHERE a.state = 'delivered'), count(*) FILTER (WHERE a.failed), count(changed.id) FILTER (WHERE a.state = 'dead'),
    max(a.at) FILTER (WHERE a.state = 'delivered'), max(a.at) FILTER (WHERE a.state <> 'delivered'),
    coalesce((array_agg(a.reason ORDER BY a.place DESC) FILTER (WHERE a.state <> 'delivered'))[1], '')
FROM a LEFT JOIN changed USING (id) GROUP BY a.endpoint
ON CONFLICT (endpoint) DO UPDATE SET delivered = o.delivered + excluded.delivered, failed = o.failed + excluded.failed, dead = o.dead + excluded.dead,
    delivered_at = coalesce(excluded.delivered_at, o.delivered_at), failed_at = coalesce(excluded.failed_at, o.failed_at),
    reason = CASE WHEN excluded.failed_at IS NULL THEN o.reason ELSE excluded.reason END`

// disableEndpoint records that an address accepts no more messages; the unsent messages of its endpoint become dead.
const disableEndpoint = `
WITH disabled AS (INSERT INTO notify_endpoint (id, digest, disabled_at, reason) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, disabled_at = excluded.disabled_at, reason = excluded.reason),
dead AS (UPDATE notification SET state = 'dead', next_at = NULL, done_at = $3, reason = $4 WHERE endpoint = $1 AND state IN ('pending', 'queued') RETURNING id)
UPDATE notify_outcome SET dead = notify_outcome.dead + (SELECT count(*) FROM dead) WHERE endpoint = $1`

// RecordAttempts stores what attempts came to, of different messages in the order in which they ended, all in one transaction, and makes the next message of each lane pending whose first is done.
// ErrNotLeading when the term is over: then nothing is stored.
func (s *Store) RecordAttempts(ctx context.Context, term int64, attempts []Attempt) error {
	batch := &pgx.Batch{}
	var ids, endpoints, states, reasons, done []string
	var at []time.Time
	var nextAt []*time.Time
	var failed []bool
	latest := time.Time{}
	for _, a := range attempts {
		ids, endpoints, states, at = append(ids, a.Message.ID), append(endpoints, a.Message.Endpoint), append(states, a.state()), append(at, a.At)
		nextAt, reasons = append(nextAt, timeOrNull(a.NextAt)), append(reasons, clean(a.Reason))
		failed = append(failed, a.Result != AttemptDelivered && a.Result != AttemptRefused)
		if a.Result != AttemptFailed {
			done = append(done, a.Message.Request)
		}
		if a.At.After(latest) {
			latest = a.At
		}
	}
	batch.Queue(recordAttempts, ids, endpoints, states, at, nextAt, reasons, failed)
	for _, a := range attempts {
		if a.Result == AttemptGone {
			batch.Queue(disableEndpoint, a.Message.Endpoint, a.Digest, a.At, clean(a.Reason))
		}
	}
	if len(done) > 0 {
		batch.Queue(promote, done, latest)
	}
	return s.fenced(ctx, "record delivery attempts", term, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
}
