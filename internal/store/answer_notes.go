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
	return answerNote(ctx, s.pool, person, request, question)
}

func answerNote(ctx context.Context, db querier, person, request, question string) (AnswerNote, error) {
	notes, err := many(ctx, db, "read a note on a question", func(row pgx.CollectableRow) (AnswerNote, error) {
		var n AnswerNote
		return n, row.Scan(&n.Person, &n.Request, &n.Question, &n.Claimed, &n.FollowUp, &n.DraftAt, &n.Draft)
	}, `SELECT `+noteColumns+`, draft FROM answer_note WHERE person = $1 AND request_id = $2 AND question = $3`, person, request, question)
	if err != nil || len(notes) == 0 {
		return AnswerNote{Person: person, Request: request, Question: question}, err
	}
	return notes[0], nil
}

// ChangeAnswerNote changes a note; one without content is deleted. Changes of one person wait for each other, so that each keeps what the other
// changed. Notes that nobody has touched for half a year are deleted too. ErrFull when the person has too many.
func (s *Store) ChangeAnswerNote(ctx context.Context, person, request, question string, at time.Time, change func(*AnswerNote) error) (n AnswerNote, err error) {
	const op = "keep a note on a question"
	err = s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, `SELECT pg_advisory_xact_lock(hashtextextended('notes of ' || $1, 0))`, person); err != nil {
			return err
		}
		if n, err = answerNote(ctx, tx, person, request, question); err != nil {
			return err
		}
		if err := change(&n); err != nil {
			return err
		}
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
	return n, err
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
