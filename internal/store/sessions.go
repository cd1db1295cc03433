package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/session"
)

// FindSession reads what a session holds, if it is neither ended nor expired.
func (s *Store) FindSession(ctx context.Context, hash string, at time.Time) ([]byte, bool, error) {
	data, err := one(ctx, s.pool, "find session", pgx.RowTo[[]byte],
		`SELECT data FROM session WHERE hash = $1 AND ended_at IS NULL AND expires_at > $2`, hash, at)
	if errors.Is(err, ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// A session that is only used again is written once a minute. The condition keeps an ended one ended.
const keepSession = `
INSERT INTO session AS s (hash, person, data, address, user_agent, made_at, seen_at, expires_at, id) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
ON CONFLICT (hash) DO UPDATE SET person = $2, data = $3, address = $4, user_agent = $5, seen_at = $6, expires_at = $7
WHERE s.ended_at IS NULL AND (s.data <> $3 OR s.seen_at < $6 - interval '1 minute' OR s.expires_at > $7)`

// KeepSession stores a session, new or changed.
func (s *Store) KeepSession(ctx context.Context, k session.Kept) error {
	_, err := write(ctx, s.pool, "keep session", keepSession, k.Hash, k.Person, k.Data, clean(k.Address), clean(k.UserAgent), k.At, k.Expires, session.ID(k.Hash))
	return err
}

const endSessions = `UPDATE session SET ended_at = $1, ended_by = $2, data = '' WHERE ended_at IS NULL AND `

// DropSession ends the session of a cookie, because its owner signs out or it is replaced.
func (s *Store) DropSession(ctx context.Context, hash string, at time.Time) error {
	_, err := write(ctx, s.pool, "drop session", endSessions+`hash = $3`, at, "", hash)
	return err
}

const selectSessions = `SELECT id::text, person, address, user_agent, made_at, seen_at, expires_at FROM session
WHERE ended_at IS NULL AND expires_at > $1 AND person <> '' `

const sessionList = "sessions, newest first"

// Sessions lists the sessions of a person, or everybody's if person is empty, the newest first.
func (s *Store) Sessions(ctx context.Context, person string, at time.Time, limit int, after string) (Page[session.Session], error) {
	from, err := readCursor(sessionList, after)
	if err != nil {
		return Page[session.Session]{}, err
	}
	var made, id *string
	if from != nil {
		made, id = &from.Key, &from.ID
	}
	size := pageSize(limit)
	list, err := many(ctx, s.pool, "list sessions", pgx.RowToStructByPos[session.Session],
		selectSessions+`AND ($2 = '' OR person = $2) AND ($3::text IS NULL OR (made_at, id) < ($3::text::timestamptz, $4::text::uuid)) ORDER BY made_at DESC, id DESC LIMIT $5`,
		at, person, made, id, size+1)
	return paged(list, size, func(l session.Session) cursor {
		return cursor{List: sessionList, Key: l.Made.Format(time.RFC3339Nano), ID: l.ID}
	}), err
}

// EndSession ends a session; ErrNotFound when the person, or anybody if empty, has none of that id.
func (s *Store) EndSession(ctx context.Context, id, person, actor string, at time.Time) error {
	if uuid.Validate(id) != nil {
		return fmt.Errorf("end session: %w", ErrNotFound)
	}
	return s.changeTx(ctx, "end session", func(tx pgx.Tx) error {
		whose, err := one(ctx, tx, "end session", pgx.RowTo[string],
			endSessions+`id = $3 AND person <> '' AND ($4 = '' OR person = $4) RETURNING person`, at, actor, id, person)
		if err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: "session", ID: id, Event: "ended", Body: map[string]string{"person": whose}})
	})
}

// removedBatch bounds one transaction.
const removedBatch = 200

// EndSessionsOfOthers ends the sessions of people who are not among those known any more, and returns whose. It does nothing, and returns
// ErrPeopleChanged, when people is not the version of the database's people any more: somebody else's first sign-in is not known yet.
func (s *Store) EndSessionsOfOthers(ctx context.Context, known []string, people int64, at time.Time) (whose []string, err error) {
	for {
		var ended []session.Session
		err := s.inTx(ctx, "end sessions of people who left", func(tx pgx.Tx) error {
			err := atPeople(ctx, tx, people)
			if err != nil {
				return err
			}
			ended, err = many(ctx, tx, "end sessions of people who left", pgx.RowToStructByPos[session.Session], endSessions+
				`id IN (SELECT id FROM session WHERE ended_at IS NULL AND person <> '' AND NOT person = ANY ($3) LIMIT $4)
				RETURNING id::text, person, address, user_agent, made_at, seen_at, expires_at`, at, bySystem, known, removedBatch)
			for _, e := range ended {
				err = errors.Join(err, logChange(ctx, tx, change{At: at, Actor: bySystem, Object: "session", ID: e.ID, Event: "ended",
					Body: map[string]string{"person": e.Person, "reason": "not in the directory any more"}}))
			}
			return err
		})
		if err != nil || len(ended) == 0 {
			slices.Sort(whose)
			return slices.Compact(whose), err
		}
		for _, e := range ended {
			whose = append(whose, e.Person)
		}
	}
}

// bySystem is the actor of what nobody did by hand.
const bySystem = "system"

// How many expired sessions one statement deletes, and for how long a row stays after its expiry: longer than any request takes.
const (
	expiredBatch = 500
	expiredKept  = time.Hour
)

// DeleteExpiredSessions deletes the rows of sessions that expired a while ago, in batches, and returns how many.
func (s *Store) DeleteExpiredSessions(ctx context.Context, at time.Time) (int64, error) {
	for total := int64(0); ; {
		n, err := write(ctx, s.pool, "delete expired sessions",
			`DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, at.Add(-expiredKept), expiredBatch)
		total += n
		if err != nil || n < expiredBatch {
			return total, err
		}
	}
}
