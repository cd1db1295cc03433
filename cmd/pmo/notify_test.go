package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/app"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestNotifyUsage(t *testing.T) {
	for _, args := range [][]string{
		{"notify", "status"}, {"notify", "nothing"}, {"notify", "status", "extra"}, {"notify", "redeliver"},
		{"notify", "redeliver", "--all", "--id", "x"}, {"notify", "redeliver", "--endpoint", "x", "--id", "x"}, {"notify", "status", "-o", "xml"},
	} {
		_, err := run(args, nil)
		require.Error(t, err, args)
		require.Equal(t, exitUsage, exitCode(err), "%v: %v", args, err)
	}
}

func TestNotifyCommandsOnADatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	dsn := testkit.Database(t, store.Migrate)
	env := map[string]string{"PMO_DATABASE_URL": dsn}
	pmo := func(args ...string) string {
		out, err := run(append([]string{"notify"}, args...), env)
		require.NoError(t, err, "%v: %s", args, out)
		return out
	}
	require.Contains(t, pmo("status"), "0 wait for an attempt")
	giveUp(t, dsn, "msg_1")
	require.NotContains(t, pmo("dead", "--limit", "1"), "not listed")
	require.Contains(t, pmo("status"), "1 dead")
	require.Contains(t, pmo("status"), "person:ana")
	require.Contains(t, pmo("dead"), "answered 500")
	require.Regexp(t, `person:ana +0 +- +1 .*answered 500`, pmo("list", "--failing"))
	require.Contains(t, pmo("list", "-o", "json"), `"endpoint": "person:ana"`)
	require.NotContains(t, pmo("dead", "--endpoint", "person:bo"), "msg_1")
	var dead []store.Notification
	require.NoError(t, json.Unmarshal([]byte(pmo("dead", "-o", "json")), &dead))
	require.Equal(t, "msg_1", dead[0].ID)
	_, err := run([]string{"notify", "redeliver", "--id", "msg_2"}, env)
	require.ErrorContains(t, err, "no dead message")
	require.Equal(t, exitFailed, exitCode(err))
	require.Contains(t, pmo("redeliver", "--id", "msg_1"), "Sent again: 1.")
	require.Contains(t, pmo("status"), "1 wait for an attempt")
	giveUp(t, dsn, "msg_2")
	giveUp(t, dsn, "msg_3")
	require.Contains(t, pmo("dead", "--limit", "1"), "1 more are dead and not listed; list more with --limit.")
	require.Contains(t, pmo("dead", "--limit", "1", "--endpoint", "person:ana"), "1 more are dead")
	require.NotContains(t, pmo("dead"), "not listed")
	_, err = run([]string{"notify", "dead", "--limit", "0"}, env)
	require.Equal(t, exitUsage, exitCode(err))
	require.NotErrorIs(t, err, app.ErrConfig)
}

// giveUp stores one dead message.
func giveUp(t *testing.T, dsn, id string) {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, store.Options{})
	require.NoError(t, err)
	defer s.Close()
	lead, err := s.LeadNotify(t.Context(), time.Now())
	require.NoError(t, err)
	defer lead.Release()
	n := store.Notification{ID: id, Request: uuid.NewString(), Endpoint: "person:ana", Event: "asked", At: time.Now(), Body: "{}"}
	require.NoError(t, s.QueueNotifications(t.Context(), lead, "", []store.Notification{n}, time.Now()))
	require.NoError(t, s.RecordAttempts(t.Context(), lead.Term, []store.Attempt{{Message: n, Result: store.AttemptGivenUp, Reason: "answered 500", At: time.Now()}}))
}
