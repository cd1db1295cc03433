package store

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"leanpmo/internal/pmo"
)

// NotifyLead is the right to tell people, held by one worker at a time: a lock of its own connection, and a term every write names.
type NotifyLead struct {
	Term   int64
	Cursor string // where the feed is read on
	conn   *pgxpool.Conn
	once   sync.Once
}

// The server ends the session of a leader whose machine is gone within half a minute; until then nobody else leads.
const (
	lockNotify = `SELECT pg_try_advisory_lock(hashtextextended('notify', 0)),
    set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`
	nextTerm = `UPDATE notify_state SET term = term + 1, cursor = coalesce(cursor, $1) RETURNING term, cursor`
)

// LeadNotify takes the right to tell people; nil while another worker has it. On a database that has a history when it is first
// asked, the feed begins with what is to come: nobody wants to be told of a year.
func (s *Store) LeadNotify(ctx context.Context) (*NotifyLead, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	end, err := s.FeedEnd(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, fault("lead notify", err)
	}
	lead := &NotifyLead{conn: conn}
	locked := false
	err = conn.QueryRow(ctx, lockNotify).Scan(&locked, nil, nil, nil)
	if err == nil && locked {
		err = conn.QueryRow(ctx, nextTerm, end).Scan(&lead.Term, &lead.Cursor)
	}
	if err != nil || !locked {
		lead.Release()
		return nil, fault("lead notify", err)
	}
	return lead, nil
}

// Check tells whether the lock is still held, as far as its connection knows.
func (l *NotifyLead) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	return fault("lead notify", l.conn.Ping(ctx))
}

// Release gives the lead away, at once where the server still hears us. The connection ends with it: nothing of the lock can stay
// behind in the pool.
func (l *NotifyLead) Release() {
	l.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, _ = l.conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`)
		_ = l.conn.Conn().Close(ctx) // gone either way
		l.conn.Release()
	})
}

// fenced runs f in a transaction that only the leader of the term gets; all such transactions happen one after the other.
func (s *Store) fenced(ctx context.Context, op string, term int64, f func(tx pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return s.inTx(ctx, op, func(tx pgx.Tx) error {
		n, err := write(ctx, tx, op, `SELECT FROM notify_state WHERE term = $1 FOR UPDATE`, term)
		if err == nil && n == 0 {
			err = ErrNotLeading
		}
		if err != nil {
			return err
		}
		return f(tx)
	})
}

// NotifyDetail is what a message says of a request besides its event.
type NotifyDetail struct {
	Confidential bool
	People       []string      // who may read it when it is confidential
	Question     *pmo.Question // only for the events asked for
}

const selectNotifyDetails = `
SELECT e.position, r.confidential, r.people,
    CASE WHEN e.question <> '' THEN (SELECT q FROM jsonb_array_elements(r.snapshot -> 'questions') q WHERE q ->> 'id' = e.question LIMIT 1) END
FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS e (position, request_id, question) JOIN request r ON r.id = e.request_id`

// NotifyDetails reads them for events, by position; one whose request has no row at the moment is left out. With the events for
// which withQuestion holds comes their question.
func (s *Store) NotifyDetails(ctx context.Context, events []Event, withQuestion func(Event) bool) (map[int64]NotifyDetail, error) {
	var positions []int64
	var ids, questions []string
	for _, e := range events {
		question := ""
		if withQuestion(e) {
			question = clean(e.Question)
		}
		positions, ids, questions = append(positions, e.Position), append(ids, e.RequestID), append(questions, question)
	}
	details := make(map[int64]NotifyDetail, len(events))
	_, err := many(ctx, s.pool, "notify details", func(row pgx.CollectableRow) (struct{}, error) {
		var position int64
		var d NotifyDetail
		var question []byte
		if err := row.Scan(&position, &d.Confidential, &d.People, &question); err != nil {
			return struct{}{}, err
		}
		if len(question) > 0 {
			if err := json.Unmarshal(question, &d.Question); err != nil {
				return struct{}{}, fmt.Errorf("read a question: %w", err)
			}
		}
		details[position] = d
		return struct{}{}, nil
	}, selectNotifyDetails, positions, ids, questions)
	return details, err
}
