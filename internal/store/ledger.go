package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Ledger reads the entries of a request after a position, in order. Next is the position of the last entry if there are more.
// The entries of one request become visible in the order of their positions, because its projections are written one after the other.
func (s *Store) Ledger(ctx context.Context, id string, after int64, limit int) (Page[LedgerEntry], error) {
	return s.ledger(ctx, `SELECT position, body FROM ledger WHERE request_id = $1 AND position > $2 ORDER BY position LIMIT $3`, id, after, limit)
}

// LedgerNewest reads the entries of a request before a position, the newest first; 0 is after all of them. Next is the position of the last
// entry if there are earlier ones.
func (s *Store) LedgerNewest(ctx context.Context, id string, before int64, limit int) (Page[LedgerEntry], error) {
	return s.ledger(ctx, `SELECT position, body FROM ledger WHERE request_id = $1 AND ($2 = 0 OR position < $2) ORDER BY position DESC LIMIT $3`, id, before, limit)
}

// mostCompletions is how many of the latest entries a burn-up is drawn from: more than one a day for a year.
const mostCompletions = 500

// CompletionEntries reads the latest entries that say how far the work of a request is, in order.
func (s *Store) CompletionEntries(ctx context.Context, id string) ([]pmo.Entry, error) {
	entries, err := many(ctx, s.pool, "read reports", scanEntry, `SELECT position, body FROM ledger WHERE request_id = $1 AND event = ANY ($2) ORDER BY position DESC LIMIT $3`,
		id, pmo.CompletionEvents(), mostCompletions)
	list := make([]pmo.Entry, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		list = append(list, e.Entry)
	}
	return list, err
}

// mostBaselines is how many agreed plans of a request are read.
const mostBaselines = 50

// AgreedPlans reads the entries that agreed on a plan, in order: the baselines of the work.
func (s *Store) AgreedPlans(ctx context.Context, id string) ([]LedgerEntry, error) {
	return many(ctx, s.pool, "read agreed plans", scanEntry, `SELECT position, body FROM ledger WHERE request_id = $1 AND event = $2 AND body ? 'plan' ORDER BY position LIMIT $3`,
		id, pmo.EventPlanned, mostBaselines)
}

func (s *Store) ledger(ctx context.Context, selectEntries, id string, from int64, limit int) (Page[LedgerEntry], error) {
	size := pageSize(limit)
	entries, err := many(ctx, s.pool, "read ledger", scanEntry, selectEntries, id, from, size+1)
	if err != nil || len(entries) <= size {
		return Page[LedgerEntry]{Items: entries}, err
	}
	entries = entries[:size]
	return Page[LedgerEntry]{Items: entries, Next: strconv.FormatInt(entries[size-1].Position, 10)}, nil
}

func scanEntry(row pgx.CollectableRow) (LedgerEntry, error) {
	var e LedgerEntry
	var body []byte
	if err := row.Scan(&e.Position, &body); err != nil {
		return e, err
	}
	return e, json.Unmarshal(body, &e.Entry)
}

// FeedPosition is a place in the feed of all requests: after the entry at Position that the transaction Xid wrote. Its zero value is the
// beginning.
type FeedPosition struct {
	Xid      uint64
	Position int64
}

// ReadFeedPosition decodes the cursor of an event; the beginning for an empty text, ErrBadCursor for a text that is none.
func ReadFeedPosition(text string) (FeedPosition, error) {
	at, err := readCursor(feed, text)
	if err != nil || at == nil {
		return FeedPosition{}, err
	}
	var p FeedPosition
	p.Xid, err = strconv.ParseUint(at.Key, 10, 64)
	if err == nil {
		p.Position, err = strconv.ParseInt(at.ID, 10, 64)
	}
	if err != nil {
		return FeedPosition{}, fmt.Errorf("%s: %w", feed, ErrBadCursor)
	}
	return p, nil
}

// String is the cursor.
func (p FeedPosition) String() string {
	return cursor{List: feed, Key: strconv.FormatUint(p.Xid, 10), ID: strconv.FormatInt(p.Position, 10)}.encode()
}

// After reports whether p is later in the feed than q.
func (p FeedPosition) After(q FeedPosition) bool {
	return p.Xid > q.Xid || p.Xid == q.Xid && p.Position > q.Position
}

// Event is an entry of the feed of all requests.
type Event struct {
	Cursor    string // resumes after this event
	RequestID string
	Number    int64
	Title     string
	Portfolio string
	LedgerEntry
}

// Only entries of transactions older than every running one are read, in the order of the transactions. So no entry can become visible
// before a position that a reader has passed. A long transaction delays the feed, but no entry is skipped.
const selectEvents = `
SELECT l.xid::text::bigint, l.position, l.body, l.request_id::text, coalesce(r.number, 0), coalesce(r.title, ''), coalesce(r.portfolio, ''),
    coalesce(` + visibleTo + `, $2)
FROM ledger l LEFT JOIN request r ON r.id = l.request_id
WHERE (l.xid, l.position) > ($3::text::xid8, $4::bigint) AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY l.xid, l.position LIMIT $5`

type feedEvent struct {
	Event
	visible bool
}

func scanEvent(row pgx.CollectableRow) (feedEvent, error) {
	var e feedEvent
	var at FeedPosition
	var body []byte
	if err := row.Scan(&at.Xid, &e.Position, &body, &e.RequestID, &e.Number, &e.Title, &e.Portfolio, &e.visible); err != nil {
		return e, err
	}
	at.Position = e.Position
	e.Cursor = at.String()
	return e, json.Unmarshal(body, &e.Entry)
}

const feed = "events"

// Events reads the feed after v.Cursor; from its beginning without one. Next is always set: it is the cursor of the last event read, also
// when the viewer may read none of the events, and the given cursor when there is no newer event.
func (s *Store) Events(ctx context.Context, v View) (Page[Event], error) {
	at, err := ReadFeedPosition(v.Cursor)
	if err != nil {
		return Page[Event]{}, err
	}
	events, err := many(ctx, s.pool, feed, scanEvent, selectEvents, v.viewerIDs(), v.SeesAll, strconv.FormatUint(at.Xid, 10), at.Position, pageSize(v.Limit))
	page := Page[Event]{Items: []Event{}, Next: v.Cursor}
	for _, e := range events {
		page.Next = e.Cursor
		if e.visible {
			page.Items = append(page.Items, e.Event)
		}
	}
	return page, err
}

// FeedEnd is the cursor after the last event of the feed: the start for a reader who wants only future events.
func (s *Store) FeedEnd(ctx context.Context) (string, error) {
	return feedCursor(ctx, s, `SELECT xid::text, position::text FROM ledger WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY ledger.xid DESC, ledger.position DESC LIMIT 1`)
}

// feedCursor is the cursor after the event that a query finds; that of the feed's beginning when it finds none.
func feedCursor(ctx context.Context, s *Store, query string, args ...any) (string, error) {
	found, err := many(ctx, s.pool, feed, func(row pgx.CollectableRow) (cursor, error) {
		at := cursor{List: feed}
		return at, row.Scan(&at.Key, &at.ID)
	}, query, args...)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].encode(), nil
}

// FeedHeld is when the oldest event happened that no reader of the feed gets yet, because a transaction that began before it has not ended;
// nil: there is none. The transaction may be one of another database of the same cluster.
func (s *Store) FeedHeld(ctx context.Context) (*time.Time, error) {
	held, err := many(ctx, s.pool, feed, pgx.RowTo[time.Time], `SELECT at FROM ledger WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, position LIMIT 1`)
	if err != nil || len(held) == 0 {
		return nil, err
	}
	return &held[0], nil
}
