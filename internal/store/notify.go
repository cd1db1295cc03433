package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"leanpmo/internal/pmo"
)

// NotifyLead is the leadership of the notification dispatcher, held by one worker at a time: an advisory lock on a connection of its own,
// and a term (fencing token) that every write checks.
type NotifyLead struct {
	Term   int64
	Cursor string // position in the feed from which to continue
	conn   *pgxpool.Conn
	once   sync.Once
}

// The server ends the session of a leader whose machine has failed within half a minute; until then no other worker can lead.
const (
	lockNotify = `SELECT pg_try_advisory_lock(hashtextextended('notify', 0)),
    set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`
	nextTerm = `UPDATE notify_state SET term = term + 1, cursor = coalesce(cursor, $1) RETURNING term, cursor`
	// Only the first leader of a database needs the last event before its start; later ones go on at the stored cursor.
	selectFirstCursor = `
SELECT l.xid::text, l.position::text FROM ledger l
WHERE l.at < $1 AND l.xid < pg_snapshot_xmin(pg_current_snapshot()) AND NOT EXISTS (SELECT FROM notify_state WHERE cursor IS NOT NULL)
ORDER BY l.xid DESC, l.position DESC LIMIT 1`
)

// LeadNotify acquires the leadership; nil while another worker has it. The first leader of a database starts with what happened since the
// given time, so that nobody is notified of old events. It is a time and not the end of the feed: what happened before the database first
// answered is not old.
func (s *Store) LeadNotify(ctx context.Context, since time.Time) (*NotifyLead, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	first, err := feedCursor(ctx, s, selectFirstCursor, since)
	if err != nil {
		return nil, err
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, fault("lead notifications", err)
	}
	lead := &NotifyLead{conn: conn}
	locked := false
	err = conn.QueryRow(ctx, lockNotify).Scan(&locked, nil, nil, nil)
	if err == nil && locked {
		err = conn.QueryRow(ctx, nextTerm, first).Scan(&lead.Term, &lead.Cursor)
	}
	if err != nil || !locked {
		lead.Release()
		return nil, fault("lead notifications", err)
	}
	return lead, nil
}

// Check fails when the connection that holds the lock is lost.
func (l *NotifyLead) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	return fault("lead notifications", l.conn.Ping(ctx))
}

// Release gives up the leadership, immediately if the server is reachable. It closes the connection, so that no lock can remain in the
// pool.
func (l *NotifyLead) Release() {
	l.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, _ = l.conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`)
		_ = l.conn.Conn().Close(ctx) // an error does not matter: the session ends in any case
		l.conn.Release()
	})
}

// fenced runs f in a transaction that only the leader of the term can start. Such transactions run one after the other, by the lock on notify_state, for two
// reasons. A new leader raises the term only after the last transaction of the former one has ended, so a former leader stores nothing more. And whether the first
// queued message of a lane becomes pending (see promote) depends on the lane's other messages: if one transaction queued a message while another ended the lane's
// pending one, neither would see what the other wrote, and the lane would stand still.
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

// NotifyDetail is the content of a message besides its event.
type NotifyDetail struct {
	Confidential bool
	People       []string // who may read it when it is confidential
	Portfolio    string
	Requester    string
	SubmittedBy  string
	Question     *pmo.Question // only for the selected events
	Sponsor      string
	Watchers     []string
	Leads        []string // of the team that has the work, or had it before
	Mentions     []string // of the comment that the event is about
	// ActsFor is filled by the dispatcher: for whom of the recipients others of them act, by the one who acts.
	ActsFor map[string][]string
}

const selectNotifyDetails = `
SELECT e.position, r.confidential, r.people, r.portfolio, r.requester, r.submitted_by,
    CASE WHEN e.question <> '' THEN (SELECT q FROM jsonb_array_elements(r.snapshot -> 'questions') q WHERE q ->> 'id' = e.question LIMIT 1) END,
    coalesce(r.snapshot #>> '{content,sponsor}', ''), ARRAY(SELECT jsonb_array_elements_text(r.snapshot -> 'watchers')),
    ARRAY(SELECT jsonb_array_elements_text(coalesce(r.snapshot #> '{assignment,leads}', r.snapshot #> '{previous_assignment,leads}'))),
    coalesce((SELECT c.mentions FROM comment c WHERE c.request_id = e.request_id AND c.id::text = e.comment), '{}')
FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[]) AS e (position, request_id, question, comment) JOIN request r ON r.id = e.request_id`

// NotifyDetails reads the details of events, by position; an event whose request has no row at present is left out. For the events that
// withQuestion selects, it reads the question too.
func (s *Store) NotifyDetails(ctx context.Context, events []Event, withQuestion func(Event) bool) (map[int64]NotifyDetail, error) {
	var positions []int64
	var ids, questions, comments []string
	for _, e := range events {
		question := ""
		if withQuestion(e) {
			question = clean(e.Question)
		}
		positions, ids, questions = append(positions, e.Position), append(ids, e.RequestID), append(questions, question)
		comments = append(comments, commentOf(e.Entry))
	}
	details := make(map[int64]NotifyDetail, len(events))
	_, err := many(ctx, s.pool, "read notification details", func(row pgx.CollectableRow) (struct{}, error) {
		var position int64
		var d NotifyDetail
		var question []byte
		if err := row.Scan(&position, &d.Confidential, &d.People, &d.Portfolio, &d.Requester, &d.SubmittedBy, &question, &d.Sponsor, &d.Watchers, &d.Leads, &d.Mentions); err != nil {
			return struct{}{}, err
		}
		if len(question) > 0 {
			if err := json.Unmarshal(question, &d.Question); err != nil {
				return struct{}{}, fmt.Errorf("decode a question: %w", err)
			}
		}
		details[position] = d
		return struct{}{}, nil
	}, selectNotifyDetails, positions, ids, questions, comments)
	return details, err
}

// commentOf is the id of the comment that an entry is about; empty for entries about something else. The key of such an entry has it.
func commentOf(e pmo.Entry) string {
	if e.Event != pmo.EventCommented && e.Event != pmo.EventCommentChanged {
		return ""
	}
	_, rest, _ := strings.Cut(e.Key, "/")
	id, _, _ := strings.Cut(rest, "/")
	return clean(id)
}
