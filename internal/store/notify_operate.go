package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// NotifyStatus is the state of the notifications.
type NotifyStatus struct {
	Pending   int              `json:"pending"`             // waiting for their first or next attempt
	Queued    int              `json:"queued"`              // waiting behind another message of the same request and recipient
	Dead      int              `json:"dead"`                // given up; redeliver sends them again
	Delivered int              `json:"delivered"`           // and not yet forgotten
	Oldest    *time.Time       `json:"oldest,omitempty"`    // oldest event whose notification is still pending
	Unread    *time.Time       `json:"unread,omitempty"`    // oldest entry of the ledger nobody has looked at yet
	Held      *time.Time       `json:"held,omitempty"`      // oldest entry that a transaction which has not ended keeps from being read
	Endpoints []EndpointStatus `json:"endpoints,omitempty"` // with something open or dead, or disabled
}

// EndpointStatus is the state of one endpoint.
type EndpointStatus struct {
	ID       string     `json:"id"`
	Open     int        `json:"open"`
	Dead     int        `json:"dead"`
	Oldest   *time.Time `json:"oldest,omitempty"`
	Disabled *time.Time `json:"disabled,omitempty"`
	Reason   string     `json:"reason,omitempty"` // why it is disabled, else the latest failure
}

const selectNotifyStatus = `
SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'dead'),
    count(*) FILTER (WHERE state = 'delivered'), min(at) FILTER (WHERE state IN ('pending', 'queued'))
FROM notification`

const selectEndpointStatus = `
SELECT coalesce(n.endpoint, e.id), coalesce(n.open, 0), coalesce(n.dead, 0), n.oldest, e.disabled_at, coalesce(e.reason, n.reason, '')
FROM (SELECT endpoint, count(*) FILTER (WHERE state <> 'dead') AS open, count(*) FILTER (WHERE state = 'dead') AS dead,
    min(at) FILTER (WHERE state <> 'dead') AS oldest, (array_agg(reason ORDER BY coalesce(done_at, next_at) DESC) FILTER (WHERE reason <> ''))[1] AS reason
    FROM notification WHERE state <> 'delivered' GROUP BY endpoint) n
FULL JOIN notify_endpoint e ON e.id = n.endpoint ORDER BY 1`

// NotifyStatus reads the state of the notifications.
func (s *Store) NotifyStatus(ctx context.Context) (NotifyStatus, error) {
	status, err := one(ctx, s.pool, "read notification status", func(row pgx.CollectableRow) (NotifyStatus, error) {
		var n NotifyStatus
		return n, row.Scan(&n.Pending, &n.Queued, &n.Dead, &n.Delivered, &n.Oldest)
	}, selectNotifyStatus)
	if err != nil {
		return status, err
	}
	status.Endpoints, err = many(ctx, s.pool, "read notification status", func(row pgx.CollectableRow) (EndpointStatus, error) {
		var e EndpointStatus
		return e, row.Scan(&e.ID, &e.Open, &e.Dead, &e.Oldest, &e.Disabled, &e.Reason)
	}, selectEndpointStatus)
	if err != nil {
		return status, err
	}
	if status.Unread, err = s.oldestUnread(ctx); err != nil {
		return status, err
	}
	status.Held, err = s.FeedHeld(ctx)
	return status, err
}

// oldestUnread is the time of the oldest event not read yet; nil before the first leader, because then no notification is due.
func (s *Store) oldestUnread(ctx context.Context) (*time.Time, error) {
	cursor, err := one(ctx, s.pool, "read notification status", pgx.RowTo[*string], `SELECT cursor FROM notify_state`)
	if err != nil || cursor == nil {
		return nil, err
	}
	page, err := s.Events(ctx, View{SeesAll: true, Limit: 1, Cursor: *cursor})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return &page.Items[0].At, nil
}

// NotifyBacklog is the number of unsent messages and the time of the oldest one.
func (s *Store) NotifyBacklog(ctx context.Context) (open int, oldest *time.Time, err error) {
	_, err = one(ctx, s.pool, "count unsent notifications", func(row pgx.CollectableRow) (struct{}, error) {
		return struct{}{}, row.Scan(&open, &oldest)
	}, `SELECT count(*), min(at) FROM notification WHERE state IN ('queued', 'pending')`)
	return open, oldest, err
}

// DeadNotifications lists the messages that were given up, oldest first; only those of one endpoint, unless it is empty.
func (s *Store) DeadNotifications(ctx context.Context, endpoint string, limit int) ([]Notification, error) {
	return many(ctx, s.pool, "list dead notifications", scanNotification, `
SELECT id, request_id::text, endpoint, event, at, body, attempts, reason FROM notification
WHERE state = 'dead' AND ($1 = '' OR endpoint = $1) ORDER BY position LIMIT $2`, endpoint, limit)
}

// ForgetNotifications deletes a limited number of messages that were delivered or given up before the given times, and returns how many.
func (s *Store) ForgetNotifications(ctx context.Context, delivered, dead time.Time) (int64, error) {
	return write(ctx, s.pool, "delete old notifications", `
DELETE FROM notification WHERE position IN (SELECT position FROM notification
    WHERE state = 'delivered' AND done_at < $1 OR state = 'dead' AND done_at < $2 LIMIT 5000)`, delivered, dead)
}
