// Package stock fills a database with requests as an office has them after two years, without any process: of all stages, with questions,
// plans, teams, a ledger, comments, ranks, sessions and tokens. What is measured with it is what pages and reads cost among so many.
package stock

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"sync"
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

// Portfolio is where all requests are.
const Portfolio = "digital"

// Size is how much to fill in.
type Size struct {
	Requests int
	Lines    int // of the ledger, over all requests
	People   int // beside those of the local stack
}

// Stock is what was filled in.
type Stock struct {
	Size
	Longest string // the request with the longest ledger
	At      time.Time
}

type maker struct {
	*testkit.Sentences
	random *rand.Rand
	people []string
	now    time.Time
}

// local are the people of the local stack who ask for things, and most often.
var local = []string{"sam", "rita", "ana", "bo", "theo", "lena", "kai", "petra"}

// Directory is the directory of the local stack with more people, and an auditor.
func Directory(local []byte, people int) []byte {
	var more strings.Builder
	more.WriteString("principals:\n  - {id: aud, name: Aud Itor, email: aud@example.org, roles: [auditor], token: dev-aud}\n")
	for i := range people {
		fmt.Fprintf(&more, "  - {id: %s, name: Person %04d Surname, email: %s@example.org, roles: [requester], token: dev-%s}\n", person(i), i, person(i), person(i))
	}
	return []byte(strings.Replace(string(local), "principals:\n", more.String(), 1))
}

func person(i int) string { return fmt.Sprintf("p%04d", i) }

// Fill fills an empty database. The same size and time make the same stock.
func Fill(t testing.TB, pool *pgxpool.Pool, size Size, now time.Time) Stock {
	t.Helper()
	m := &maker{Sentences: testkit.NewSentences(t, 1), random: rand.New(rand.NewSource(1)), people: slices.Clone(local), now: now.UTC()}
	for i := range size.People {
		m.people = append(m.people, person(i))
	}
	dsn := pool.Config().ConnString()
	s, err := store.Open(context.Background(), dsn, store.Options{AppName: "stock"})
	require.NoError(t, err)
	defer s.Close()
	_, err = pool.Exec(context.Background(), `SET synchronous_commit = off`)
	require.NoError(t, err)
	for _, team := range teams {
		team.Portfolio = Portfolio
		if existing, err := s.Team(t.Context(), team.ID); err == nil {
			team.Revision = existing.Revision
		}
		_, err := s.PutTeam(t.Context(), team, "petra", now)
		require.NoError(t, err)
	}
	lives := m.lives(size)
	project(t, s, lives)
	date(t, pool, lives)
	m.ledger(t, pool, lives)
	m.comments(t, pool, lives)
	m.accounts(t, pool)
	m.rank(t, s, lives)
	m.visits(t, pool)
	for _, table := range []string{"request", "question", "ledger", "comment", "ranking", "slot", "capacity_hold", "session", "api_token"} {
		_, err := pool.Exec(context.Background(), "VACUUM ANALYZE "+table)
		require.NoError(t, err)
	}
	return Stock{Size: size, Longest: fmt.Sprintf("R-%d", longestNumber), At: m.now}
}

// longestNumber is the request whose ledger is longest: one that is in execution, which people look at.
const longestNumber = 17

// lives tells all requests, and then what else happens around them, until there are so many lines.
func (m *maker) lives(size Size) []*life {
	lives := make([]*life, size.Requests)
	lines := 0
	for n := range lives {
		lives[n] = m.newLife(n)
		lines += len(lives[n].entries)
	}
	if n := longestNumber - 1; n < len(lives) {
		lines += lives[n].around(min(5_000, (size.Lines-lines)/4))
	}
	for each := max(0, size.Lines-lines) / max(1, size.Requests); lines < size.Lines; {
		for n := range lives {
			if more := min(int(float64(each+1)*m.random.ExpFloat64()), size.Lines-lines); more > 0 {
				lines += lives[n].around(more)
			}
		}
	}
	return lives
}

