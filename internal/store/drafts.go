package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Draft is a submission that somebody has begun and not sent, or what an agent leaves with a person: of a submission or of a comment.
type Draft struct {
	ID      string
	Kind    string
	At      time.Time // of the last change
	Fields  json.RawMessage
	Person  string // who sends or discards it
	Agent   string // who drafted it for them; empty: they themselves
	Request string // of a comment: the request it is on
}

// MostDrafts is how many drafts a person can have, besides those that agents left with them.
const MostDrafts = 20

// MostAgentDrafts is how many open drafts an agent can have with people.
const MostAgentDrafts = 20

// listedDrafts bounds a list: with one person several agents may have left some.
const listedDrafts = 100

const draftColumns = `id::text, kind, at, fields, person, agent, coalesce(request_id::text, '')`

// A dropped draft is remembered for a while, so that a form that is still being saved does not bring it back. mostDropped bounds how many of a
// person are.
const (
	keepDropped = 7 * 24 * time.Hour
	mostDropped = 200
)

// ErrDropped is a draft that was sent or discarded.
var ErrDropped = errors.New("the draft was sent or discarded")

// Drafts lists the drafts of a person, or those that an agent left, the newest first.
func (s *Store) Drafts(ctx context.Context, person string) ([]Draft, error) {
	return many(ctx, s.pool, "list drafts", pgx.RowToStructByPos[Draft],
		`SELECT `+draftColumns+` FROM submission_draft WHERE (person = $1 OR agent = $1) AND dropped_at IS NULL ORDER BY at DESC, submission_draft.id LIMIT $2`, person, listedDrafts)
}

// Draft reads a draft of a person, or one that an agent left.
func (s *Store) Draft(ctx context.Context, person, id string) (Draft, error) {
	return one(ctx, s.pool, "read draft", pgx.RowToStructByPos[Draft],
		`SELECT `+draftColumns+` FROM submission_draft WHERE (person = $1 OR agent = $1) AND id = $2 AND dropped_at IS NULL`, person, id)
}

// DraftedBy is the agent that drafted what a person sends; empty for a draft of their own, and when there is none. It is known also after the
// draft was dropped, so that a command that is repeated is the same one.
func (s *Store) DraftedBy(ctx context.Context, person, id string) (string, error) {
	agents, err := many(ctx, s.pool, "read who drafted", pgx.RowTo[string], `SELECT agent FROM submission_draft WHERE person = $1 AND id = $2`, person, id)
	if err != nil || len(agents) == 0 {
		return "", err
	}
	return agents[0], nil
}

// PutDraft keeps a draft, or its newest state; drafts that nobody has touched for half a year are deleted. ErrFull when the person has too
// many, ErrDropped when it was sent or discarded.
func (s *Store) PutDraft(ctx context.Context, d Draft) error {
	const op = "keep draft"
	most := MostDrafts
	if d.Agent != "" {
		most = MostAgentDrafts
	}
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, `DELETE FROM submission_draft WHERE person = $1 AND (at < $2 OR dropped_at < $3)`,
			d.Person, d.At.Add(-keepNotes), d.At.Add(-keepDropped)); err != nil {
			return err
		}
		dropped, err := many(ctx, tx, op, pgx.RowTo[bool], `SELECT dropped_at IS NOT NULL FROM submission_draft WHERE person = $1 AND id = $2 FOR UPDATE`, d.Person, d.ID)
		switch {
		case err != nil:
			return err
		case len(dropped) > 0 && dropped[0]:
			return ErrDropped
		}
		n, err := write(ctx, tx, op, `
INSERT INTO submission_draft (id, person, kind, fields, at, agent, request_id)
SELECT $1, $2, $3, $4, $5, $7, nullif($8, '')::uuid
WHERE (SELECT count(*) FROM submission_draft WHERE ($7 = '' AND person = $2 AND agent = '' OR $7 <> '' AND agent = $7) AND id <> $1 AND dropped_at IS NULL) < $6
    OR EXISTS (SELECT FROM submission_draft WHERE person = $2 AND id = $1)
ON CONFLICT (person, id) DO UPDATE SET kind = excluded.kind, fields = excluded.fields, at = excluded.at
WHERE submission_draft.dropped_at IS NULL AND excluded.agent IN ('', submission_draft.agent)`,
			d.ID, d.Person, clean(d.Kind), string(cleanJSON(d.Fields)), d.At, most, d.Agent, d.Request)
		return changed(ctx, tx, n, err, ErrFull, d)
	})
}

// DropDraft deletes what a draft holds, and remembers that it was dropped; also before it was ever saved. It is idempotent.
func (s *Store) DropDraft(ctx context.Context, person, id string, at time.Time) error {
	const op = "drop draft"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		_, err := write(ctx, tx, op, `
INSERT INTO submission_draft (id, person, kind, fields, at, dropped_at)
SELECT $1, $2, '', '{}', $3, $3 WHERE (SELECT count(*) FROM submission_draft WHERE person = $2 AND dropped_at IS NOT NULL) < $4
    OR EXISTS (SELECT FROM submission_draft WHERE person = $2 AND id = $1)
ON CONFLICT (person, id) DO UPDATE SET kind = '', fields = '{}', at = excluded.at, dropped_at = coalesce(submission_draft.dropped_at, excluded.dropped_at)`,
			id, person, at, mostDropped)
		return changed(ctx, tx, 1, err, nil, struct{}{})
	})
}

// visitPause ends a visit: who comes later is here anew.
const visitPause = 30 * time.Minute

// Visit notes that somebody is here, and answers when they were here before this visit; the zero time at their first one.
func (s *Store) Visit(ctx context.Context, person string, at time.Time) (since time.Time, err error) {
	const op = "note a visit"
	err = s.changeTx(ctx, op, func(tx pgx.Tx) error {
		first, err := one(ctx, tx, op, pgx.RowToStructByPos[struct {
			Since time.Time
			New   bool
		}], `
INSERT INTO visit AS v (person, since, last) VALUES ($1, $2, $2)
ON CONFLICT (person) DO UPDATE SET since = CASE WHEN v.last < $3 THEN v.last ELSE v.since END, last = greatest(v.last, $2)
RETURNING since, since = last`, person, at, at.Add(-visitPause))
		if err != nil {
			return err
		}
		if since = first.Since; first.New {
			since = time.Time{}
		}
		return keepAnswer(ctx, tx, since)
	})
	return since, err
}

// VisitedSince is when somebody was here before their present visit; the zero time when they were not.
func (s *Store) VisitedSince(ctx context.Context, person string) (time.Time, error) {
	list, err := many(ctx, s.pool, "read a visit", pgx.RowTo[time.Time], `SELECT since FROM visit WHERE person = $1 AND since < last`, person)
	if err != nil || len(list) == 0 {
		return time.Time{}, err
	}
	return list[0], nil
}
