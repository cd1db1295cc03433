package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/audit"
	"leanpmo/internal/clientaddr"
)

// The kinds of lines of the office ledger.
const (
	OfficePolicy     = "policy"
	OfficeTeam       = "team"
	OfficeResource   = "resource"
	OfficeDelegation = "delegation"
	OfficeToken      = "token"
	OfficeSession    = "session"
	OfficeHistory    = "history" // finished work of another tool, imported or removed
	OfficePerson     = "person"  // what somebody may do by the directory
	OfficeChannel    = "channel" // where notifications are sent: redelivered, enabled again, a chat's address
)

// change is a line of the office ledger that is about to be written: a change of data that no workflow owns, or a refusal.
type change struct {
	At                       time.Time
	Actor, Object, ID, Event string
	Body                     any
	Answer                   any // to the key of the call; nil: Body
}

// logChange logs a change in the office ledger.
func logChange(ctx context.Context, tx pgx.Tx, c change) error {
	answer := c.Answer
	if answer == nil {
		answer = c.Body
	}
	if err := keepAnswer(ctx, tx, answer); err != nil {
		return err
	}
	if logging, ok := tx.(*loggingTx); ok {
		logging.changes = append(logging.changes, c)
		return nil
	}
	return insertChange(ctx, tx, c)
}

// loggingTx writes the lines of the office ledger when everything else is written: the ledger is locked from the first of them until the
// transaction ends, and two transactions that then waited for each other's rows would both fail.
type loggingTx struct {
	pgx.Tx
	changes []change
}

func (t *loggingTx) finish(ctx context.Context) error {
	for _, c := range t.changes {
		if err := insertChange(ctx, t.Tx, c); err != nil {
			return err
		}
	}
	return nil
}

func insertChange(ctx context.Context, db querier, c change) error {
	body, err := document(c.Body)
	if err != nil {
		return err
	}
	_, err = write(ctx, db, "log change", `INSERT INTO change_ledger (at, actor, object, object_id, event, body, address) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.At, clean(c.Actor), c.Object, clean(c.ID), c.Event, body, clientaddr.Text(clientaddr.From(ctx)))
	return err
}

// AddRefusal writes a refusal, or how many there were, to the office ledger.
func (s *Store) AddRefusal(ctx context.Context, r audit.Refusal) error {
	c := change{At: r.At, Actor: r.Actor, Object: r.Kind, ID: r.About, Event: "refused"}
	body := map[string]any{}
	for name, value := range map[string]string{"cause": r.Cause, "route": r.Route} {
		if value != "" {
			body[name] = value
		}
	}
	if r.More != nil {
		c.Actor, c.Event = bySystem, "more_refused"
		body["count"], body["since"] = r.More.Count, r.More.Since
	}
	c.Body = body
	return insertChange(ctx, s.pool, c)
}

// OfficeLine is a line of the office ledger.
type OfficeLine struct {
	Line    int64
	At      time.Time
	Actor   string
	Kind    string
	ID      string // of what the line is about
	Event   string
	Address string
	Body    json.RawMessage
	Hash    string
}

// OfficeFilter chooses lines of the office ledger; what is empty chooses all.
type OfficeFilter struct {
	Kind   string
	Person string // who did it, or whom it is about
	From   time.Time
	Until  time.Time
	Limit  int
	Cursor string
}

const officeList = "office ledger"

// The text of a policy may be long; it is read where policies are.
const selectOffice = `
SELECT line, at, actor, object, object_id, event, address, body - 'source', encode(hash, 'hex') FROM change_ledger
WHERE line < $1 AND ($2 = '' OR object = $2)
    AND ($3 = '' OR actor = $3 OR object IN ('person', 'delegation') AND object_id = $3 OR $3 IN (body ->> 'person', body ->> 'principal', body ->> 'delegate'))
    AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
ORDER BY line DESC LIMIT $6`

// Office reads lines of the office ledger, the newest first.
func (s *Store) Office(ctx context.Context, f OfficeFilter) (Page[OfficeLine], error) {
	from, err := readCursor(officeList, f.Cursor)
	if err != nil {
		return Page[OfficeLine]{}, err
	}
	before := int64(1<<63 - 1)
	if from != nil {
		if before, err = strconv.ParseInt(from.Key, 10, 64); err != nil {
			return Page[OfficeLine]{}, ErrBadCursor
		}
	}
	size := pageSize(f.Limit)
	lines, err := many(ctx, s.pool, "read the office ledger", pgx.RowToStructByPos[OfficeLine], selectOffice,
		before, f.Kind, f.Person, timeOrNull(f.From), timeOrNull(f.Until), size+1)
	return paged(lines, size, func(l OfficeLine) cursor { return cursor{List: officeList, Key: strconv.FormatInt(l.Line, 10)} }), err
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
