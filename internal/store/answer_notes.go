package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
)

// AnswerNote is what somebody who is asked notes for themselves until they answer.
type AnswerNote struct {
	Person   string
	Request  string
	Question string
	Claimed  *time.Time // they are on it since then
	FollowUp *time.Time // the day on which they look again
	DraftAt  *time.Time
	Draft    json.RawMessage // what they have written so far; read by AnswerNote alone
}

const (
	keepNotes = 180 * 24 * time.Hour // without a change
	mostNotes = 500                  // of a person; one that is there can always be changed
)

const noteColumns = `person, request_id::text, question, claimed_at, follow_up::timestamptz, draft_at`

// AnswerNotes reads the notes on the questions of some requests: who is on it, and of the person also the rest.
func (s *Store) AnswerNotes(ctx context.Context, person string, requests []string) ([]AnswerNote, error) {
	notes, err := many(ctx, s.pool, "read notes on questions", func(row pgx.CollectableRow) (AnswerNote, error) {
		var n AnswerNote
		return n, row.Scan(&n.Person, &n.Request, &n.Question, &n.Claimed, &n.FollowUp, &n.DraftAt)
	}, `SELECT `+noteColumns+` FROM answer_note WHERE request_id = ANY ($1::text[]::uuid[]) AND (person = $2 OR claimed_at IS NOT NULL) ORDER BY claimed_at, person LIMIT 5000`, requests, person)
	for i := range notes {
		if notes[i].Person != person {
			notes[i].FollowUp, notes[i].DraftAt = nil, nil
		}
	}
	return notes, err
}

// AnswerNote reads the note of a person on a question, with the draft; an empty one when there is none.
func (s *Store) AnswerNote(ctx context.Context, person, request, question string) (AnswerNote, error) {
	notes, err := many(ctx, s.pool, "read a note on a question", func(row pgx.CollectableRow) (AnswerNote, error) {
		var n AnswerNote
		return n, row.Scan(&n.Person, &n.Request, &n.Question, &n.Claimed, &n.FollowUp, &n.DraftAt, &n.Draft)
	}, `SELECT `+noteColumns+`, draft FROM answer_note WHERE person = $1 AND request_id = $2 AND question = $3`, person, request, question)
	if err != nil || len(notes) == 0 {
		return AnswerNote{Person: person, Request: request, Question: question}, err
	}
	return notes[0], nil
}

// PutAnswerNote replaces a note; one without content is deleted. Notes that nobody has touched for half a year are deleted too. ErrFull when
// the person has too many.
func (s *Store) PutAnswerNote(ctx context.Context, n AnswerNote, at time.Time) error {
	const op = "keep a note on a question"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, `DELETE FROM answer_note WHERE person = $1 AND (at < $2 OR request_id = $3 AND question = $4 AND $5)`,
			n.Person, at.Add(-keepNotes), n.Request, n.Question, n.Claimed == nil && n.FollowUp == nil && n.DraftAt == nil); err != nil {
			return err
		}
		if n.Claimed == nil && n.FollowUp == nil && n.DraftAt == nil {
			return keepAnswer(ctx, tx, n)
		}
		rows, err := write(ctx, tx, op, `
INSERT INTO answer_note (person, request_id, question, claimed_at, follow_up, draft, draft_at, at)
SELECT $1, $2, $3, $4, $5::timestamptz::date, $6, $7, $8 
WHERE (SELECT count(*) FROM answer_note WHERE person = $1 AND (request_id, question) <> ($2, $3)) < $9
ON CONFLICT (person, request_id, question) DO UPDATE SET claimed_at = excluded.claimed_at, follow_up = excluded.follow_up, draft = excluded.draft,
    draft_at = excluded.draft_at, at = excluded.at`, n.Person, n.Request, clean(n.Question), n.Claimed, n.FollowUp, draftOf(n), n.DraftAt, at, mostNotes)
		return changed(ctx, tx, rows, err, ErrFull, n)
	})
}

func draftOf(n AnswerNote) *string {
	if n.DraftAt == nil {
		return nil
	}
	text := string(cleanJSON(n.Draft))
	return &text
}

// DropAnswerNote deletes the note of a person on a question that they have answered.
func (s *Store) DropAnswerNote(ctx context.Context, person, request, question string) error {
	_, err := write(ctx, s.pool, "drop a note on a question", `DELETE FROM answer_note WHERE person = $1 AND request_id = $2 AND question = $3`, person, request, question)
	return err
}
