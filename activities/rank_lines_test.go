package activities

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// twoRankings are two databases with the same requests: in one, runs in which nobody moved store only what changed; in the other one, every
// run has to store all its lines, because a number that nobody reads before the next run differs in those stored.
type twoRankings struct {
	fast, plain *bench
	requests    []pmo.Request
	run         int
	at          time.Time
}

func (r *twoRankings) each(f func(*bench)) {
	f(r.fast)
	f(r.plain)
}

func (b *bench) sql(statement string, args ...any) {
	b.t.Helper()
	_, err := b.pool.Exec(b.t.Context(), statement, args...)
	require.NoError(b.t, err)
}

func (b *bench) stored(run string) (n int) {
	b.t.Helper()
	require.NoError(b.t, b.pool.QueryRow(b.t.Context(), `SELECT count(*) FROM ranking WHERE run_no = (SELECT no FROM run WHERE id = $1)`, run).Scan(&n))
	return n
}

func (r *twoRankings) rank(t *testing.T, dry bool) string {
	t.Helper()
	r.run++
	id := fmt.Sprint("run/", r.run)
	r.plain.sql(`UPDATE ranking SET size = size + 1`)
	var results []contract.PrioritizationResult
	r.each(func(b *bench) { results = append(results, b.rankAt(id, dry, r.at)) })
	r.plain.sql(`UPDATE ranking SET size = size - 1 WHERE run_no < (SELECT no FROM run WHERE id = $1)`, id)
	require.Equal(t, results[1], results[0])
	r.requireSame(t, id)
	return id
}

// requireSame reads everything that shows ranks from both.
func (r *twoRankings) requireSame(t *testing.T, run string) {
	t.Helper()
	var seen [2][]any
	for i, b := range []*bench{r.fast, r.plain} {
		add := func(value any, err error) {
			require.NoError(t, err)
			seen[i] = append(seen[i], value)
		}
		for _, view := range []store.View{{SeesAll: true, Limit: 200}, {SeesAll: true, Limit: 3}} {
			for {
				lines, err := b.store.PrioritizationLines(t.Context(), run, view)
				add(lines, err)
				if view.Cursor = lines.Next; lines.Next == "" {
					break
				}
			}
		}
		backlog, err := b.store.Backlog(t.Context(), store.Filter{Portfolio: portfolio, SeesAll: true})
		add(backlog, err)
		listed, err := b.store.List(t.Context(), store.Filter{SeesAll: true, Sort: store.SortRank})
		add(listed, err)
		saved, err := b.store.Prioritization(t.Context(), run)
		add(saved, err)
		for _, q := range r.requests {
			row, err := b.store.Request(t.Context(), q.ID)
			add([]any{row.Rank, row.Score}, err)
			if line, err := b.store.RankOf(t.Context(), q.ID); err == nil {
				add(line, nil)
			} else {
				require.ErrorIs(t, err, store.ErrNotFound)
				add(nil, nil)
			}
		}
	}
	require.Equal(t, seen[1], seen[0])
}

func newTwoRankings(t *testing.T, n int) *twoRankings {
	r := &twoRankings{fast: newBench(t), plain: newBench(t), at: day}
	for i := range n {
		title := fmt.Sprint("Request ", i)
		// Which of those with the same score stands last follows from ids, and so do the worlds in which ranks are tried: with random ids the change
		// below moved somebody in some runs of the test, so that all lines were stored.
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(title)).String()
		q := r.fast.waitingAs(id, title, float64(1+i*7%20), float64(1+i%5))
		_, err := r.plain.store.Number(t.Context(), q.ID, day)
		require.NoError(t, err)
		r.plain.project(q)
		r.requests = append(r.requests, q)
	}
	return r
}

func (r *twoRankings) change(q *pmo.Request, f func(*pmo.Request)) {
	f(q)
	q.Seq++
	r.each(func(b *bench) { b.project(*q) })
}

