package store

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Fundable is a ranked request of the backlog, as far as choosing what to fund needs it.
type Fundable struct {
	ID     string
	Number int64
	Title  string
	Rank   int
	Class  string
	Scored bool
	Value  float64 // the numerator of its score
	Size   float64 // in team-weeks; 0 is unknown
}

// Fundable lists every request of the filter's portfolio that waits for a pull and that the reader may read, by rank in the current prioritization.
func (s *Store) Fundable(ctx context.Context, f Filter) ([]Fundable, error) {
	run, err := one(ctx, s.pool, "fundable", scanRunLines, `SELECT no, coalesce(lines_of, 0), count FROM (`+currentRun+`) g WHERE portfolio = $1`, f.Portfolio)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	read := func(no int64, most int) ([]Fundable, error) {
		q := f.seen()
		q.add(waitsForASlot)
		q.add("k.run_no = ? AND k.rank <= ?", no, most)
		return many(ctx, s.pool, "list fundable requests", pgx.RowToStructByPos[Fundable], `SELECT r.id::text, coalesce(r.number, 0), r.title, k.rank, k.class, k.scored, k.cod,
			coalesce((r.snapshot #>> '{content,size}')::double precision, 0) FROM ranking k JOIN request r ON r.id = k.request_id WHERE `+q.all()+` ORDER BY k.rank`, q.args...)
	}
	lines, err := read(run.no, math.MaxInt32)
	if err != nil || run.base == 0 {
		return lines, err
	}
	others, err := read(run.base, run.count)
	all := append(lines, others...)
	slices.SortStableFunc(all, func(a, b Fundable) int { return cmp.Compare(a.Rank, b.Rank) })
	return slices.CompactFunc(all, func(a, b Fundable) bool { return a.Rank == b.Rank }), err
}

// WaitingSizes lists the requests of the filter's portfolio that wait for a pull and that the reader may read, with their sizes: what a ranking that is
// only asked about has to know to say what is funded. They have no rank.
func (s *Store) WaitingSizes(ctx context.Context, f Filter) ([]Fundable, error) {
	q := f.seen()
	q.add(waitsForASlot)
	q.add("r.portfolio = ?", f.Portfolio)
	return many(ctx, s.pool, "list sizes", pgx.RowToStructByPos[Fundable], `SELECT r.id::text, coalesce(r.number, 0), r.title, 0, r.class, false, 0::float8,
		coalesce((r.snapshot #>> '{content,size}')::double precision, 0) FROM request r WHERE `+q.all()+` ORDER BY r.id`, q.args...)
}
