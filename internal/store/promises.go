package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
)

// promiseColumns are the columns of a promise, in the order that scanPromise takes.
const promiseColumns = `p.request_id::text, p.portfolio, p.day::text, p.told_at, p.occasion, p.told_to, coalesce(p.finish50::text, ''), coalesce(p.finish85::text, ''),
    coalesce(p.finish95::text, ''), coalesce(p.start50::text, ''), coalesce(p.start85::text, ''), coalesce(p.start95::text, ''), p.cannot,
    coalesce(p.wanted_by::text, ''), coalesce(p.wanted_chance, 0), p.facts, p.reasons`

// promiseTargets are where a row's promise is scanned to; fill decodes what was scanned as JSON.
func promiseTargets(p *promise.Promise) (targets []any, fill func() error) {
	var facts, reasons []byte
	return []any{&p.RequestID, &p.Portfolio, &p.Day, &p.ToldAt, &p.Occasion, &p.To, &p.Finish.P50, &p.Finish.P85, &p.Finish.P95,
			&p.Start.P50, &p.Start.P85, &p.Start.P95, &p.Cannot, &p.WantedBy, &p.Wanted, &facts, &reasons},
		func() error {
			if err := json.Unmarshal(facts, &p.Facts); err != nil {
				return fmt.Errorf("decode the facts of a promise: %w", err)
			}
			if err := json.Unmarshal(reasons, &p.Reasons); err != nil {
				return fmt.Errorf("decode the reasons of a promise: %w", err)
			}
			return nil
		}
}

func scanPromise(row pgx.CollectableRow) (promise.Promise, error) {
	var p promise.Promise
	targets, fill := promiseTargets(&p)
	if err := row.Scan(targets...); err != nil {
		return p, err
	}
	return p, fill()
}

// Promises lists what was told about a request before a day, the newest first; all of it for an empty day.
func (s *Store) Promises(ctx context.Context, id string, before pmo.Date, limit int) ([]promise.Promise, error) {
	return many(ctx, s.pool, "list promises", scanPromise, `SELECT `+promiseColumns+` FROM promise p
WHERE p.request_id = $1 AND ($2 = '' OR p.day < nullif($2::text, '')::date) ORDER BY p.day DESC LIMIT $3`, id, string(before), limit)
}

const insertPromise = `
INSERT INTO promise (request_id, portfolio, day, told_at, occasion, told_to, finish50, finish85, finish95, start50, start85, start95, cannot,
    wanted_by, wanted_chance, facts, reasons)
VALUES ($1, $2, $3::text::date, $4, $5, $6, nullif($7::text, '')::date, nullif($8::text, '')::date, nullif($9::text, '')::date, nullif($10::text, '')::date, nullif($11::text, '')::date,
    nullif($12::text, '')::date, $13, nullif($14::text, '')::date, CASE WHEN $14::text <> '' THEN $15::float8 END, $16, $17)
ON CONFLICT (request_id, day) DO NOTHING`

func promiseArgs(p *promise.Promise) ([]any, error) {
	facts, err := document(p.Facts)
	if err != nil {
		return nil, err
	}
	reasons, err := document(append([]promise.Difference{}, p.Reasons...))
	if err != nil {
		return nil, err
	}
	return []any{p.RequestID, clean(p.Portfolio), string(p.Day), p.ToldAt, string(p.Occasion), cleanAll(p.To),
		string(p.Finish.P50), string(p.Finish.P85), string(p.Finish.P95), string(p.Start.P50), string(p.Start.P85), string(p.Start.P95),
		clean(p.Cannot), string(p.WantedBy), p.Wanted, facts, reasons}, nil
}

// RecordPromise writes what was told about a request. A second one of the same day is not written.
func (s *Store) RecordPromise(ctx context.Context, p promise.Promise) error {
	args, err := promiseArgs(&p)
	if err != nil {
		return err
	}
	_, err = write(ctx, s.pool, "record a promise", insertPromise, args...)
	return err
}

// UncheckedPromises lists open requests of a portfolio that were not compared on a day, or not in the stage they are in now, with what was told
// last. The longest waiting come first.
func (s *Store) UncheckedPromises(ctx context.Context, portfolio string, day pmo.Date, limit int) ([]promise.Due, error) {
	due, err := many(ctx, s.pool, "list promises to check", scanDuePromise, `SELECT `+rowColumns+`, coalesce(e.stage, '')
FROM request r LEFT JOIN slot s ON s.request_id = r.id`+rankJoins+`
LEFT JOIN promise_check e ON e.request_id = r.id
WHERE r.portfolio = $1 AND r.status = 'open' AND r.accepted_at IS NULL AND r.number IS NOT NULL
    AND (e.day, e.stage) IS DISTINCT FROM ($2::text::date, r.stage)
ORDER BY r.submitted_at LIMIT $3`, portfolio, string(day), limit)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	ids, index := make([]string, len(due)), make(map[string]*promise.Due, len(due))
	for i := range due {
		ids[i], index[due[i].Request.ID] = due[i].Request.ID, &due[i]
	}
	last, err := many(ctx, s.pool, "list last promises", scanPromise, `SELECT DISTINCT ON (p.request_id) `+promiseColumns+` FROM promise p
WHERE p.request_id = ANY ($1::text[]::uuid[]) ORDER BY p.request_id, p.day DESC`, ids)
	for i := range last {
		index[last[i].RequestID].Last = &last[i]
	}
	return due, err
}