func TestRunInWhichNothingMovedStoresNoLines(t *testing.T) {
	r := newTwoRankings(t, 30)
	r.rank(t, false)
	full := r.rank(t, false) // the pulled have left
	require.Equal(t, 18, r.fast.stored(full))
	for range 3 {
		r.at = r.at.Add(15 * time.Minute)
		require.Zero(t, r.fast.stored(r.rank(t, false)))
		require.Zero(t, r.fast.stored(r.rank(t, true)))
	}
	last := &r.requests[0]
	for i := range r.requests { // a change that moves nobody stores one line
		if line, err := r.fast.store.RankOf(t.Context(), r.requests[i].ID); err == nil && line.Rank == 18 {
			last = &r.requests[i]
		}
	}
	size := 500.0
	r.change(last, func(q *pmo.Request) { q.Content.Inputs.JobSize = &size })
	changed := r.fast.stored(r.rank(t, false))
	require.Positive(t, changed)
	require.LessOrEqual(t, changed, 9, "the line, that of its neighbour, which names its score, and those that it could have passed before")
	newer := r.fast.waiting("After it", 1, 600)
	_, err := r.plain.store.Number(t.Context(), newer.ID, day)
	require.NoError(t, err)
	r.plain.project(newer)
	r.requests = append(r.requests, newer)
	require.Equal(t, 19, r.fast.stored(r.rank(t, false)), "an arrival stores all")
}

// TestRunsThatStoreOnlyChangesReadLikeOthers makes arbitrary changes between runs.
func TestRunsThatStoreOnlyChangesReadLikeOthers(t *testing.T) {
	r := newTwoRankings(t, 20)
	random := rand.New(rand.NewPCG(7, 11))
	kept := 0
	for range 40 {
		q := &r.requests[random.IntN(len(r.requests))]
		switch random.IntN(8) {
		case 0:
			value := float64(1 + random.IntN(20))
			r.change(q, func(q *pmo.Request) { q.Content.Inputs.BusinessValue = &value })
		case 1:
			r.change(q, func(q *pmo.Request) { q.Content.Inputs.RiskReduction = nil })
		case 2:
			r.at = r.at.AddDate(0, 0, 8)
		case 3: // leaves, or comes back
			r.change(q, func(q *pmo.Request) {
				if q.Status = pmo.StatusOpen; random.IntN(2) == 0 {
					q.Status = pmo.StatusOnHold
					q.Hold = &pmo.Hold{By: "sam", Since: day}
				} else {
					q.Hold = nil
				}
			})
		case 4:
			r.each(func(b *bench) { b.sql(`DELETE FROM slot WHERE request_id = $1`, q.ID) })
		case 5:
			r.rank(t, true)
		}
		id := r.rank(t, false)
		if saved, err := r.fast.store.Prioritization(t.Context(), id); err == nil && r.fast.stored(id) < saved.Count {
			kept++
		}
	}
	require.Positive(t, kept, "some runs store less than all lines")
	for i := 1; i <= r.run; i++ {
		if id := fmt.Sprint("run/", i); i > r.run-40 { // older ones keep only what was pulled
			r.requireSame(t, id)
		}
	}
}

// TestAWorkerOfTheVersionBeforeFindsAllRanks: it reads the lines of current_run, and what it makes current is found.
func TestAWorkerOfTheVersionBeforeFindsAllRanks(t *testing.T) {
	r := newTwoRankings(t, 20)
	b := r.fast
	b.rankAt("first", false, day)
	b.rankAt("second", false, day)
	b.rankAt("refers", false, day.Add(time.Hour))
	require.Zero(t, b.stored("refers"))
	count := func() (n int) {
		require.NoError(t, b.pool.QueryRow(t.Context(), `SELECT count(*) FROM ranking WHERE run_no = (SELECT current_run FROM portfolio WHERE id = $1)`, portfolio).Scan(&n))
		return n
	}
	require.Equal(t, 8, count())
	b.sql(`INSERT INTO run (id, portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words)
		SELECT 'of the version before', portfolio, at, cause, actor, reason, dry, policy, count, moves, pulled, words FROM run WHERE id = 'second'`)
	b.sql(`INSERT INTO ranking SELECT (SELECT no FROM run WHERE id = 'of the version before'), 9 - rank, request_id, prev, class, score, scored, cod, size, ageing, pulled,
		business_value, time_criticality, risk_reduction, job_size, bound, cause, why, flip, missing FROM ranking WHERE run_no = (SELECT no FROM run WHERE id = 'second')`)
	b.sql(`UPDATE portfolio SET current_run = (SELECT no FROM run WHERE id = 'of the version before')`)
	first, err := b.store.Backlog(t.Context(), store.Filter{Portfolio: portfolio, SeesAll: true, Limit: 1})
	require.NoError(t, err)
	line, err := b.store.RankOf(t.Context(), first.Items[0].ID)
	require.NoError(t, err)
	require.Equal(t, 1, line.Rank)
	require.NotZero(t, b.rankAt("after it", false, day.Add(2*time.Hour)).Moves, "its ranks are the previous ones")
}
