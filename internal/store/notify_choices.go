package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/notice"
)

// MostMuted is how many requests a person can mute.
const MostMuted = 500

// ChosenNotifications are a person's own choices. Version 0 is that of people who chose nothing.
type ChosenNotifications struct {
	Choices notice.Choices
	Version int64
	At      time.Time
}

// NotificationChoices reads the choices of a person.
func (s *Store) NotificationChoices(ctx context.Context, person string) (ChosenNotifications, error) {
	list, err := many(ctx, s.pool, "read choices of notifications", func(row pgx.CollectableRow) (ChosenNotifications, error) {
		var c ChosenNotifications
		var body []byte
		if err := row.Scan(&body, &c.Version, &c.At); err != nil {
			return c, err
		}
		return c, decodeChoices(body, &c.Choices)
	}, `SELECT choices, version, at FROM notification_choice WHERE person = $1`, person)
	if err != nil || len(list) == 0 {
		return ChosenNotifications{}, err
	}
	return list[0], nil
}

func decodeChoices(body []byte, c *notice.Choices) error {
	if err := json.Unmarshal(body, c); err != nil {
		return fmt.Errorf("decode choices of notifications: %w", err)
	}
	return nil
}

// PutNotificationChoices keeps the choices of a person, who has seen the given version of them. ErrConflict when they have changed since.
func (s *Store) PutNotificationChoices(ctx context.Context, person string, c notice.Choices, version int64, at time.Time) error {
	const op = "keep choices of notifications"
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode choices of notifications: %w", err)
	}
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `
INSERT INTO notification_choice (person, version, choices, at) SELECT $1, 1, $2, $3 WHERE $4::bigint = 0
ON CONFLICT (person) DO NOTHING`, person, string(cleanJSON(body)), at, version)
		if err == nil && n == 0 {
			n, err = write(ctx, tx, op, `UPDATE notification_choice SET choices = $2, at = $3, version = version + 1 WHERE person = $1 AND version = $4 AND $4 > 0`,
				person, string(cleanJSON(body)), at, version)
		}
		return changed(ctx, tx, n, err, ErrConflict, ChosenNotifications{Choices: c, Version: version + 1, At: at})
	})
}

// NotifyChoices are the choices of several people, and which requests they muted.
type NotifyChoices struct {
	choices map[string]notice.Choices
	muted   map[[2]string]bool
}

// Of are the choices of a person; the zero value when they chose nothing.
func (c NotifyChoices) Of(person string) notice.Choices { return c.choices[person] }

// Muted reports whether a person muted a request.
func (c NotifyChoices) Muted(person, request string) bool { return c.muted[[2]string{person, request}] }

// NotifyChoices reads what people chose, and which of the requests they muted.
func (s *Store) NotifyChoices(ctx context.Context, people, requests []string) (NotifyChoices, error) {
	c := NotifyChoices{choices: map[string]notice.Choices{}, muted: map[[2]string]bool{}}
	_, err := many(ctx, s.pool, "read choices of notifications", func(row pgx.CollectableRow) (struct{}, error) {
		var person string
		var body []byte
		if err := row.Scan(&person, &body); err != nil {
			return struct{}{}, err
		}
		var own notice.Choices
		err := decodeChoices(body, &own)
		c.choices[person] = own
		return struct{}{}, err
	}, `SELECT person, choices FROM notification_choice WHERE person = ANY ($1)`, people)
	if err != nil {
		return c, err
	}
	_, err = many(ctx, s.pool, "read muted requests", func(row pgx.CollectableRow) (struct{}, error) {
		var key [2]string
		err := row.Scan(&key[0], &key[1])
		c.muted[key] = true
		return struct{}{}, err
	}, `SELECT person, request_id::text FROM notification_mute WHERE person = ANY ($1) AND request_id = ANY ($2::uuid[])`, people, requests)
	return c, err
}

// Mute mutes a request for a person. It is idempotent. ErrFull when they have muted too many.
func (s *Store) Mute(ctx context.Context, person, request string, at time.Time) error {
	const op = "mute a request"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('notification_mute/' || $1, 0))`, person); err != nil {
			return fault(op, err)
		}
		n, err := write(ctx, tx, op, `
INSERT INTO notification_mute (person, request_id, at)
SELECT $1, $2::uuid, $3 WHERE EXISTS (SELECT FROM notification_mute WHERE person = $1 AND request_id = $2::uuid)
    OR (SELECT count(*) FROM notification_mute WHERE person = $1) < $4
ON CONFLICT (person, request_id) DO UPDATE SET at = notification_mute.at`, person, request, at, MostMuted)
		return changed(ctx, tx, n, err, ErrFull, struct{}{})
	})
}

// Unmute ends that. It is idempotent.
func (s *Store) Unmute(ctx context.Context, person, request string) error {
	const op = "end the muting of a request"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		_, err := write(ctx, tx, op, `DELETE FROM notification_mute WHERE person = $1 AND request_id = $2::uuid`, person, request)
		return changed(ctx, tx, 1, err, nil, struct{}{})
	})
}

// MutedRequest is a request that a person muted.
type MutedRequest struct {
	ID     string
	Number int64
	Title  string
	At     time.Time
}

// MutedRequests lists the requests that the viewer muted and may read, the latest first.
func (s *Store) MutedRequests(ctx context.Context, v View) ([]MutedRequest, error) {
	return many(ctx, s.pool, "list muted requests", pgx.RowToStructByPos[MutedRequest], `
SELECT r.id::text, coalesce(r.number, 0), r.title, m.at FROM notification_mute m JOIN request r ON r.id = m.request_id
WHERE m.person = $3 AND `+visibleTo+` ORDER BY m.at DESC, m.request_id LIMIT $4`, v.viewerIDs(), v.SeesAll, v.Viewer, MostMuted)
}
