package localstack_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

func start(t *testing.T, config localstack.ClusterConfig) *localstack.Cluster {
	t.Helper()
	skipShort(t)
	cluster, err := localstack.StartCluster(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = cluster.Stop() }) // most tests have stopped it, and some have killed it
	return cluster
}

func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: starts a Postgres cluster of its own")
	}
}

func connect(t *testing.T, cluster *localstack.Cluster) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cluster.DSN("postgres"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the server may be gone by then
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func requireRow(t *testing.T, cluster *localstack.Cluster) {
	t.Helper()
	var answer int
	require.NoError(t, connect(t, cluster).QueryRow(t.Context(), "SELECT answer FROM kept").Scan(&answer))
	require.Equal(t, 42, answer)
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func requireGone(t *testing.T, pid int) {
	t.Helper()
	require.Eventually(t, func() bool { return !alive(pid) }, testkit.Patience, 10*time.Millisecond, "process %d still runs", pid)
}

func TestRestartKeepsDataAndStopLeavesNoProcess(t *testing.T) {
	dir := testkit.Dir(t)
	first := start(t, localstack.ClusterConfig{Dir: dir})
	conn := connect(t, first)
	exec(t, conn, "CREATE TABLE kept AS SELECT 42 AS answer")
	require.NoError(t, first.Stop(), "an open connection must not delay the stop")
	require.False(t, alive(first.PID()))
	require.NoError(t, first.Stop(), "stopping again does nothing")

	second := start(t, localstack.ClusterConfig{Dir: dir})
	requireRow(t, second)
	require.NoError(t, second.Stop())
}

func TestPasswordIsRequiredAndItsFileIsPrivate(t *testing.T) {
	dir := testkit.Dir(t)
	cluster := start(t, localstack.ClusterConfig{Dir: dir})
	info, err := os.Stat(filepath.Join(dir, "postgres.password"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, err = pgx.Connect(t.Context(), "postgres://pmo:wrong@"+cluster.Address()+"/postgres?sslmode=disable")
	require.ErrorContains(t, err, "password authentication failed")
}

func TestCrashIsRecovered(t *testing.T) {
	dir := testkit.Dir(t)
	first := start(t, localstack.ClusterConfig{Dir: dir})
	exec(t, connect(t, first), "CREATE TABLE kept AS SELECT 42 AS answer")
	require.NoError(t, syscall.Kill(first.PID(), syscall.SIGKILL))
	require.Error(t, first.Stop(), "Postgres was killed")
	requireRow(t, start(t, localstack.ClusterConfig{Dir: dir}))
}

func TestPortInUse(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	dir := testkit.Dir(t)
	_, err = localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: dir, Port: listener.Addr().(*net.TCPAddr).Port})
	require.ErrorIs(t, err, localstack.ErrPortInUse)
	require.NoDirExists(t, filepath.Join(dir, "data"))
}

func TestFolderInUse(t *testing.T) {
	dir := testkit.Dir(t)
	first := start(t, localstack.ClusterConfig{Dir: dir, Ephemeral: true})
	_, err := localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: dir, Ephemeral: true})
	require.ErrorIs(t, err, localstack.ErrInUse)
	require.ErrorContains(t, err, strconv.Itoa(os.Getpid()))
	connect(t, first)
}

func TestDataOfAnotherVersionIsRefused(t *testing.T) {
	dir := testkit.Dir(t)
	first := start(t, localstack.ClusterConfig{Dir: dir, Ephemeral: true})
	require.NoError(t, first.Stop())
	version := filepath.Join(dir, "data", "PG_VERSION")
	original, err := os.ReadFile(version)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(version, []byte("9.6\n"), 0o600))

	_, err = localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: dir, Ephemeral: true})
	require.ErrorIs(t, err, localstack.ErrOtherVersion)
	require.ErrorContains(t, err, "9.6")

	require.NoError(t, os.WriteFile(version, original, 0o600))
	start(t, localstack.ClusterConfig{Dir: dir, Ephemeral: true})
}

func TestFolderThatIsNotAClusterIsNotChanged(t *testing.T) {
	dir := testkit.Dir(t)
	file := filepath.Join(dir, "data", "thesis.txt")
	require.NoError(t, os.Mkdir(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
	_, err := localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: dir})
	require.Error(t, err)
	require.FileExists(t, file)
}

func TestStalePIDFile(t *testing.T) {
	cases := map[string]string{
		"of a process that has ended":  "999999999",
		"of another process":           strconv.Itoa(os.Getpid()),
		"of the first process":         "1",
		"cut short":                    "",
		"of something unrecognisable ": "garbage",
	}
	dir := testkit.Dir(t)
	require.NoError(t, start(t, localstack.ClusterConfig{Dir: dir, Ephemeral: true}).Stop())
	for name, pid := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, "data", "postmaster.pid")
			require.NoError(t, os.WriteFile(path, []byte(pid+"\n"+filepath.Dir(path)+"\n"), 0o600))
			cluster := start(t, localstack.ClusterConfig{Dir: dir, Ephemeral: true})
			require.NoError(t, cluster.Stop())
		})
	}
}

func TestUnfinishedInitdbIsCleared(t *testing.T) {
	dir := testkit.Dir(t)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "data.unfinished", "base"), 0o700))
	start(t, localstack.ClusterConfig{Dir: dir, Ephemeral: true})
	require.NoDirExists(t, filepath.Join(dir, "data.unfinished"))
}

func TestEnsureDatabasesIsRepeatable(t *testing.T) {
	skipShort(t)
	cluster := testkit.Cluster(t)
	for range 2 {
		require.NoError(t, localstack.EnsureDatabases(t.Context(), cluster.DSN("postgres"), "one", "with space"))
	}
	conn, err := pgx.Connect(t.Context(), cluster.DSN("with space"))
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
}

func TestPostgresVariablesOfTheEnvironmentAreIgnored(t *testing.T) {
	t.Setenv("PGDATA", "/nowhere")
	t.Setenv("PGPORT", "1")
	var output bytes.Buffer
	cluster := start(t, localstack.ClusterConfig{Dir: testkit.Dir(t), Ephemeral: true, Output: &output})
	require.Empty(t, output.String())
	connect(t, cluster)
}

// TestClustersKnowUnicode checks what the database's locale decides: case and letters of every script, and their order by code point.
func TestClustersKnowUnicode(t *testing.T) {
	conn := connect(t, start(t, localstack.ClusterConfig{Dir: testkit.Dir(t), Ephemeral: true}))
	var encoding, lower string
	var letters bool
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT current_setting('server_encoding'), lower('ÄЖΣ'), 'жд漢' ~ '^\w+$'`).Scan(&encoding, &lower, &letters))
	require.Equal(t, "UTF8", encoding)
	require.Equal(t, "äжσ", lower)
	require.True(t, letters)
}
