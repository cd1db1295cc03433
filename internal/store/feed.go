package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// FeedEvent is an event with whoever may read it, for a reader of the feed who passes it on to many people.
type FeedEvent struct {
	Event
	Place      FeedPosition
	Restricted bool     // of a confidential request: only Readers, and who may read all
	Readers    []string // of a restricted event: the people of the request, its team, and the delegates of these
}

// The order and the guard are those of selectEvents. The people of a confidential request are those of visibleTo. An entry whose request
// has no row, as during a rebuild, is restricted and has no readers.
const selectFeed = `
SELECT l.xid::text::bigint, l.position, l.body, l.request_id::text, coalesce(r.number, 0), coalesce(r.title, ''), coalesce(r.portfolio, ''),
    coalesce(r.confidential, true), CASE WHEN r.confidential THEN ARRAY(
        WITH p AS (SELECT unnest(r.people) AS person UNION SELECT unnest(v.members || v.leads) FROM team v WHERE v.id IN (r.team, r.second_team))
        SELECT person FROM p UNION
        SELECT d.delegate FROM acting d JOIN p ON p.person = d.person WHERE d.from_at <= $4 AND $4 < d.until_at) END
FROM ledger l LEFT JOIN request r ON r.id = l.request_id
WHERE (l.xid, l.position) > ($1::text::xid8, $2::bigint) AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY l.xid, l.position LIMIT $3`

func scanFeedEvent(row pgx.CollectableRow) (FeedEvent, error) {
	var e FeedEvent
	var body []byte
	if err := row.Scan(&e.Place.Xid, &e.Position, &body, &e.RequestID, &e.Number, &e.Title, &e.Portfolio, &e.Restricted, &e.Readers); err != nil {
		return e, err
	}
	e.Place.Position = e.Position
	e.Cursor = e.Place.String()
	return e, json.Unmarshal(body, &e.Entry)
}

// Feed reads events after a position, in the order of the feed.
func (s *Store) Feed(ctx context.Context, after FeedPosition, limit int, now time.Time) ([]FeedEvent, error) {
	return many(ctx, s.pool, feed, scanFeedEvent, selectFeed, strconv.FormatUint(after.Xid, 10), after.Position, pageSize(limit), now)
}

// FeedNow is the position after the last event of the feed.
func (s *Store) FeedNow(ctx context.Context) (FeedPosition, error) {
	end, err := s.FeedEnd(ctx)
	if err != nil {
		return FeedPosition{}, err
	}
	return ReadFeedPosition(end)
}
