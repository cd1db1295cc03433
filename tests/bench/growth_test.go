package bench

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"
)

// growth is the same numbers with more requests in the house.
type growth struct {
	Open, Stored int // in the read model
	Seeding      string
	Flows        []flow
	Latencies    []latency
	Memory       memory
}

// seedWithin bounds the way to the next number of open requests; what is reached by then is measured.
const seedWithin = 4 * time.Minute

// growth measures with a number of open requests.
func (e *environment) growth(size scale, open int) growth {
	e.T.Helper()
	seeding := e.seed(open)
	g := e.grown(size.growth)
	g.Seeding = seeding
	return g
}

func (e *environment) grown(n int) growth {
	e.T.Helper()
	g := growth{Open: e.count(`status <> 'closed'`), Stored: e.count(`true`)}
	g.Latencies = append(e.latenciesAt(1, n), e.latenciesAt(16, 2*n)...)
	e.drain()
	g.Flows = e.flowsAt(8, n)
	g.Memory = e.memory("")
	return g
}

func (e *environment) count(where string) (n int) {
	e.T.Helper()
	require.NoError(e.T, e.Pool.QueryRow(context.Background(), `SELECT count(*) FROM request WHERE `+where).Scan(&n))
	return n
}

// seed submits until so many requests are open; they wait for their approvers. Other ones, of measurements before, wait for teams.
func (e *environment) seed(open int) string {
	e.T.Helper()
	missing := max(open-e.count(`status <> 'closed'`), 0)
	var done atomic.Int64
	deadline := time.Now().Add(seedWithin)
	_, took, err := spread(24, missing, func(int) error {
		if time.Now().After(deadline) {
			return nil
		}
		done.Add(1)
		_, err := machinery{e.Engine}.submit(nextForm())
		return err
	})
	require.NoError(e.T, err)
	return seeded(int(done.Load()), took)
}

// fill copies rows inside Postgres: years of requests that have ended, one of ten still open. They have no workflow; reads,
// queue and history of finished work see them all the same.
func (e *environment) fill(stored int) {
	e.T.Helper()
	var titles, problems []string
	for range stored - e.count(`true`) {
		title, problem := texts()
		titles, problems = append(titles, title), append(problems, problem)
	}
	_, err := e.Pool.Exec(context.Background(), `
INSERT INTO request (id, number, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class, lane, themes, team, approach,
    requester, submitted_by, title, likeness, search, confidential, people, waiting_on, due_at, submitted_at, stage_since, accepted_at, closed_at, snapshot)
SELECT gen_random_uuid(), 10000000 + (SELECT count(*) FROM request) + n, portfolio, run_id, epoch, told_events, told_at, seq, now(), CASE WHEN n % 10 = 0 THEN stage ELSE 'closure' END,
    CASE WHEN n % 10 = 0 THEN status ELSE 'closed' END, CASE WHEN n % 10 = 0 THEN outcome ELSE 'delivered' END, '', kind, class, lane, themes, team, approach,
    requester, submitted_by, t.title, lower(t.title || ' ' || t.problem), search || lower(E'\n' || t.title || E'\n' || t.problem), confidential, people,
    CASE WHEN n % 10 = 0 THEN waiting_on ELSE '{}' END, CASE WHEN n % 10 = 0 THEN due_at ELSE 'infinity' END, submitted_at - n * interval '30 minutes', stage_since,
    CASE WHEN n % 10 <> 0 THEN submitted_at - n * interval '25 minutes' END, CASE WHEN n % 10 <> 0 THEN submitted_at - n * interval '25 minutes' END, snapshot
FROM (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS many FROM request WHERE stage = 'review' AND status = 'open' LIMIT 1000) r
JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS t(title, problem, n) ON n % least(r.many, 1000) + 1 = r.place`, titles, problems)
	require.NoError(e.T, err)
	_, err = e.Pool.Exec(context.Background(), `VACUUM ANALYZE request`)
	require.NoError(e.T, err)
}
