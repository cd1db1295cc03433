package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/audit"
)

// ChainLedger chains the lines of requests from before the ledger was chained, and returns how many. It is idempotent, and each request is a
// transaction of its own, so that others write meanwhile.
func (s *Store) ChainLedger(ctx context.Context) (int64, error) {
	total := int64(0)
	for after := noRequest; ; {
		ids, err := many(ctx, s.pool, "list requests to chain", pgx.RowTo[string],
			`SELECT DISTINCT request_id::text FROM ledger WHERE line IS NULL AND request_id > $1::uuid ORDER BY 1 LIMIT $2`, after, chainAtOnce)
		if err != nil || len(ids) == 0 {
			return total, err
		}
		for _, id := range ids {
			n, err := one(ctx, s.pool, "chain a request", pgx.RowTo[int64], `SELECT chain_request($1)`, id)
			if err != nil {
				return total, err
			}
			total += n
		}
		after = ids[len(ids)-1]
	}
}

// How many requests are listed, and lines read, at once.
const (
	chainAtOnce  = 200
	verifyAtOnce = 500
)

// VerifyLedgers gives every line of the ledgers to a verifier: those of requests by id, then the office's. It reads what is there when it comes
// by: what is added meanwhile may be verified or not.
func (s *Store) VerifyLedgers(ctx context.Context, v *audit.Verifier) error {
	if err := s.verifyRequests(ctx, v); err != nil {
		return err
	}
	if err := s.verifyOffice(ctx, v); err != nil {
		return err
	}
	if err := v.End(); err != nil {
		return err
	}
	return s.findUnchained(ctx, v)
}

// Duplicates have the same number only where the index of the chain was removed; the position tells them apart.
const selectChained = `
SELECT request_id::text, line, position, xid::text, seq, key, (extract(epoch FROM at) * 1000000)::bigint, event, body::text, coalesce(hash, '')
FROM ledger WHERE line IS NOT NULL AND (request_id, line, position) > ($1::uuid, $2, $3) ORDER BY ledger.request_id, line, position LIMIT $4`

type chained struct {
	audit.Line
	position int64
}

func scanChained(row pgx.CollectableRow) (chained, error) {
	var c chained
	var xid, key, event, body string
	var seq, at int64
	err := row.Scan(&c.Chain, &c.Line.Line, &c.position, &xid, &seq, &key, &at, &event, &body, &c.Stored)
	c.Hash = func(before string) [sha256.Size]byte {
		return audit.Hash("ledger", before, c.Chain, number(c.Line.Line), number(c.position), xid, number(seq), key, number(at), event, body)
	}
	return c, err
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func (s *Store) verifyRequests(ctx context.Context, v *audit.Verifier) error {
	last := chained{Line: audit.Line{Chain: noRequest}, position: -1}
	for {
		lines, err := many(ctx, s.pool, "verify the ledger", scanChained, selectChained, last.Chain, last.Line.Line, last.position, verifyAtOnce)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := v.Add(l.Line); err != nil {
				return err
			}
		}
		if len(lines) < verifyAtOnce {
			return nil
		}
		last = lines[len(lines)-1]
	}
}

const selectOfficeChain = `
SELECT line, position, (extract(epoch FROM at) * 1000000)::bigint, actor, object, object_id, event, address, body::text, hash
FROM change_ledger WHERE (line, position) > ($1, $2) ORDER BY line, position LIMIT $3`

func scanOfficeChain(row pgx.CollectableRow) (chained, error) {
	c := chained{Line: audit.Line{Chain: audit.Office}}
	var at int64
	var actor, object, id, event, address, body string
	err := row.Scan(&c.Line.Line, &c.position, &at, &actor, &object, &id, &event, &address, &body, &c.Stored)
	c.Hash = func(before string) [sha256.Size]byte {
		return audit.Hash("office", before, number(c.Line.Line), number(c.position), number(at), actor, object, id, event, address, body)
	}
	return c, err
}

func (s *Store) verifyOffice(ctx context.Context, v *audit.Verifier) error {
	var last chained
	for {
		lines, err := many(ctx, s.pool, "verify the office ledger", scanOfficeChain, selectOfficeChain, last.Line.Line, last.position, verifyAtOnce)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := v.Add(l.Line); err != nil {
				return err
			}
		}
		if len(lines) < verifyAtOnce {
			return nil
		}
		last = lines[len(lines)-1]
	}
}

// findUnchained finds lines that have no place in a chain: `pmo migrate` was not finished, or somebody took it from them.
func (s *Store) findUnchained(ctx context.Context, v *audit.Verifier) error {
	type row struct {
		Request string
		Lines   int64
	}
	rows, err := many(ctx, s.pool, "find lines that are not chained", pgx.RowToStructByPos[row],
		`SELECT request_id::text, count(*) FROM ledger WHERE line IS NULL GROUP BY ledger.request_id ORDER BY ledger.request_id LIMIT $1`, verifyAtOnce)
	for _, r := range rows {
		v.Found(audit.Break{Chain: r.Request, Line: 1, What: fmt.Sprintf("%d lines are not chained; run pmo migrate", r.Lines)})
	}
	return err
}

// NumberOf is the number of a request whose row may be missing; 0 when it never had one.
func (s *Store) NumberOf(ctx context.Context, id string) (int64, error) {
	numbers, err := many(ctx, s.pool, "read the number", pgx.RowTo[int64], `SELECT number FROM request_number WHERE id::text = $1`, id)
	if err != nil || len(numbers) == 0 {
		return 0, err
	}
	return numbers[0], nil
}
