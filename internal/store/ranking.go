package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
)

const lineColumns = `r.id::text, coalesce(r.number, 0), r.title, k.rank, k.prev, k.class, k.score, k.scored, k.cod, k.size, k.ageing, k.pulled,
    coalesce(k.bound, ''), coalesce(k.cause, ''), coalesce(k.why, ''), coalesce(k.flip, ''), k.missing,
    k.more_inputs, k.business_value, k.time_criticality, k.risk_reduction, k.job_size, k.fixed_date, k.needs, coalesce(k.points, 0), k.detail`

// visibleTo leaves out confidential requests of others: $1 are the viewer and the people they are a delegate of, $2 is whether they may
// read all. Leads and members of a team may read the requests assigned to it.
const visibleTo = `(NOT r.confidential OR $2 OR r.people && $1
    OR EXISTS (SELECT FROM team v WHERE v.id IN (r.team, r.second_team) AND (v.members && $1 OR v.leads && $1)))`

// scanLine reads lineColumns and whether the line is of a run that is referred to.
func scanLine(row pgx.CollectableRow) (RankedRequest, error) {
	var l RankedRequest
	var referred bool
	in := &l.Inputs
	err := row.Scan(&l.ID, &l.Number, &l.Title, &l.Rank, &l.PreviousRank, &l.Class, &l.Score, &l.Scored, &l.CostOfDelay, &l.JobSize, &l.Ageing, &l.Pulled,
		&l.LimitReason, &l.Cause, &l.Why, &l.Sensitivity, &l.Missing, scanJSON{in}, &in.BusinessValue, &in.TimeCriticality, &in.RiskReduction, &in.JobSize,
		&l.FixedDate, &l.Prerequisites, &l.Points, &l.Detail, &referred)
	if referred {
		asReferred(&l)
	}
	render(&l)
	return l, err
}

// render makes the text of a line from its numbers if its own text was not kept.
func render(l *RankedRequest) {
	if l.Missing == nil {
		l.Missing = inputsMissing(l)
	}
	switch {
	case l.Why != "":
	case l.Scored:
		l.Why = fmt.Sprintf("Rank %d: score %.2f from cost of delay %.1f and job size %.1f.", l.Rank, l.Score, l.CostOfDelay, l.JobSize)
	default:
		l.Why = fmt.Sprintf("Rank %d: not scored, inputs are missing.", l.Rank)
	}
}

// PrioritizationLines lists the lines of a prioritization by rank, also of a dry one. Old prioritizations keep only their pulled lines.
func (s *Store) PrioritizationLines(ctx context.Context, run string, v View) (Page[RankedRequest], error) {
	f := Filter{Viewer: v.Viewer, ActsFor: v.ActsFor, SeesAll: v.SeesAll, Limit: v.Limit, Cursor: v.Cursor}
	return s.lines(ctx, "lines "+run, `SELECT no, coalesce(lines_of, 0), count FROM run WHERE id = $1`, run, "true", f)
}

// Backlog lists the requests of the filter's portfolio that still wait for a pull, by rank in its current prioritization.
func (s *Store) Backlog(ctx context.Context, f Filter) (Page[RankedRequest], error) {
	return s.lines(ctx, "backlog "+f.Portfolio, `SELECT no, coalesce(lines_of, 0), count FROM (`+currentRun+`) g WHERE portfolio = $1`, f.Portfolio,
		waitsForASlot, f)
}

// waitsForASlot holds of a request that may be pulled: one that has been given a slot no longer waits, even before it is informed.
const waitsForASlot = `r.waits_for = 'pull' AND NOT EXISTS (SELECT FROM slot s WHERE s.request_id = r.id)`

// Unranked counts the requests of the filter that wait for a pull and came after the portfolio's current prioritization: the next one ranks
// them.
func (s *Store) Unranked(ctx context.Context, f Filter) (int, error) {
	q := f.seen()
	q.match(f)
	q.addText(f.Text)
	return one(ctx, s.pool, "count unranked requests", pgx.RowTo[int], `SELECT count(*) FROM request r`+rankJoins+`
WHERE k.request_id IS NULL AND `+waitsForASlot+` AND `+q.all(), q.args...)
}

// RankOf is a request's line in the current prioritization of its portfolio; ErrNotFound if it is not ranked.
func (s *Store) RankOf(ctx context.Context, id string) (RankedRequest, error) {
	return one(ctx, s.pool, "read rank", scanLine, `SELECT `+lineColumns+`, k.run_no <> g.no FROM request r JOIN (`+currentRun+`) g ON g.portfolio = r.portfolio
		JOIN ranking k ON `+lineOfRun+` WHERE r.id = $1`, id)
}

func (s *Store) lines(ctx context.Context, list, runs, of, where string, f Filter) (Page[RankedRequest], error) {
	at, err := readCursor(list, f.Cursor)
	if err != nil {
		return Page[RankedRequest]{}, err
	}
	after := 0
	if at != nil {
		if after, err = strconv.Atoi(at.Key); err != nil {
			return Page[RankedRequest]{}, fmt.Errorf("%s: %w", list, ErrBadCursor)
		}
	}
	run, err := one(ctx, s.pool, list, scanRunLines, runs, of)
	if errors.Is(err, ErrNotFound) {
		return Page[RankedRequest]{Items: []RankedRequest{}}, nil
	}
	if err != nil {
		return Page[RankedRequest]{}, err
	}
	limit := pageSize(f.Limit)
	read := func(no int64, most int) ([]RankedRequest, error) {
		q := f.seen()
		q.args = append(q.args, run.no)
		q.add(where)
		q.add("k.run_no = ? AND k.rank > ? AND k.rank <= ?", no, after, most)
		q.match(f)
		q.addText(f.Text)
		return many(ctx, s.pool, list, scanLine, fmt.Sprintf(`SELECT %s, k.run_no <> $3 FROM ranking k JOIN request r ON r.id = k.request_id
			WHERE %s ORDER BY k.rank LIMIT %d`, lineColumns, q.all(), limit+1), q.args...)
	}
	lines, err := read(run.no, math.MaxInt32)
	if err == nil && run.base != 0 {
		var others []RankedRequest
		others, err = read(run.base, run.count)
		lines = mergeLines(lines, others)
	}
	return paged(lines[:min(len(lines), limit+1)], limit, func(l RankedRequest) cursor { return cursor{List: list, Key: strconv.Itoa(l.Rank)} }), err
}

// mergeLines combines two lists in the order of ranks; where both have a rank, the first one's counts.
func mergeLines(own, others []RankedRequest) []RankedRequest {
	all := append(own, others...)
	slices.SortStableFunc(all, func(a, b RankedRequest) int { return cmp.Compare(a.Rank, b.Rank) })
	return slices.CompactFunc(all, func(a, b RankedRequest) bool { return a.Rank == b.Rank })
}
