package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Why the read model requests a prioritization.
const (
	CauseCapacity = "capacity" // a slot or a team's capacity became free
	CauseExpedite = "expedite" // a new expedite request waits
)

// Every line keeps its numbers. In a long backlog only the lines that people read keep their text; the rest would fill the disk.
const (
	topText   = 2000 // ranks that keep their text
	movedText = 10   // a lower line keeps its text too when its rank changed by more than this
	keptRuns  = 50   // runs of a portfolio that keep all lines; older ones keep only the pulled ones
)

const selectPrioritizations = `SELECT no, id, portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words,
    coalesce(model, ''), coalesce(lead_seconds, 0), coalesce(lead_of, 0), guardrails FROM run`

type prioritizationRow struct {
	no int64
	Prioritization
}

func scanPrioritization(row pgx.CollectableRow) (prioritizationRow, error) {
	var r prioritizationRow
	var lead int64
	err := row.Scan(&r.no, &r.ID, &r.Portfolio, &r.At, &r.Cause, &r.Actor, &r.Reason, &r.Dry, &r.Policy, &r.Count, &r.Moves, &r.Pulled, &r.Words,
		&r.Model, &lead, &r.LeadOf, scanJSON{&r.Guardrails})
	r.Lead = time.Duration(lead) * time.Second
	return r, err
}

// Prioritization reads one prioritization by its workflow id.
func (s *Store) Prioritization(ctx context.Context, id string) (Prioritization, error) {
	found, err := one(ctx, s.pool, "read prioritization", scanPrioritization, selectPrioritizations+` WHERE id = $1`, id)
	return found.Prioritization, err
}

// Prioritizations lists the prioritizations of a portfolio, dry ones too, newest first.
func (s *Store) Prioritizations(ctx context.Context, portfolio, from string, limit int) (Page[Prioritization], error) {
	const list = "runs" // is part of the cursors that callers hold
	at, err := readCursor(list, from)
	if err != nil {
		return Page[Prioritization]{}, err
	}
	where, args := ` WHERE portfolio = $1`, []any{portfolio, pageSize(limit) + 1}
	if at != nil {
		where, args = where+` AND (at, no) < ($3::text::timestamptz, $4::text::bigint)`, append(args, at.Key, at.ID)
	}
	rows, err := many(ctx, s.pool, "list prioritizations", scanPrioritization, selectPrioritizations+where+` ORDER BY at DESC, no DESC LIMIT $2`, args...)
	if err != nil {
		return Page[Prioritization]{}, err
	}
	page := paged(rows, pageSize(limit), func(r prioritizationRow) cursor {
		return cursor{List: list, Key: r.At.Format(time.RFC3339Nano), ID: fmt.Sprint(r.no)}
	})
	out := Page[Prioritization]{Items: []Prioritization{}, Next: page.Next}
	for _, r := range page.Items {
		out.Items = append(out.Items, r.Prioritization)
	}
	return out, nil
}

