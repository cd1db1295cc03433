package activities

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

var benchRequests = flag.Int("requests", 100_000, "how many requests wait in BenchmarkRank")

// BenchmarkRank is a prioritization run over 100,000 waiting requests: one in which nothing moved, and one after the best has left, which
// moves everybody.
func BenchmarkRank(b *testing.B) {
	many := *benchRequests
	dsn := testkit.Database(b, store.Migrate)
	s, err := store.Open(context.Background(), dsn, store.Options{})
	require.NoError(b, err)
	defer s.Close()
	pool := testkit.Pool(b, dsn)
	people, err := directory.Parse(directory.Local())
	require.NoError(b, err)
	a := New(Deps{Store: s, Policy: policy.Holding(policy.Default()), Directory: people, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	points := []float64{1, 2, 3, 5, 8, 13, 20}
	for i := range 1000 {
		part := func(n int) *float64 { return &points[i/n%7] }
		r := pmo.New(uuid.NewString(), "digest", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: day.Add(time.Duration(i) * time.Hour),
			Content: pmo.Content{Title: fmt.Sprint("Request ", i), Kind: "enhancement", Problem: "Every invoice takes minutes of manual work and the report is late.",
				Inputs: pmo.Inputs{BusinessValue: part(1), TimeCriticality: part(7), RiskReduction: part(49), JobSize: part(3)}}})
		r.Number, r.Portfolio, r.Stage, r.StageSince, r.Seq = int64(i+1), portfolio, pmo.StagePrioritization, day, 1
		_, _, err := s.Project(context.Background(), "run", *r, nil)
		require.NoError(b, err)
	}
	_, err = pool.Exec(context.Background(), `
INSERT INTO request (id, number, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class, lane, themes, team, approach,
    requester, submitted_by, title, likeness, search, confidential, people, waiting_on, due_at, submitted_at, stage_since, snapshot)
SELECT gen_random_uuid(), r.number + 1000 * n, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class, lane, themes, team, approach,
    requester, submitted_by, title, likeness, search, confidential, people, waiting_on, due_at, submitted_at + n * interval '1 minute', stage_since, snapshot
FROM request r, generate_series(1, $1::int / 1000 - 1) n`, many)
	require.NoError(b, err)
	_, err = pool.Exec(context.Background(), `VACUUM ANALYZE request`)
	require.NoError(b, err)
	n, at := 0, day.AddDate(1, 0, 0)
	rank := func(b *testing.B) contract.PrioritizationResult {
		n, at = n+1, at.Add(15*time.Minute)
		done, err := a.Rank(context.Background(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "now"}, ID: fmt.Sprint("run/", n), At: at})
		require.NoError(b, err)
		return done
	}
	rank(b) // everybody is new, and the best take all slots
	rank(b) // the pulled have left
	b.Run("nothing moved", func(b *testing.B) {
		for b.Loop() {
			rank(b)
		}
	})
	b.Run("the best left", func(b *testing.B) {
		for b.Loop() {
			_, err := pool.Exec(context.Background(), `UPDATE request SET waits_for = '' WHERE id = (SELECT request_id FROM ranking k JOIN request r ON r.id = k.request_id
				WHERE run_no = (SELECT current_run FROM portfolio) AND r.waits_for = 'pull' AND NOT EXISTS (SELECT FROM slot s WHERE s.request_id = r.id) ORDER BY rank LIMIT 1)`)
			require.NoError(b, err)
			require.NotZero(b, rank(b).Moves)
		}
	})
	b.Run("sizes of all that waits", func(b *testing.B) { // what a what-if reads to say what is funded
		for b.Loop() {
			sizes, err := s.WaitingSizes(context.Background(), store.Filter{Portfolio: portfolio, Viewer: "sam"})
			require.NoError(b, err)
			require.Greater(b, len(sizes), many-100)
		}
	})
	_, err = pool.Exec(context.Background(), `INSERT INTO points (portfolio, period, holder, request_id, points, by, at)
SELECT portfolio, '2027-Q1', 'group:approvers', id, 1, 'ana', now() FROM request WHERE number % 10 = 0`)
	require.NoError(b, err)
	rank(b)
	b.Run("every tenth has points", func(b *testing.B) {
		for b.Loop() {
			rank(b)
		}
	})
	_, err = pool.Exec(context.Background(), `UPDATE request SET needs = ARRAY[number - 1] WHERE number % 10 = 0`)
	require.NoError(b, err)
	rank(b)
	b.Run("every tenth needs another one", func(b *testing.B) {
		for b.Loop() {
			rank(b)
		}
	})
}
