package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

const (
	many      = 100_000
	templates = 200 // from which the rest is copied inside Postgres
)

// filled is a database with many requests, three of four waiting, and the lines of a run over them.
func filled(b *testing.B, wanted int) (*store.Store, *pgxpool.Pool, []store.RankedRequest) {
	b.Helper()
	s, dsn := openDSN(b)
	pool := testkit.Pool(b, dsn)
	words := []string{"invoice", "approval", "customer", "portal", "report", "contract", "migration", "warehouse", "mobile", "payroll", "access", "archive"}
	for i := range templates {
		r := request(fmt.Sprintf("%s %s for %s", words[i%12], words[(i/12)%12], words[(i*7+3)%12]), waiting, func(r *pmo.Request) {
			r.Number, r.Requester = int64(i+1), fmt.Sprintf("person-%d", i)
			r.Content.Problem = fmt.Sprintf("Every %s takes %d minutes of manual work and the %s is late.", words[i%12], i, words[i%7])
			r.Content.Themes, r.Content.Kind = []string{fmt.Sprintf("theme-%d", i%20)}, fmt.Sprintf("kind-%d", i%9)
			if i%4 == 0 {
				inExecution(fmt.Sprintf("team-%d", i%40))(r)
			}
		})
		openQuestion(pmo.KindScore, hours(i), fmt.Sprintf("person-%d", i))(&r)
		project(b, s, r)
	}
	multiply(b, pool, wanted)
	return s, pool, rankings(b, pool)
}

// multiply copies the templates, with a title and a problem of their own each.
func multiply(b *testing.B, pool *pgxpool.Pool, wanted int) {
	b.Helper()
	sentences := testkit.NewSentences(b, 1)
	var titles, problems []string
	for range wanted - templates {
		titles, problems = append(titles, sentences.Text(4, 8)), append(problems, sentences.Text(10, 29))
	}
	_, err := pool.Exec(context.Background(), `
INSERT INTO request (id, number, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class, lane, themes, team, approach,
    requester, submitted_by, title, likeness, search, confidential, people, waiting_on, due_at, submitted_at, stage_since, pulled_at, snapshot)
SELECT gen_random_uuid(), $1 + n, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class, lane, themes, team, approach,
    requester, submitted_by, t.title, lower(t.title || ' ' || t.problem), search || lower(t.title || E'\n' || t.problem), confidential, people, waiting_on, due_at + n * interval '1 minute',
    submitted_at + n * interval '1 second', stage_since, pulled_at, snapshot
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS t(title, problem, n) JOIN request r ON r.number = n % $1 + 1`, templates, titles, problems)
	require.NoError(b, err)
	for _, table := range []string{"request", "question", "ledger"} {
		_, err = pool.Exec(context.Background(), "VACUUM ANALYZE "+table)
		require.NoError(b, err)
	}
}

func rankings(b *testing.B, pool *pgxpool.Pool) []store.RankedRequest {
	b.Helper()
	rows, err := pool.Query(context.Background(), `SELECT id::text, row_number() OVER (ORDER BY submitted_at, id) FROM request WHERE waits_for = 'pull'`)
	require.NoError(b, err)
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.RankedRequest, error) {
		l := store.RankedRequest{Class: "standard", Score: 2.5, Scored: true, CostOfDelay: 20, JobSize: 8, Inputs: pmo.Inputs{BusinessValue: number(8), JobSize: number(8)},
			Why: "Score 2.5 from cost of delay 20 and job size 8.", LimitReason: "The work-in-progress limit of standard is reached.", Cause: "new in the backlog"}
		return l, row.Scan(&l.ID, &l.Rank)
	})
	require.NoError(b, err)
	return lines
}

