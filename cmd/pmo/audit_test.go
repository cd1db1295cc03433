package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestAuditUsage(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other")
	require.NoError(t, os.WriteFile(other, []byte("not heads\n"), 0o600))
	for _, args := range [][]string{{"audit", "nothing"}, {"audit", "verify"}, {"audit", "verify", "extra"}, {"audit", "verify", "-o", "xml"}} {
		_, err := run(args, nil)
		require.Error(t, err, args)
		require.Equal(t, exitUsage, exitCode(err), "%v: %v", args, err)
	}
	_, err := run([]string{"audit", "verify", "--head", other}, map[string]string{"PMO_DATABASE_URL": "postgres://localhost/none"})
	require.Equal(t, exitUsage, exitCode(err), err)
}

func TestTheLedgersAreVerified(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	dsn := testkit.Database(t, store.Migrate)
	pool, env, heads := testkit.Pool(t, dsn), map[string]string{"PMO_DATABASE_URL": dsn}, filepath.Join(t.TempDir(), "heads")
	s, err := store.Open(t.Context(), dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	request, at := uuid.NewString(), time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	_, err = s.Number(t.Context(), request, at)
	require.NoError(t, err)
	for n := range int64(1200) { // more than are read at once
		require.NoError(t, s.AddLedgerEntries(context.Background(), request, []pmo.Entry{{Seq: n + 1, Key: uuid.NewString(), At: at, Event: pmo.EventAmended, Text: "ä\"\\"}}))
	}
	_, err = s.PutTeam(t.Context(), pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "core", Leads: []string{"theo"}, Capacity: 0.1}, "petra", at)
	require.NoError(t, err)

	out, err := run([]string{"audit", "verify", "--keep", heads}, env)
	require.NoError(t, err)
	require.Contains(t, out, "1201 lines in 2 chains verified.")
	require.Contains(t, out, "No break was found.")
	_, err = run([]string{"audit", "verify", "--head", heads, "--keep", heads}, env)
	require.NoError(t, err)
	before, err := os.ReadFile(heads)
	require.NoError(t, err)

	removeLast := `DELETE FROM ledger WHERE line = (SELECT max(line) FROM ledger)`
	_, err = pool.Exec(t.Context(), `SET session_replication_role = replica; `+removeLast)
	require.NoError(t, err)
	out, err = run([]string{"audit", "verify"}, env)
	require.NoError(t, err, "in itself the chain is whole")
	require.Contains(t, out, "1200 lines")
	out, err = run([]string{"audit", "verify", "--head", heads, "--keep", heads}, env)
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, exitFailed, exitCode(err))
	require.Contains(t, out, "The first: request R-1 ("+request+"), line 1200: the newest lines are missing")
	after, err := os.ReadFile(heads)
	require.NoError(t, err)
	require.Equal(t, before, after, "the kept heads are not replaced by broken ones")

	_, err = pool.Exec(t.Context(), `SET session_replication_role = replica; UPDATE change_ledger SET actor = 'bo'`)
	require.NoError(t, err)
	out, err = run([]string{"audit", "verify", "-o", "json"}, env)
	require.ErrorIs(t, err, errBroken)
	var found verified
	require.NoError(t, json.Unmarshal([]byte(out), &found))
	require.Equal(t, &firstBreak{Chain: "office", Line: 1, What: "it is not what was written, or the line before it is another one"}, found.First)
	left, err := filepath.Glob(heads + "*")
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing unfinished is left")
}
