package testkit_test

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var migrations atomic.Int64

func migrate(ctx context.Context, dsn string) error {
	migrations.Add(1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE TABLE items (name text PRIMARY KEY)"); err != nil {
		return err
	}
	return conn.Close(ctx)
}

func TestDatabasesAreMigratedOnceAndSeparate(t *testing.T) {
	for range 3 {
		pool := testkit.Postgres(t, migrate)
		_, err := pool.Exec(t.Context(), "INSERT INTO items VALUES ('only here')")
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, migrations.Load())
}

func TestDatabaseIsDroppedThoughSomeoneIsConnected(t *testing.T) {
	var conn *pgx.Conn
	t.Run("uses a database", func(t *testing.T) {
		var err error
		conn, err = pgx.Connect(context.Background(), testkit.Database(t, nil))
		require.NoError(t, err)
	})
	require.Error(t, conn.Ping(t.Context()))
}

func TestProxy(t *testing.T) {
	proxy := testkit.StartProxy(t, echoServer(t))

	conn := dial(t, proxy)
	require.NoError(t, echo(conn, time.Minute))
	proxy.Cut()
	require.Error(t, echo(conn, time.Minute))

	conn = dial(t, proxy)
	require.NoError(t, echo(conn, time.Minute), "after a cut new connections work")
	proxy.Hang()
	require.ErrorIs(t, echo(conn, 50*time.Millisecond), os.ErrDeadlineExceeded)
	proxy.Resume()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err := io.ReadFull(conn, make([]byte, 4))
	require.NoError(t, err, "what hung is passed on")

	proxy.Refuse()
	_, err = net.Dial("tcp", proxy.Addr())
	require.Error(t, err)
	proxy.Resume()
	require.NoError(t, echo(dial(t, proxy), time.Minute))
}

func dial(t *testing.T, proxy *testkit.Proxy) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", proxy.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func echo(conn net.Conn, limit time.Duration) error {
	if err := conn.SetDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("ping")); err != nil {
		return err
	}
	_, err := io.ReadFull(conn, make([]byte, 4))
	return err
}

func echoServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(conn, conn); _ = conn.Close() }()
		}
	}()
	return listener.Addr().String()
}

func TestPartCanBeKilledAndStartedAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ready")
	part := testkit.StartPart(t, testkit.PartConfig{
		Name: "sleeper", Path: "/bin/sh", Env: []string{"READY=" + file}, ReadyFile: file,
		Args: []string{"-c", `trap 'exit 0' TERM; echo up; touch "$READY"; while :; do sleep 0.01; done`},
	})
	first := part.PID()
	require.NotZero(t, first)
	part.Kill()
	require.Zero(t, part.PID())
	part.Start()
	require.NotZero(t, part.PID())
	require.NotEqual(t, first, part.PID())
	require.Eventually(t, func() bool { return part.Output() == "up\nup\n" }, testkit.Patience, time.Millisecond, "its words come through a pipe, after its file")
	part.Stop()
}