// BenchmarkStore measures reads and writes among 100,000 requests.
func BenchmarkStore(b *testing.B) {
	s, pool, lines := filled(b, many)
	n := 0
	b.Run("SavePrioritization", func(b *testing.B) {
		for b.Loop() {
			n++
			run(b, s, fmt.Sprint("run/", n), false, lines)
		}
	})
	b.Run("Waiting", func(b *testing.B) {
		for b.Loop() {
			inPortfolio(b, s, func(tx *store.PortfolioTx) {
				waiting, err := tx.Waiting(context.Background())
				require.NoError(b, err)
				require.Len(b, waiting, many*3/4)
			})
		}
	})
	_, err := pool.Exec(context.Background(), "VACUUM ANALYZE ranking")
	require.NoError(b, err)
	benchmarkLists(b, s)
	benchmarkReads(b, s, lines)
	b.Run("Project", func(b *testing.B) {
		r := request("Hot", waiting)
		for b.Loop() {
			r.Seq++
			project(b, s, r, entry(r.Seq, pmo.EventAmended))
		}
	})
	b.Run("Number", func(b *testing.B) {
		for b.Loop() {
			_, err := s.Number(context.Background(), uuid.NewString(), day)
			require.NoError(b, err)
		}
	})
}

func benchmarkLists(b *testing.B, s *store.Store) {
	for name, f := range map[string]store.Filter{
		"newest":    {},
		"by due":    {Sort: store.SortDue},
		"by rank":   {Sort: store.SortRank},
		"stage":     {Stage: pmo.StageExecution, Sort: store.SortAge},
		"team":      {Team: "team-8"},
		"kind":      {Kind: "kind-3"},
		"theme":     {Theme: "theme-7"},
		"requester": {Requester: "person-3"},
		"waiting":   {WaitingOn: "person-5", Sort: store.SortDue},
		"text":      {Text: "payroll"},
		"rare text": {Text: "for report R-417"},
		"no match":  {Text: "zeppelin"},
		"two words": {Text: "request payroll"},
		"few share": {Text: "invoice reconcile snapshot"},
		"a number":  {Text: "417"},
		"many":      {Text: "invoice", Stage: pmo.StagePrioritization, Kind: "kind-3", Theme: "theme-0", Portfolio: "core"},
	} {
		b.Run("List/"+name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				page, err := s.List(context.Background(), f)
				require.NoError(b, err)
				rows = len(page.Items)
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

func benchmarkReads(b *testing.B, s *store.Store, lines []store.RankedRequest) {
	reads := map[string]func() error{
		"Request": func() error { _, err := s.Request(context.Background(), lines[777].ID); return err },
		"Number":  func() error { _, err := s.Request(context.Background(), "R-4321"); return err },
		"Backlog": func() error { _, err := s.Backlog(context.Background(), store.Filter{Portfolio: "core"}); return err },
		"Inbox":   func() error { _, err := s.Inbox(context.Background(), "person-7", day, 0, ""); return err },
		"Queue":   func() error { _, err := s.Demand(context.Background(), "core", day.AddDate(-1, 0, 0)); return err },
		"FlowOfAll": func() error {
			_, err := s.FlowRecords(context.Background(), day, time.Time{})
			return err
		},
	}
	for name, read := range reads {
		b.Run("Read/"+name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, read())
			}
		})
	}
}

// BenchmarkSimilar measures the search of an admission: with more stored it takes little more.
func BenchmarkSimilar(b *testing.B) {
	for _, stored := range []int{1_000, many} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			s, _, _ := filled(b, stored)
			require.NoError(b, s.PrepareSimilar(context.Background()))
			sentences := testkit.NewSentences(b, 2)
			for b.Loop() {
				_, err := s.Similar(context.Background(), uuid.NewString(), sentences.Text(4, 8), sentences.Text(10, 29), 5)
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkProjectLines is what a projection with the lines of a submission costs, with the chain and without.
func BenchmarkProjectLines(b *testing.B) {
	for _, chain := range []bool{true, false} {
		b.Run(fmt.Sprintf("chain=%t", chain), func(b *testing.B) {
			s, dsn := openDSN(b)
			if !chain {
				_, err := testkit.Pool(b, dsn).Exec(context.Background(), `DROP TRIGGER chain ON ledger; DROP INDEX ledger_line, ledger_unchained`)
				require.NoError(b, err)
			}
			for b.Loop() {
				r := request("Costs")
				project(b, s, r, entry(1, pmo.EventSubmitted), entry(2, pmo.EventAdmitted), entry(3, pmo.EventStage), entry(4, pmo.EventAsked))
			}
		})
	}
}
