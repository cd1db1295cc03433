package store_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/audit"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// verifyLedgers verifies the ledgers, with kept heads if there are any, and returns the heads.
func verifyLedgers(t testing.TB, s *store.Store, kept []byte) (*audit.Verifier, []byte) {
	t.Helper()
	var from *audit.Kept
	if kept != nil {
		var err error
		from, err = audit.ReadKept(bytes.NewReader(kept))
		require.NoError(t, err)
	}
	var heads bytes.Buffer
	require.NoError(t, audit.WriteTitle(&heads))
	v := audit.NewVerifier(from, func(h audit.Head) error { return h.Write(&heads) })
	require.NoError(t, s.VerifyLedgers(context.Background(), v))
	return v, heads.Bytes()
}

// manipulate changes the ledgers as whoever owns the database could, past every trigger.
func manipulate(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	require.NoError(t, pgx.BeginFunc(context.Background(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		tag, err := tx.Exec(context.Background(), sql, args...)
		require.NotZero(t, tag.RowsAffected(), sql)
		return err
	}))
}

func TestEachManipulationOfTheLedgersIsFound(t *testing.T) {
	s, dsn := openDSN(t)
	pool := testkit.Pool(t, dsn)
	victim, other := request("Victim"), request("Other")
	victim.ID, other.ID = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
	for n := range int64(5) {
		project(t, s, victim, entry(n+1, pmo.EventAmended))
		project(t, s, other, entry(n+1, pmo.EventAmended))
		putTeam(t, s, fmt.Sprintf("team-%d", n))
	}
	v, heads := verifyLedgers(t, s, nil)
	require.Nil(t, v.First)
	require.EqualValues(t, 15, v.Lines)
	require.EqualValues(t, 3, v.Chains)

	const copied = `(request_id, seq, key, at, event, body, line, hash) SELECT request_id, seq, key || '.', at, event, body, 3, hash FROM ledger WHERE request_id = '11111111-0000-4000-8000-000000000001' AND line = 3`
	for name, c := range map[string]struct{ sql, chain, want string }{
		"one byte of a body":    {`UPDATE ledger SET body = jsonb_set(body, '{text}', '"amendeD"') WHERE request_id = $1 AND line = 3`, victim.ID, "line 3: it is not what was written"},
		"the time":              {`UPDATE ledger SET at = at + interval '1 microsecond' WHERE request_id = $1 AND line = 1`, victim.ID, "line 1: it is not what was written"},
		"the key":               {`UPDATE ledger SET key = key || ' ' WHERE request_id = $1 AND line = 5`, victim.ID, "line 5: it is not what was written"},
		"the place in the feed": {`UPDATE ledger SET xid = '1' WHERE request_id = $1 AND line = 4`, victim.ID, "line 4: it is not what was written"},
		"one in the middle":     {`DELETE FROM ledger WHERE request_id = $1 AND line = 2`, victim.ID, "line 3: line 2 before it is missing"},
		"the last":              {`DELETE FROM ledger WHERE request_id = $1 AND line = 5`, victim.ID, "line 5: the newest lines are missing"},
		"all":                   {`DELETE FROM ledger WHERE request_id = $1`, victim.ID, "line 1: all lines are missing"},
		"one more":              {`WITH gone AS (SELECT $1::uuid) INSERT INTO ledger ` + copied, victim.ID, "line 3: there are two lines of this number"},
		"two swapped":           {`UPDATE ledger SET line = 5 - line WHERE request_id = $1 AND line IN (2, 3)`, victim.ID, "line 2: it is not what was written"},
		"bodies swapped": {`UPDATE ledger l SET seq = o.seq, key = o.key || '.', at = o.at, event = o.event, body = o.body FROM ledger o
			WHERE l.request_id = $1 AND o.request_id = $1 AND (l.line, o.line) IN ((2, 3), (3, 2))`, victim.ID, "line 2: it is not what was written"},
		"moved to another request": {`UPDATE ledger SET request_id = '33333333-0000-4000-8000-000000000003', line = 1 WHERE request_id = $1 AND line = 5`, victim.ID, "line 5: the newest lines are missing"},
		"taken out of the chain":   {`UPDATE ledger SET line = NULL, hash = NULL WHERE request_id = $1 AND line = 5`, victim.ID, "line 5: the newest lines are missing"},
		"who changed a team":       {`UPDATE change_ledger SET actor = 'bo' WHERE line = 2 AND $1 <> ''`, audit.Office, "line 2: it is not what was written"},
		"from where":               {`UPDATE change_ledger SET address = '10.0.0.1' WHERE line = 2 AND $1 <> ''`, audit.Office, "line 2: it is not what was written"},
		"the last of the office":   {`DELETE FROM change_ledger WHERE line = 5 AND $1 <> ''`, audit.Office, "line 5: the newest lines are missing"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, table := range []string{"ledger", "change_ledger"} {
				_, err := pool.Exec(t.Context(), fmt.Sprintf(`DROP TABLE IF EXISTS kept_%[1]s; CREATE TABLE kept_%[1]s AS SELECT * FROM %[1]s`, table))
				require.NoError(t, err)
				defer func() {
					manipulate(t, pool, fmt.Sprintf(`WITH gone AS (DELETE FROM %[1]s) SELECT`, table)+` FROM generate_series(1, 1)`)
					manipulate(t, pool, fmt.Sprintf(`INSERT INTO %[1]s OVERRIDING SYSTEM VALUE SELECT * FROM kept_%[1]s`, table))
				}()
			}
			_, err := pool.Exec(t.Context(), `DROP INDEX IF EXISTS ledger_line`) // the index alone would refuse a second line of a number
			require.NoError(t, err)
			manipulate(t, pool, c.sql, c.chain)
			v, _ := verifyLedgers(t, s, heads)
			require.NotNil(t, v.First)
			require.Equal(t, c.chain, v.First.Chain)
			require.Contains(t, v.First.String(), c.want)
		})
	}
	v, _ = verifyLedgers(t, s, heads)
	require.Nil(t, v.First, "the ledgers are what they were")
}