// Prioritization reads one prioritization by its workflow id; nil when it has not been saved yet.
func (t *PortfolioTx) Prioritization(ctx context.Context, id string) (*Prioritization, error) {
	found, err := one(ctx, t.tx, "read prioritization", scanPrioritization, selectPrioritizations+` WHERE id = $1`, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &found.Prioritization, nil
}

const (
	insertPrioritization = `
INSERT INTO run (id, portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words, lines_of, model, lead_seconds, lead_of, guardrails, new_ranks)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    CASE WHEN NOT $7 AND EXISTS (SELECT FROM run b WHERE b.portfolio = $2 AND NOT b.dry) THEN $18::integer[] END) ON CONFLICT (id) DO NOTHING RETURNING no`
	// Two runs at a time, so that the number of runs with all lines falls back to the limit even after it was exceeded. A run that a newer
	// one refers to keeps its lines.
	deleteOldLines = `
WITH kept AS (SELECT no, lines_of FROM run WHERE portfolio = $1 ORDER BY no DESC LIMIT $2),
current AS (SELECT current_run AS no FROM portfolio WHERE id = $1 UNION SELECT latest_run FROM portfolio WHERE id = $1),
old AS (SELECT g.no FROM run g WHERE g.portfolio = $1 AND NOT g.trimmed AND g.no < (SELECT min(no) FROM kept)
    AND NOT EXISTS (SELECT FROM current c WHERE c.no = g.no) AND NOT EXISTS (SELECT FROM kept k WHERE k.lines_of = g.no) ORDER BY g.no DESC LIMIT 2),
marked AS (UPDATE run SET trimmed = true, lines_of = NULL WHERE no IN (SELECT no FROM old))
DELETE FROM ranking WHERE NOT pulled AND run_no IN (SELECT no FROM old)`
	// Only a request that still waits gets a slot: FOR SHARE waits for a projection that is just moving the request to another stage.
	giveSlots = `
INSERT INTO slot (request_id, portfolio, class, run, at, confirmed)
SELECT r.id, r.portfolio, r.class, $3, $4, false
FROM (SELECT id, portfolio, class FROM request WHERE id = ANY ($1::text[]::uuid[]) AND portfolio = $2 AND waits_for = 'pull' ORDER BY id FOR SHARE) r
ON CONFLICT (request_id) DO NOTHING`
	makeCurrent = `UPDATE portfolio SET current_run = coalesce($3::bigint, $2::bigint), latest_run = $2::bigint, run_wanted_since = NULL WHERE id = $1`
)

// SavePrioritization saves a prioritization with its lines: all of them, or where nobody moved those that differ from the run before. Unless it is dry, it becomes the current one and its pulled requests get
// their slots. It is idempotent: saving the same id again changes nothing, so the first result stays.
func (t *PortfolioTx) SavePrioritization(ctx context.Context, p Prioritization, lines []RankedRequest) error {
	newcomers := newRanks(lines)
	lines, linesOf, err := t.changedLines(ctx, lines)
	if err != nil {
		return err
	}
	no, err := one(ctx, t.tx, "save prioritization", pgx.RowTo[int64], insertPrioritization, p.ID, t.portfolio, p.At, clean(p.Cause), clean(p.Actor),
		clean(p.Reason), p.Dry, clean(p.Policy), p.Count, p.Moves, cleanAll(p.Pulled), clean(p.Words), linesOf,
		p.Model, int64(p.Lead/time.Second), p.LeadOf, p.Guardrails, newcomers)
	if errors.Is(err, ErrNotFound) {
		return nil // saved before
	}
	if err != nil {
		return err
	}
	if err := t.saveLines(ctx, no, lines); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(deleteOldLines, t.portfolio, keptRuns)
	if !p.Dry {
		batch.Queue(giveSlots, p.Pulled, t.portfolio, p.ID, p.At)
		batch.Queue(makeCurrent, t.portfolio, no, linesOf)
	}
	return fault("save prioritization", t.tx.SendBatch(ctx, batch).Close())
}

// newRanks are the ranks of the requests that were not ranked before.
func newRanks(lines []RankedRequest) []int {
	ranks := []int{}
	for i := range lines {
		if lines[i].PreviousRank == 0 {
			ranks = append(ranks, lines[i].Rank)
		}
	}
	return ranks
}

var rankingColumns = []string{"run_no", "rank", "request_id", "prev", "class", "score", "scored", "cod", "size", "ageing", "pulled",
	"business_value", "time_criticality", "risk_reduction", "job_size", "bound", "cause", "why", "flip", "missing", "more_inputs", "fixed_date", "needs", "points", "detail"}

func (t *PortfolioTx) saveLines(ctx context.Context, no int64, lines []RankedRequest) error {
	values := make([]any, 0, len(rankingColumns)) // used again for each line: a row is encoded before the next one is asked for
	_, err := t.tx.CopyFrom(ctx, pgx.Identifier{"ranking"}, rankingColumns, pgx.CopyFromSlice(len(lines), func(i int) ([]any, error) {
		l := &lines[i]
		in := &l.Inputs
		id, err := uuid.Parse(l.ID) // a text would be tried as it is first, for each line
		if err != nil {
			return nil, fmt.Errorf("the request of rank %d: %w", l.Rank, err)
		}
		values = append(values[:0], no, l.Rank, [16]byte(id), l.PreviousRank, l.Class, l.Score, l.Scored, l.CostOfDelay, l.JobSize, l.Ageing, l.Pulled,
			in.BusinessValue, in.TimeCriticality, in.RiskReduction, in.JobSize)
		if !l.KeepsText() {
			return append(values, nil, nil, nil, nil, nil, moreInputs(l.Inputs), l.FixedDate, l.Prerequisites, pointsOrNull(l.Points), nil), nil
		}
		return append(values, orNil(l.LimitReason), orNil(l.Cause), orNil(l.Why), orNil(l.Sensitivity), l.Missing, moreInputs(l.Inputs), l.FixedDate, l.Prerequisites, pointsOrNull(l.Points), l.Detail), nil
	}))
	return fault("save the lines of a prioritization", err)
}

// KeepsText reports whether the words of a line are stored: those of lines that people read, because they are at the top, moved far or were pulled.
func (l *RankedRequest) KeepsText() bool {
	moved := l.PreviousRank - l.Rank
	return l.Pulled || l.Rank <= topText || l.PreviousRank != 0 && (moved > movedText || moved < -movedText)
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	s = clean(s)
	return &s
}

func pointsOrNull(points float64) *float64 {
	if points == 0 {
		return nil
	}
	return &points
}

// moreInputs are the inputs beside those with a column of their own; nil when there are none.
func moreInputs(in pmo.Inputs) *pmo.Inputs {
	in.BusinessValue, in.TimeCriticality, in.RiskReduction, in.JobSize = nil, nil, nil, nil
	if in == (pmo.Inputs{}) {
		return nil
	}
	return &in
}

// inputsMissing computes the missing inputs of a line whose text was not kept.
func inputsMissing(l *RankedRequest) []string {
	if l.Scored {
		return nil
	}
	return l.Inputs.Missing(pmo.ScoreInputs())
}
