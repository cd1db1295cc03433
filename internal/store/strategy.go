package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// SizedWork is a request with its content, as shares of the capacity count it.
type SizedWork struct {
	ID        string
	Content   pmo.Content
	Delivered time.Time // zero: it has a slot, or is asked for by its id
}

// mostDelivered limits the delivered requests that are read: the newest.
const mostDelivered = 5000

const selectSized = `
SELECT r.id::text, r.snapshot -> 'content', NULL::timestamptz FROM slot s JOIN request r ON r.id = s.request_id WHERE s.portfolio = $1
UNION ALL
(SELECT r.id::text, r.snapshot -> 'content', r.accepted_at FROM request r WHERE r.portfolio = $1 AND r.accepted_at >= $2 ORDER BY r.accepted_at DESC LIMIT $3)`

func scanSized(row pgx.CollectableRow) (SizedWork, error) {
	var w SizedWork
	var delivered *time.Time
	err := row.Scan(&w.ID, scanJSON{&w.Content}, &delivered)
	if delivered != nil {
		w.Delivered = *delivered
	}
	return w, err
}

func sizedWork(ctx context.Context, db querier, portfolio string, since time.Time) ([]SizedWork, error) {
	return many(ctx, db, "list work", scanSized, selectSized, portfolio, since, mostDelivered)
}

// SizedWork lists what of a portfolio has a slot, and what was delivered since a time.
func (s *Store) SizedWork(ctx context.Context, portfolio string, since time.Time) ([]SizedWork, error) {
	return sizedWork(ctx, s.pool, portfolio, since)
}

// SizedWork is that of the store, in the transaction.
func (t *PortfolioTx) SizedWork(ctx context.Context, since time.Time) ([]SizedWork, error) {
	return sizedWork(ctx, t.tx, t.portfolio, since)
}

// SizedWorkOf lists requests by their ids, in this order; those that are not there are left out.
func (t *PortfolioTx) SizedWorkOf(ctx context.Context, ids []string) ([]SizedWork, error) {
	return many(ctx, t.tx, "list work of requests", scanSized, `SELECT r.id::text, r.snapshot -> 'content', NULL::timestamptz
FROM unnest($1::text[]::uuid[]) WITH ORDINALITY AS asked (id, place) JOIN request r ON r.id = asked.id ORDER BY asked.place`, ids)
}
