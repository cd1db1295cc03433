package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Receiver is an endpoint that has an address at present, and what it takes.
type Receiver struct{ Endpoint, Format string }

// Channel is the state of one endpoint: what waits, what was given up, and when an attempt last succeeded and failed.
type Channel struct {
	Endpoint    string     `json:"endpoint"`
	Format      string     `json:"format,omitempty"` // empty: it has no address at present
	Open        int        `json:"open"`             // not sent yet
	Dead        int        `json:"dead"`             // given up
	Oldest      *time.Time `json:"oldest,omitempty"`
	DisabledAt  *time.Time `json:"disabled,omitempty"`
	Disabled    string     `json:"disabled_why,omitempty"` // why
	DeliveredAt *time.Time `json:"delivered,omitempty"`
	FailedAt    *time.Time `json:"failed,omitempty"`
	Reason      string     `json:"reason,omitempty"` // of the latest failure
	Delivered   int64      `json:"delivered_ever"`   // attempts that succeeded since it was first sent to
	Failed      int64      `json:"failed_ever"`      // attempts that did not
	GivenUp     int64      `json:"dead_ever"`        // messages, the redelivered ones included
}

// ChannelFilter chooses endpoints. Failing ones are disabled, have something given up, or failed last.
type ChannelFilter struct {
	Failing bool
	Limit   int
	Cursor  string
}

const channelList = "channels"

const selectChannels = `
SELECT id, coalesce(c.format, k.format, ''), coalesce(n.open, 0), coalesce(n.dead, 0), n.oldest, e.disabled_at, coalesce(e.reason, ''), o.delivered_at, o.failed_at, coalesce(o.reason, ''),
    coalesce(o.delivered, 0), coalesce(o.failed, 0), coalesce(o.dead, 0)
FROM unnest($1::text[], $2::text[]) AS k (id, format)
FULL JOIN (SELECT endpoint AS id, format FROM chat_address) c USING (id)
FULL JOIN (SELECT u.endpoint AS id, count(*) FILTER (WHERE NOT u.dead) AS open, count(*) FILTER (WHERE u.dead) AS dead, min(u.at) FILTER (WHERE NOT u.dead) AS oldest
    FROM (SELECT endpoint, at, false AS dead FROM notification WHERE state IN ('queued', 'pending') UNION ALL SELECT endpoint, at, true FROM notification WHERE state = 'dead') u
    GROUP BY u.endpoint) n USING (id)
FULL JOIN notify_endpoint e USING (id)
FULL JOIN (SELECT endpoint AS id, delivered, failed, dead, delivered_at, failed_at, reason FROM notify_outcome) o USING (id)
WHERE id > $3 AND (NOT $4 OR n.dead > 0 OR e.disabled_at IS NOT NULL OR o.failed_at > coalesce(o.delivered_at, '-infinity'))
ORDER BY id LIMIT $5`

// Channels lists the state of the endpoints that have an address, were sent to or have something to be sent, by their names.
func (s *Store) Channels(ctx context.Context, receivers []Receiver, f ChannelFilter) (Page[Channel], error) {
	from, err := readCursor(channelList, f.Cursor)
	if err != nil {
		return Page[Channel]{}, err
	}
	if from == nil {
		from = &cursor{}
	}
	ids, formats := make([]string, 0, len(receivers)), make([]string, 0, len(receivers))
	for _, r := range receivers {
		ids, formats = append(ids, r.Endpoint), append(formats, r.Format)
	}
	size := pageSize(f.Limit)
	list, err := many(ctx, s.pool, "list channels", pgx.RowToStructByPos[Channel], selectChannels, ids, formats, from.ID, f.Failing, size+1)
	return paged(list, size, func(c Channel) cursor { return cursor{List: channelList, ID: c.Endpoint} }), err
}

// KindCount is what became of the messages to all endpoints of a kind.
type KindCount struct {
	Kind                       string // person, group, portfolio, mail or other
	Open                       int
	Oldest                     *time.Time
	Dead                       int
	Disabled                   int // endpoints
	Delivered, Failed, GivenUp int64
}

// The kinds are a fixed list: an endpoint's name must not be able to create a series.
const selectKindCounts = `
WITH kinds AS (SELECT unnest(ARRAY['person', 'group', 'portfolio', 'mail', 'other']) AS kind),
counted AS (SELECT kind, sum(open) AS open, min(oldest) AS oldest, sum(dead) AS dead, sum(disabled) AS disabled, sum(delivered) AS delivered, sum(failed) AS failed, sum(given_up) AS given_up FROM (
    SELECT endpoint, count(*) AS open, min(at) AS oldest, 0 AS dead, 0 AS disabled, 0 AS delivered, 0 AS failed, 0 AS given_up FROM notification WHERE state IN ('queued', 'pending') GROUP BY endpoint
    UNION ALL SELECT endpoint, 0, NULL, count(*), 0, 0, 0, 0 FROM notification WHERE state = 'dead' GROUP BY endpoint
    UNION ALL SELECT id, 0, NULL, 0, 1, 0, 0, 0 FROM notify_endpoint
    UNION ALL SELECT endpoint, 0, NULL, 0, 0, delivered, failed, dead FROM notify_outcome) e
    CROSS JOIN LATERAL (SELECT CASE WHEN split_part(e.endpoint, ':', 1) IN ('person', 'group', 'portfolio', 'mail') THEN split_part(e.endpoint, ':', 1) ELSE 'other' END AS kind) k
    GROUP BY kind)
SELECT kind, coalesce(c.open, 0)::bigint, c.oldest, coalesce(c.dead, 0)::bigint, coalesce(c.disabled, 0)::bigint, coalesce(c.delivered, 0)::bigint, coalesce(c.failed, 0)::bigint,
    coalesce(c.given_up, 0)::bigint
FROM kinds LEFT JOIN counted c USING (kind) ORDER BY kind`

// NotifyKinds counts the messages and attempts of each kind of endpoint.
func (s *Store) NotifyKinds(ctx context.Context) ([]KindCount, error) {
	return many(ctx, s.pool, "count notifications", pgx.RowToStructByPos[KindCount], selectKindCounts)
}

// DeadMessage is a message that was given up.
type DeadMessage struct {
	ID, Endpoint, Event string
	At, DeadAt          time.Time
	Attempts            int
	Reason              string
	Position            int64
}

const deadList = "dead messages"

// DeadMessages lists the messages that were given up, of one endpoint or of all, the oldest first.
func (s *Store) DeadMessages(ctx context.Context, endpoint string, limit int, after string) (Page[DeadMessage], error) {
	from, err := readCursor(deadList, after)
	if err != nil {
		return Page[DeadMessage]{}, err
	}
	position := int64(0)
	if from != nil {
		if position, err = strconv.ParseInt(from.ID, 10, 64); err != nil {
			return Page[DeadMessage]{}, ErrBadCursor
		}
	}
	size := pageSize(limit)
	list, err := many(ctx, s.pool, "list dead messages", pgx.RowToStructByPos[DeadMessage], `
SELECT id, endpoint, event, at, done_at, attempts, reason, position FROM notification
WHERE state = 'dead' AND ($1 = '' OR endpoint = $1) AND position > $2 ORDER BY position LIMIT $3`, endpoint, position, size+1)
	return paged(list, size, func(m DeadMessage) cursor { return cursor{List: deadList, ID: strconv.FormatInt(m.Position, 10)} }), err
}
