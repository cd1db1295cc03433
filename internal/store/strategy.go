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

const selectInProcess = `
SELECT r.id::text, r.snapshot -> 'content', NULL::timestamptz FROM slot s JOIN request r ON r.id = s.request_id WHERE s.portfolio = $1`

const selectSized = selectInProcess + `
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

// WorkInProcess lists what of a portfolio has a slot.
func (s *Store) WorkInProcess(ctx context.Context, portfolio string) ([]SizedWork, error) {
	return many(ctx, s.pool, "list work in process", scanSized, selectInProcess, portfolio)
}

// WorkMarks stand for what SizedWork lists: another mark, other requests or other contents.
type WorkMarks struct{ InProcess, Delivered string }

// WorkMarks are those of a portfolio since a time. They cost a small part of the lists, because no content is read.
func (s *Store) WorkMarks(ctx context.Context, portfolio string, since time.Time) (WorkMarks, error) {
	return one(ctx, s.pool, "mark work", pgx.RowToStructByPos[WorkMarks], `SELECT
    (SELECT count(*) || ' ' || coalesce(sum(hashtextextended(r.id::text, r.seq)), 0) FROM slot s JOIN request r ON r.id = s.request_id WHERE s.portfolio = $1),
    (SELECT count(*) || ' ' || coalesce(sum(extract(epoch FROM accepted_at)), 0) FROM (
        SELECT accepted_at FROM request WHERE portfolio = $1 AND accepted_at >= $2 ORDER BY accepted_at DESC LIMIT $3) newest)`, portfolio, since, mostDelivered)
}

// SizedWork is that of the store, in the transaction.
func (t *PortfolioTx) SizedWork(ctx context.Context, since time.Time) ([]SizedWork, error) {
	return sizedWork(ctx, t.tx, t.portfolio, since)
}

const selectSizedOf = `SELECT r.id::text, r.snapshot -> 'content', NULL::timestamptz
FROM unnest($1::text[]::uuid[]) WITH ORDINALITY AS asked (id, place) JOIN request r ON r.id = asked.id ORDER BY asked.place`

// SizedWorkOf lists requests by their ids, in this order; those that are not there are left out.
func (s *Store) SizedWorkOf(ctx context.Context, ids []string) ([]SizedWork, error) {
	return many(ctx, s.pool, "list work of requests", scanSized, selectSizedOf, ids)
}

// SizedWorkOf is that of the store, in the transaction.
func (t *PortfolioTx) SizedWorkOf(ctx context.Context, ids []string) ([]SizedWork, error) {
	return many(ctx, t.tx, "list work of requests", scanSized, selectSizedOf, ids)
}