// around adds entries of what happens while a request goes its way: reports, reminders, comments, changes of the form.
func (l *life) around(n int) int {
	kinds := []struct{ event, actor, says string }{
		{pmo.EventReported, "theo", "Reported: "}, {pmo.EventReported, "theo", "Reported: "}, {pmo.EventReported, "lena", "Reported: "},
		{pmo.EventCommented, l.r.Requester, "Comment: "}, {pmo.EventCommented, "ana", "Comment: "}, {pmo.EventReminded, "", "Reminder: "}, {pmo.EventReminded, "", "Reminder: "},
		{pmo.EventAmended, l.r.Requester, "Changed: "}, {pmo.EventWatched, "bo", "Watches: "}, {pmo.EventWorkUpdated, "", "Work item: "},
	}
	from, to := l.entries[0].At, l.at
	for range n {
		k := kinds[l.random.Intn(len(kinds))]
		l.at = from.Add(time.Duration(l.random.Float64() * float64(to.Sub(from))))
		l.note(k.event, "", k.actor, k.says+l.Text(5, 15))
		if k.event == pmo.EventCommented {
			l.entries[len(l.entries)-1].Seq = 0
		}
	}
	l.at = to
	return n
}

// project writes the snapshots as workers do, with the columns that depend on them.
func project(t testing.TB, s *store.Store, lives []*life) {
	t.Helper()
	const writers = 6
	var all sync.WaitGroup
	failed := make(chan error, writers)
	for w := range writers {
		all.Go(func() {
			for n := w; n < len(lives); n += writers {
				if _, _, err := s.Project(context.Background(), "stock", *lives[n].r, nil); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		require.NoError(t, err)
	}
}

// date says of each row that it was written with its last entry.
func date(t testing.TB, pool *pgxpool.Pool, lives []*life) {
	t.Helper()
	var ids []string
	var times []time.Time
	for _, l := range lives {
		ids, times = append(ids, l.r.ID), append(times, l.at)
	}
	_, err := pool.Exec(context.Background(), `UPDATE request r SET projected_at = d.at FROM unnest($1::text[], $2::timestamptz[]) AS d(id, at) WHERE r.id = d.id::uuid`, ids, times)
	require.NoError(t, err)
}

// line is an entry with its request.
type line struct {
	request string
	entry   *pmo.Entry
}

// ledger copies all entries in the order of their time, as they came: those of one request are far from each other on the disk.
func (m *maker) ledger(t testing.TB, pool *pgxpool.Pool, lives []*life) {
	t.Helper()
	var lines []line
	for _, l := range lives {
		for i := range l.entries {
			lines = append(lines, line{l.r.ID, &l.entries[i]})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.entry.At.Compare(b.entry.At) })
	for part := range slices.Chunk(lines, 20_000) { // of one transaction each
		copyRows(t, pool, "ledger", []string{"request_id", "seq", "key", "at", "event", "body"}, len(part), func(i int) []any {
			e := part[i].entry
			body, err := json.Marshal(e)
			require.NoError(t, err)
			return []any{uuid.MustParse(part[i].request), e.Seq, e.Key, e.At, e.Event, json.RawMessage(body)}
		})
	}
}

func copyRows(t testing.TB, pool *pgxpool.Pool, table string, columns []string, n int, row func(i int) []any) {
	t.Helper()
	_, err := pool.CopyFrom(context.Background(), pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil }))
	require.NoError(t, err, table)
}

// rank makes the run by which the backlog is ranked, with some before it.
func (m *maker) rank(t testing.TB, s *store.Store, lives []*life) {
	t.Helper()
	var lines []store.RankedRequest
	for _, l := range lives {
		if l.r.WaitsForPull() {
			lines = append(lines, store.RankedRequest{ID: l.r.ID, Class: "standard", Score: 20 * m.random.Float64(), Scored: true, CostOfDelay: 20, JobSize: 3, Inputs: l.r.Content.Inputs,
				Why: "Score from cost of delay 20 and job size 3.", LimitReason: "The work-in-progress limit of the portfolio is reached.", Cause: m.Text(4, 9), Sensitivity: m.Text(6, 12)})
		}
	}
	for run := range 3 {
		slices.SortStableFunc(lines, func(a, b store.RankedRequest) int { return cmp.Compare(b.Score, a.Score) })
		for i := range lines {
			lines[i].PreviousRank, lines[i].Rank = lines[i].Rank, i+1
			lines[i].Score *= 0.9 + 0.2*m.random.Float64()
		}
		at := m.now.Add(time.Duration(run-3) * time.Hour)
		require.NoError(t, s.InPortfolio(context.Background(), Portfolio, func(tx *store.PortfolioTx) error {
			return tx.SavePrioritization(context.Background(), store.Prioritization{ID: fmt.Sprintf("prioritization/%s/now/%d", Portfolio, run+1), Portfolio: Portfolio, At: at, Cause: "now", Actor: "petra",
				Reason: "measured", Policy: "1", Count: len(lines), Moves: len(lines), Words: fmt.Sprintf("Ranked %d requests.", len(lines))}, lines)
		}))
	}
}
