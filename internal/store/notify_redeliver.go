package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Redelivery selects dead messages: by id, by endpoint, or all.
type Redelivery struct {
	ID, Endpoint string
	All          bool
	Actor        string // who asks for it; empty: the operator of the database
}

// The messages keep their positions, so they precede the unsent messages of the same lane. Their endpoints are enabled again.
const (
	redeliver = `
UPDATE notification SET state = 'queued', attempts = 0, done_at = NULL
WHERE state = 'dead' AND (id = $1 OR endpoint = $2 OR $3) RETURNING request_id::text, endpoint`
	enableEndpoints = `DELETE FROM notify_endpoint WHERE id = ANY ($1) OR id = $2 OR $3`
)

// Redeliver queues dead messages again, under their old ids, and returns how many; ErrNotFound when the named one is not dead. The office ledger says who asked for it.
func (s *Store) Redeliver(ctx context.Context, r Redelivery, now time.Time) (int, error) {
	if r.ID == "" && r.Endpoint == "" && !r.All {
		return 0, fmt.Errorf("redeliver needs an id, an endpoint or all: %w", ErrInvalid)
	}
	ctx, cancel := context.WithTimeout(ctx, bulkTimeout)
	defer cancel()
	count := 0
	err := s.changeTx(ctx, "redeliver", func(tx pgx.Tx) error {
		// This lock excludes the leader meanwhile: two promotions of one lane must not run concurrently.
		if _, err := write(ctx, tx, "redeliver", `SELECT FROM notify_state FOR UPDATE`); err != nil {
			return err
		}
		var requests, endpoints []string
		_, err := many(ctx, tx, "redeliver", func(row pgx.CollectableRow) (struct{}, error) {
			var request, endpoint string
			err := row.Scan(&request, &endpoint)
			requests, endpoints = append(requests, request), append(endpoints, endpoint)
			return struct{}{}, err
		}, redeliver, r.ID, r.Endpoint, r.All)
		if err != nil {
			return err
		}
		if count = len(requests); count == 0 && r.ID != "" {
			return fmt.Errorf("dead message: %w", ErrNotFound)
		}
		enabled, err := write(ctx, tx, "redeliver", enableEndpoints, endpoints, r.Endpoint, r.All)
		if err != nil {
			return err
		}
		if _, err = write(ctx, tx, "redeliver", promote, requests, now); err != nil {
			return err
		}
		return logRedelivery(ctx, tx, r, count, enabled, endpoints, now)
	})
	return count, err
}

// logRedelivery writes what was redelivered to the office ledger; what found nothing changed nothing and is no line.
func logRedelivery(ctx context.Context, tx pgx.Tx, r Redelivery, count int, enabled int64, endpoints []string, now time.Time) error {
	if count == 0 && enabled == 0 {
		return keepAnswer(ctx, tx, count)
	}
	c := change{At: now, Actor: r.Actor, Object: OfficeChannel, ID: r.Endpoint, Event: "redelivered", Body: map[string]any{"messages": count}, Answer: count}
	if c.Actor == "" {
		c.Actor = bySystem
	}
	if r.ID != "" {
		c.ID, c.Body = endpoints[0], map[string]any{"messages": count, "message": r.ID}
	}
	return logChange(ctx, tx, c)
}

// EnableEndpoint lets an endpoint that was disabled get messages again from now on; those that were given up stay. It is idempotent.
func (s *Store) EnableEndpoint(ctx context.Context, endpoint, actor string, now time.Time) error {
	return s.changeTx(ctx, "enable endpoint", func(tx pgx.Tx) error {
		n, err := write(ctx, tx, "enable endpoint", `DELETE FROM notify_endpoint WHERE id = $1`, endpoint)
		if err != nil {
			return err
		}
		if n == 0 {
			return keepAnswer(ctx, tx, struct{}{})
		}
		return logChange(ctx, tx, change{At: now, Actor: actor, Object: OfficeChannel, ID: endpoint, Event: "enabled", Body: struct{}{}})
	})
}
