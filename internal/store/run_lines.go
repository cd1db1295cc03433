package store

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
)

// A run in which nobody moved does not store its lines again. It refers to the run that has them (lines_of), and stores only those that
// differ from them: scores grow with the weeks, inputs change. Of the lines it refers to, ranks up to its count are its own; they are read
// as lines that did not move and were not pulled. A run never refers to one that refers itself.

const (
	// currentRun is the newest run of every portfolio that replaced the ranking.
	currentRun = `SELECT g.no, g.portfolio, g.at, g.policy, g.count, g.lines_of, coalesce(g.model, '') AS model,
    coalesce(g.lead_seconds, 0) AS lead_seconds FROM portfolio o JOIN run g ON g.no = greatest(o.current_run, o.latest_run)`
	// lineOfRun is the condition that k is the line of request r in run g: its own one before the one it refers to.
	lineOfRun = `k.request_id = r.id AND (k.run_no = g.no OR k.rank <= g.count)
    AND k.run_no = CASE WHEN EXISTS (SELECT FROM ranking o WHERE o.run_no = g.no AND o.request_id = r.id) THEN g.no ELSE g.lines_of END`
)

// runLines says where the lines of a run are.
type runLines struct {
	no, base int64 // base is 0 when the run has all its lines
	count    int
}

func scanRunLines(row pgx.CollectableRow) (runLines, error) {
	var r runLines
	return r, row.Scan(&r.no, &r.base, &r.count)
}

// asReferred changes a line of the run that is referred to into that of the run that refers to it.
func asReferred(l *RankedRequest) {
	l.PreviousRank, l.Pulled, l.Cause = l.Rank, false, ""
	if l.Detail != nil {
		l.Detail.Causes = nil
	}
	if !l.KeepsText() {
		l.LimitReason, l.Why, l.Sensitivity, l.Missing = "", "", "", nil
		l.Detail = nil
	}
}

// changedLines are the lines to store, and the run that has the others; all and nil unless every request keeps its rank and most keep all.
func (t *PortfolioTx) changedLines(ctx context.Context, lines []RankedRequest) ([]RankedRequest, *int64, error) {
	for i := range lines {
		if lines[i].PreviousRank != lines[i].Rank || lines[i].Rank != i+1 {
			return lines, nil, nil
		}
	}
	if len(lines) == 0 {
		return lines, nil, nil
	}
	base, err := one(ctx, t.tx, "read the current run", pgx.RowTo[int64], `SELECT coalesce(lines_of, no) FROM (`+currentRun+`) g WHERE portfolio = $1`, t.portfolio)
	if errors.Is(err, ErrNotFound) {
		return lines, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	changed, all, err := t.compareLines(ctx, base, lines)
	if err != nil || !all || 2*len(changed) > len(lines) {
		return lines, nil, err
	}
	return changed, &base, nil
}

const selectStored = `SELECT rank, request_id::text, class, score, scored, cod, size, ageing, more_inputs, business_value, time_criticality, risk_reduction,
    job_size, bound, why, flip, missing, fixed_date, needs, coalesce(points, 0), detail FROM ranking WHERE run_no = $1 AND rank <= $2 ORDER BY rank`

// compareLines returns the lines that differ from the stored ones of a run; all is whether the run has every one of them at its rank.
func (t *PortfolioTx) compareLines(ctx context.Context, run int64, lines []RankedRequest) (changed []RankedRequest, all bool, err error) {
	rows, err := t.tx.Query(ctx, selectStored, run, len(lines))
	if err != nil {
		return nil, false, fault("compare lines", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var s RankedRequest
		var bound, why, flip *string
		in := &s.Inputs
		if err := rows.Scan(&s.Rank, &s.ID, &s.Class, &s.Score, &s.Scored, &s.CostOfDelay, &s.JobSize, &s.Ageing, scanJSON{in}, &in.BusinessValue, &in.TimeCriticality,
			&in.RiskReduction, &in.JobSize, &bound, &why, &flip, &s.Missing, &s.FixedDate, &s.Prerequisites, &s.Points, &s.Detail); err != nil {
			return nil, false, fault("compare lines", err)
		}
		l := &lines[n]
		if s.Rank != l.Rank || s.ID != l.ID {
			return nil, false, nil
		}
		n++
		if !sameNumbers(l, &s) || l.Pulled || l.KeepsText() && !(sameText(l.LimitReason, bound) && sameText(l.Why, why) && sameText(l.Sensitivity, flip) && sameDetail(l.Detail, s.Detail)) {
			changed = append(changed, *l)
		}
	}
	return changed, n == len(lines), fault("compare lines", rows.Err())
}

// sameNumbers leaves out what is missing: it follows from class and inputs.
func sameNumbers(a, b *RankedRequest) bool {
	return a.Class == b.Class && a.Score == b.Score && a.Scored == b.Scored && a.CostOfDelay == b.CostOfDelay && a.JobSize == b.JobSize &&
		a.Ageing == b.Ageing && sameInputs(a.Inputs, b.Inputs) && sameTime(a.FixedDate, b.FixedDate) && slices.Equal(a.Prerequisites, b.Prerequisites) && a.Points == b.Points
}

func sameTime(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

// sameDetail leaves out the causes: nothing moved. A line of an earlier version has none.
func sameDetail(a, stored *priority.Explanation) bool {
	if a == nil || stored == nil {
		return a == nil && stored == nil
	}
	x, y := *a, *stored
	x.Causes, y.Causes, x.Sentence, x.UpText = nil, nil, "", ""
	return reflect.DeepEqual(x, y)
}

func sameInputs(a, b pmo.Inputs) bool {
	return priority.Inputs(a).Equal(priority.Inputs(b))
}

func sameText(text string, stored *string) bool {
	if stored == nil {
		return text == ""
	}
	return clean(text) == *stored
}