func scanDuePromise(row pgx.CollectableRow) (promise.Due, error) {
	var r Row
	var d promise.Due
	var snapshot []byte
	if err := row.Scan(&snapshot, &r.RunID, &r.Epoch, &r.Projected, &r.Rank, &r.Score, &r.LimitReason, &r.Slot, scanJSON{&r.Stakes}, &d.CheckedIn); err != nil {
		return d, err
	}
	if r.Rank != nil {
		d.Rank = *r.Rank
	}
	if err := json.Unmarshal(snapshot, &d.Request); err != nil {
		return d, fmt.Errorf("decode a snapshot: %w", err)
	}
	return d, nil
}

// PromisesChecked writes what was told on a day, and which requests were compared, in one transaction. It is idempotent.
func (s *Store) PromisesChecked(ctx context.Context, day pmo.Date, checked []promise.Due, told []promise.Promise) error {
	ids, stages := make([]string, len(checked)), make([]string, len(checked))
	for i := range checked {
		ids[i], stages[i] = checked[i].Request.ID, string(checked[i].Request.Stage)
	}
	args := make([][]any, len(told))
	for i := range told {
		var err error
		if args[i], err = promiseArgs(&told[i]); err != nil {
			return err
		}
	}
	return s.together(ctx, "record promises", func(batch *pgx.Batch) {
		for _, a := range args {
			batch.Queue(insertPromise, a...)
		}
		batch.Queue(`
INSERT INTO promise_check (request_id, day, stage) SELECT id, $1::text::date, stage FROM unnest($2::text[]::uuid[], $3::text[]) AS c (id, stage)
ON CONFLICT (request_id) DO UPDATE SET day = excluded.day, stage = excluded.stage`, string(day), ids, stages)
	})
}

// ToldPromise is what somebody was told, with the request it is about.
type ToldPromise struct {
	promise.Promise
	Number int64
	Title  string
	Stage  pmo.Stage
	// AcceptedAt and ClosedAt say what came of it.
	AcceptedAt, ClosedAt *time.Time
}

// ToldPromises lists what the viewer was told since a time about requests that they may read, without what a receipt said; the newest first.
func (s *Store) ToldPromises(ctx context.Context, v View, since time.Time) ([]ToldPromise, error) {
	return many(ctx, s.pool, "list told promises", func(row pgx.CollectableRow) (ToldPromise, error) {
		var t ToldPromise
		targets, fill := promiseTargets(&t.Promise)
		if err := row.Scan(append(targets, &t.Number, &t.Title, &t.Stage, &t.AcceptedAt, &t.ClosedAt)...); err != nil {
			return t, err
		}
		return t, fill()
	}, `SELECT `+promiseColumns+`, coalesce(r.number, 0), r.title, r.stage, r.accepted_at, r.closed_at FROM promise p JOIN request r ON r.id = p.request_id
WHERE $3 = ANY (p.told_to) AND p.told_at >= $4 AND p.occasion <> 'submission' AND `+visibleTo+`
ORDER BY p.told_at DESC, p.request_id LIMIT $5`, v.viewerIDs(), v.SeesAll, v.Viewer, since, v.Limit)
}

// PromiseOutcome is what was told about a request, and what became of it.
type PromiseOutcome struct {
	promise.Promise
	Number               int64
	Confidential         bool
	AcceptedAt, ClosedAt *time.Time
}

// mostOutcomes limits the promises that are judged: the newest.
const mostOutcomes = 50_000

// PromiseOutcomes lists what was told in a portfolio since a time, by the time it was told; of all portfolios for an empty one.
func (s *Store) PromiseOutcomes(ctx context.Context, portfolio string, since time.Time) ([]PromiseOutcome, error) {
	list, err := many(ctx, s.pool, "list promises with their outcomes", func(row pgx.CollectableRow) (PromiseOutcome, error) {
		var o PromiseOutcome
		targets, fill := promiseTargets(&o.Promise)
		if err := row.Scan(append(targets, &o.Number, &o.Confidential, &o.AcceptedAt, &o.ClosedAt)...); err != nil {
			return o, err
		}
		return o, fill()
	}, `SELECT `+promiseColumns+`, coalesce(r.number, 0), r.confidential, r.accepted_at, r.closed_at FROM promise p JOIN request r ON r.id = p.request_id
WHERE ($1 = '' OR p.portfolio = $1) AND p.told_at >= $2 ORDER BY p.told_at DESC, p.request_id LIMIT $3`, portfolio, since, mostOutcomes)
	return list, err
}
