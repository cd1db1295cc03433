package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Numbers are kept for every line; words only where somebody looks, once a backlog is so long that they would fill the disk.
const (
	topWords   = 2000 // ranks that keep their words
	movedWords = 10   // places a lower one must have moved to keep them too
	keptRuns   = 50   // runs of a portfolio whose lines stay; of older ones only what was pulled
)

const insertPrioritization = `
INSERT INTO run (id, portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING RETURNING no`

// SavePrioritization saves a run with its lines. Unless it is dry, it becomes the current one and its pulled requests get their slots.
// The first result stands: saving a run again changes nothing.
func (t *portfolioTx) SavePrioritization(ctx context.Context, run Prioritization, lines []RankedRequest) error {
	no, err := one(ctx, t.tx, "save run", pgx.RowTo[int64], insertPrioritization, run.ID, t.portfolio, run.At, clean(run.Cause), clean(run.Actor), clean(run.Reason),
		run.Dry, clean(run.Policy), run.Count, run.Moves, cleanAll(run.Pulled), clean(run.Words))
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
	batch.Queue(forgetLines, t.portfolio, keptRuns)
	if !run.Dry {
		batch.Queue(giveSlots, run.Pulled, t.portfolio, run.ID, run.At)
		batch.Queue(makeCurrent, t.portfolio, no)
	}
	return fault("save run", t.tx.SendBatch(ctx, batch).Close())
}

const (
	// Two at a time, so that the number of runs with lines falls back even after it was exceeded.
	forgetLines = `
DELETE FROM ranking WHERE NOT pulled AND run_no IN (
    SELECT no FROM run WHERE portfolio = $1 AND no IS DISTINCT FROM (SELECT current_run FROM portfolio WHERE id = $1)
    ORDER BY no DESC OFFSET $2 LIMIT 2)`
	// Only who still waits gets a slot: FOR SHARE waits for a projection that is just taking the request elsewhere.
	giveSlots = `
INSERT INTO slot (request_id, portfolio, class, run, at, confirmed)
SELECT r.id, r.portfolio, r.class, $3, $4, false
FROM (SELECT id, portfolio, class FROM request WHERE id = ANY ($1::text[]::uuid[]) AND portfolio = $2 AND waits_for = 'pull' ORDER BY id FOR SHARE) r
ON CONFLICT (request_id) DO NOTHING`
	makeCurrent = `UPDATE portfolio SET current_run = $2, run_wanted_since = NULL WHERE id = $1`
)

var rankingColumns = []string{"run_no", "rank", "request_id", "prev", "class", "score", "scored", "cod", "size", "ageing", "pulled",
	"business_value", "time_criticality", "risk_reduction", "job_size", "bound", "cause", "why", "flip", "missing"}

func (t *portfolioTx) saveLines(ctx context.Context, no int64, lines []RankedRequest) error {
	_, err := t.tx.CopyFrom(ctx, pgx.Identifier{"ranking"}, rankingColumns, pgx.CopyFromSlice(len(lines), func(i int) ([]any, error) {
		l := &lines[i]
		in := &l.Inputs
		values := []any{no, l.Rank, l.ID, l.PreviousRank, l.Class, l.Score, l.Scored, l.CostOfDelay, l.JobSize, l.Ageing, l.Pulled,
			in.BusinessValue, in.TimeCriticality, in.RiskReduction, in.JobSize}
		if !worthWords(l) {
			return append(values, nil, nil, nil, nil, nil), nil
		}
		return append(values, orNil(l.LimitReason), orNil(l.Cause), orNil(l.Why), orNil(l.Sensitivity), l.Missing), nil
	}))
	return fault("save lines", err)
}

func worthWords(l *RankedRequest) bool {
	moved := l.PreviousRank - l.Rank
	return l.Pulled || l.Rank <= topWords || l.PreviousRank != 0 && (moved > movedWords || moved < -movedWords)
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	s = clean(s)
	return &s
}

// inputsMissing tells what a line without words lacked.
func inputsMissing(l *RankedRequest) []string {
	if l.Scored {
		return nil
	}
	return pmo.Inputs.Missing(l.Inputs)
}