// The projector and the API write lines of one request at once, and a line that is there already takes no place in the chain.
func TestConcurrentWritersDoNotForkAChain(t *testing.T) {
	s, _ := openDSN(t)
	r := request("Busy", waiting)
	project(t, s, r, entry(1, pmo.EventSubmitted))
	var all sync.WaitGroup
	for i := range int64(24) {
		all.Go(func() {
			ctx, line := context.Background(), entry(2+i/2, pmo.EventAmended)
			switch i % 3 {
			case 0:
				_, _, err := s.Project(ctx, "run-1", r, []pmo.Entry{line, entry(100+i, pmo.EventStage)})
				require.NoError(t, err)
			case 1:
				require.NoError(t, s.AddLedgerEntries(ctx, r.ID, []pmo.Entry{line}))
			default:
				c := store.Comment{ID: uuid.NewString(), Request: r.ID, Author: "rita", At: day, Text: "x"}
				require.NoError(t, s.AddComment(ctx, c, pmo.Entry{Key: "comment/" + c.ID, At: day, Event: pmo.EventCommented}))
			}
			_, err := s.PutTeam(ctx, pmo.Team{ID: fmt.Sprintf("team-%d", i), Name: "Team", Portfolio: "core", Leads: []string{"theo"}, Capacity: 1}, "petra", day)
			require.NoError(t, err)
		})
	}
	all.Wait()
	v, _ := verifyLedgers(t, s, nil)
	require.Nil(t, v.First)
	require.EqualValues(t, 2, v.Chains)
	n, err := s.CountLedgerEntries(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, n+8+24, v.Lines, "the process's lines, eight comments, and the office's")
}

// The upgrade of the released schema 22 chains the rows that are there, and an older worker that still writes is chained too.
func TestTheLinesOfADatabaseOf07AreChained(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	dsn := testkit.Database(t, nil)
	require.NoError(t, store.MigrateTo(t.Context(), dsn, 22))
	pool, id, late := testkit.Pool(t, dsn), uuid.NewString(), uuid.NewString()
	insert := func(request string, seq int) {
		_, err := pool.Exec(t.Context(), `INSERT INTO ledger (request_id, seq, key, at, event, body) VALUES ($1, $2, $3, $4, 'amended', '{"text": "Grüße", "n": 1.50}')`,
			request, seq, fmt.Sprint("key/", seq), hours(seq))
		require.NoError(t, err)
	}
	for seq := range 300 {
		insert(id, seq)
		insert(uuid.NewString(), seq)
		_, err := pool.Exec(t.Context(), `INSERT INTO change_ledger (at, actor, object, object_id, event, body) VALUES (now(), 'petra', 'team', 'falcon', 'changed', '{}')`)
		require.NoError(t, err)
	}
	require.NoError(t, store.MigrateTo(t.Context(), dsn, 25))
	s, err := store.Open(t.Context(), dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	insert(id, 300) // by a worker of the version before, while the lines are being chained
	insert(late, 1)
	v, _ := verifyLedgers(t, s, nil)
	require.NotNil(t, v.First)
	require.Contains(t, v.First.What, "not chained; run pmo migrate")
	require.EqualValues(t, 301, v.Broken)

	require.NoError(t, store.Migrate(t.Context(), dsn))
	insert(id, 301)
	v, _ = verifyLedgers(t, s, nil)
	require.Nil(t, v.First)
	require.EqualValues(t, 302+300+1+300, v.Lines)
	require.EqualValues(t, 303, v.Chains)
	chained, err := s.ChainLedger(t.Context())
	require.NoError(t, err)
	require.Zero(t, chained, "it is repeatable")
	for _, sql := range []string{`UPDATE ledger SET hash = hash`, `UPDATE ledger SET line = NULL, hash = NULL`, `UPDATE change_ledger SET actor = 'x'`} {
		_, err := pool.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "append-only", sql)
	}
}
