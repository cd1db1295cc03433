package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// KeyResultValue is what somebody said of a key result.
type KeyResultValue struct {
	Portfolio, Objective, KeyResult string
	Value                           float64
	Note, By                        string
	At                              time.Time
	RequestID                       string // the request that brought it; empty: none was named
	Number                          int64  // its number
}

const keyResultColumns = `v.portfolio, v.objective, v.key_result, v.value, v.note, v.by, v.at, coalesce(v.request_id::text, ''), coalesce(r.number, 0)`

// SayKeyResult keeps what somebody said of a key result.
func (s *Store) SayKeyResult(ctx context.Context, v KeyResultValue) error {
	const op = "say key result"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, `INSERT INTO key_result_value (portfolio, objective, key_result, value, note, by, at, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::uuid)`,
			v.Portfolio, v.Objective, v.KeyResult, v.Value, clean(v.Note), v.By, v.At, v.RequestID); err != nil {
			return err
		}
		return keepAnswer(ctx, tx, v)
	})
}

// KeyResults is what was said last of each key result of a portfolio. Values with a request the viewer may not read name none.
func (s *Store) KeyResults(ctx context.Context, portfolio string, view View) ([]KeyResultValue, error) {
	return many(ctx, s.pool, "list key results", pgx.RowToStructByPos[KeyResultValue], `
SELECT DISTINCT ON (v.objective, v.key_result) `+keyResultColumns+` FROM key_result_value v LEFT JOIN request r ON r.id = v.request_id AND `+visibleTo+`
WHERE v.portfolio = $3 ORDER BY v.objective, v.key_result, v.no DESC`, view.viewerIDs(), view.SeesAll, portfolio)
}

// mostSaid is how many values of a request are listed.
const mostSaid = 50

// KeyResultsOf is what was said of key results because of a request, the newest first.
func (s *Store) KeyResultsOf(ctx context.Context, request string) ([]KeyResultValue, error) {
	return many(ctx, s.pool, "list key results of a request", pgx.RowToStructByPos[KeyResultValue], `
SELECT `+keyResultColumns+` FROM key_result_value v LEFT JOIN request r ON r.id = v.request_id WHERE v.request_id = $1 ORDER BY v.no DESC LIMIT $2`, request, mostSaid)
}

// Serving is a request that names objectives.
type Serving struct {
	ID         string
	Number     int64
	Title      string
	Stage      pmo.Stage
	Outcome    pmo.Outcome
	Objectives []string
}

// MostServing is how many of them are listed.
const MostServing = 200

// Serving lists the newest requests of a portfolio that name objectives, as far as the viewer may read them; one more than MostServing says that there are more.
func (s *Store) Serving(ctx context.Context, portfolio string, view View) ([]Serving, error) {
	return many(ctx, s.pool, "list requests that serve objectives", func(row pgx.CollectableRow) (Serving, error) {
		var r Serving
		return r, row.Scan(&r.ID, &r.Number, &r.Title, &r.Stage, &r.Outcome, scanJSON{&r.Objectives})
	}, `SELECT r.id::text, coalesce(r.number, 0), r.title, r.stage, r.outcome, r.snapshot #> '{content,objectives}' FROM request r
WHERE r.portfolio = $3 AND r.snapshot #> '{content,objectives}' IS NOT NULL AND `+visibleTo+` ORDER BY r.number DESC NULLS FIRST LIMIT $4`,
		view.viewerIDs(), view.SeesAll, portfolio, MostServing+1)
}
