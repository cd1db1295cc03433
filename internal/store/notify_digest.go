package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// NoRequest stands for the request of a message that is about none, such as a digest.
const NoRequest = "00000000-0000-0000-0000-000000000000"

// LastDigest is the latest digest of a person: its day in their time zone, and when it was made.
type LastDigest struct {
	Day pmo.Date
	At  time.Time
}

// LastDigests reads the latest digests of people; who had none is left out.
func (s *Store) LastDigests(ctx context.Context, people []string) (map[string]LastDigest, error) {
	last := map[string]LastDigest{}
	_, err := many(ctx, s.pool, "read the latest digests", func(row pgx.CollectableRow) (struct{}, error) {
		var person string
		var d LastDigest
		err := row.Scan(&person, &d.Day, &d.At)
		last[person] = d
		return struct{}{}, err
	}, `SELECT person, day::text, at FROM notification_digest WHERE person = ANY ($1)`, people)
	return last, err
}

// QueueDigest notes that the digest of a person for a day was made, and queues it; a nil message is a day on which there was nothing to say. It
// does nothing when the digest of that day, or of a later one, was made already.
func (s *Store) QueueDigest(ctx context.Context, term int64, person string, day pmo.Date, message *Notification, now time.Time) error {
	const op = "queue a digest"
	return s.fenced(ctx, op, term, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `
INSERT INTO notification_digest (person, day, at) VALUES ($1, $2::text::date, $3)
ON CONFLICT (person) DO UPDATE SET day = excluded.day, at = excluded.at WHERE notification_digest.day < excluded.day`, person, string(day), now)
		if err != nil || n == 0 || message == nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(queueNotifications, []string{message.ID}, []string{message.Request}, []string{message.Endpoint}, []string{message.Digest}, []string{message.Event}, []time.Time{message.At},
			[]string{clean(message.Body)}, now, []*time.Time{nil})
		batch.Queue(promote, []string{message.Request}, now)
		return tx.SendBatch(ctx, batch).Close()
	})
}

// ReadableNow says of the requests that the viewer may read at present whether they are confidential; the others are left out.
func (s *Store) ReadableNow(ctx context.Context, v View, ids []string) (confidential map[string]bool, err error) {
	confidential = make(map[string]bool, len(ids))
	_, err = many(ctx, s.pool, "read who may read", func(row pgx.CollectableRow) (struct{}, error) {
		var id string
		var hidden bool
		err := row.Scan(&id, &hidden)
		confidential[id] = hidden
		return struct{}{}, err
	}, `SELECT r.id::text, r.confidential FROM request r WHERE r.id = ANY ($3::text[]::uuid[]) AND `+visibleTo, v.viewerIDs(), v.SeesAll, ids)
	return confidential, err
}
