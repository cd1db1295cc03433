package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// bounded limits the time of a call outside a transaction; inside one, the limit of the transaction applies.
func bounded(ctx context.Context, db querier) (context.Context, context.CancelFunc) {
	if _, inside := db.(pgx.Tx); inside {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, callTimeout)
}

// many reads all rows with scan.
func many[T any](ctx context.Context, db querier, op string, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	ctx, cancel := bounded(ctx, db)
	defer cancel()
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fault(op, err)
	}
	items, err := pgx.CollectRows(rows, scan)
	return items, fault(op, err)
}

// one reads the first row with scan; ErrNotFound if there is none.
func one[T any](ctx context.Context, db querier, op string, scan pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	items, err := many(ctx, db, op, scan, sql, args...)
	var none T
	if err != nil {
		return none, err
	}
	if len(items) == 0 {
		return none, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	return items[0], nil
}

// write runs a statement and returns the number of affected rows.
func write(ctx context.Context, db querier, op, sql string, args ...any) (int64, error) {
	ctx, cancel := bounded(ctx, db)
	defer cancel()
	tag, err := db.Exec(ctx, sql, args...)
	return tag.RowsAffected(), fault(op, err)
}

// together sends statements in one round trip. They are one transaction.
func (s *Store) together(ctx context.Context, op string, queue func(*pgx.Batch)) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	batch := &pgx.Batch{}
	queue(batch)
	return fault(op, s.pool.SendBatch(ctx, batch).Close())
}

// collect keeps the rows of a queued query.
func collect[T any](q *pgx.QueuedQuery, scan pgx.RowToFunc[T], into *[]T) {
	q.Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, scan)
		return err
	})
}

// inTx runs f in one transaction: committed when f succeeds, rolled back otherwise.
func (s *Store) inTx(ctx context.Context, op string, f func(tx pgx.Tx) error) error {
	return fault(op, pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		logging := &loggingTx{Tx: tx}
		if err := f(logging); err != nil {
			return err
		}
		return logging.finish(ctx)
	}))
}

// readTx runs reads that all see the same moment, within the time of a call of many statements.
func (s *Store) readTx(ctx context.Context, op string, f func(tx pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, bulkTimeout)
	defer cancel()
	return fault(op, pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f))
}

// pipelined runs a transaction in two round trips. The statements that first queues are sent with BEGIN. Those that then queues, which may
// use the results of the former, are sent with COMMIT. After an error the pool closes the connection, which rolls the transaction back.
func (s *Store) pipelined(ctx context.Context, op string, first, then func(*pgx.Batch) error) error {
	return fault(op, s.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		opening := &pgx.Batch{}
		opening.Queue("BEGIN")
		if err := first(opening); err != nil {
			return err
		}
		if err := conn.SendBatch(ctx, opening).Close(); err != nil {
			return err
		}
		closing := &pgx.Batch{}
		if err := then(closing); err != nil {
			return err
		}
		closing.Queue("COMMIT")
		return conn.SendBatch(ctx, closing).Close()
	}))
}
