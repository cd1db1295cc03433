package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
)

// Migrate creates a schema in an empty database. Pass a top-level function: closures made by the same code count as
// the same migration.
type Migrate func(ctx context.Context, dsn string) error

// shared is the only cluster of this test process. fsync is off, because its data is removed after the tests.
var shared struct {
	sync.Mutex
	cluster   *localstack.Cluster
	dir       string
	admin     *pgxpool.Pool
	templates map[uintptr]string
	count     atomic.Int64
}

// Main runs a package's tests and stops the shared Postgres afterwards. It does not return. Use it as
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
// Without it a temporary folder is left, which a later test process removes.
func Main(m *testing.M) {
	code := m.Run()
	if err := stopShared(); err != nil {
		fmt.Fprintln(os.Stderr, "testkit:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Database creates a database with the schema of migrate and returns its DSN. The migration runs once in a process,
// into a template; nil means an empty database. The database is dropped when the test ends, even if there are open
// connections.
func Database(t testing.TB, migrate Migrate) string {
	t.Helper()
	ctx := context.Background() // t.Context ends before the cleanups run
	cluster := Cluster(t)
	template, err := templateFor(ctx, migrate)
	require.NoError(t, err, "migrate the template database")
	name := fmt.Sprintf("test_%d", shared.count.Add(1))
	require.NoError(t, adminExec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template))
	t.Cleanup(func() { require.NoError(t, adminExec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")) })
	return cluster.DSN(name)
}

// Postgres is a pool on a new database; see Database.
func Postgres(t testing.TB, migrate Migrate) *pgxpool.Pool {
	t.Helper()
	return Pool(t, Database(t, migrate))
}

// Pool opens a pool that is closed when the test ends.
func Pool(t testing.TB, dsn string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// Cluster is the Postgres shared by all tests of this process; the first call starts it.
func Cluster(t testing.TB) *localstack.Cluster {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil {
		require.NoError(t, startShared(context.Background()), "start the shared Postgres")
	}
	return shared.cluster
}

const sharedPrefix = "pmo-testpg-"

func startShared(ctx context.Context) error {
	dir, err := makeDir(sharedPrefix)
	if err != nil {
		return err
	}
	removeOrphans(filepath.Dir(dir))
	cluster, err := localstack.StartCluster(ctx, localstack.ClusterConfig{
		Dir: dir, Ephemeral: true, Output: os.Stderr, Settings: map[string]string{"max_connections": "300"},
	})
	if err != nil {
		return err
	}
	admin, err := pgxpool.New(ctx, cluster.DSN("postgres"))
	if err != nil {
		return err
	}
	shared.cluster, shared.dir, shared.admin, shared.templates = cluster, dir, admin, map[uintptr]string{}
	return nil
}

func stopShared() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil {
		return nil
	}
	shared.admin.Close()
	err := shared.cluster.Stop()
	shared.cluster = nil
	if err != nil {
		return err
	}
	return os.RemoveAll(shared.dir)
}

// removeOrphans removes the folders of test processes that were killed: their locks are free.
func removeOrphans(base string) {
	const minAge = time.Minute // the process of a younger folder may not have taken its lock yet
	dirs, _ := filepath.Glob(filepath.Join(base, sharedPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < minAge {
			continue
		}
		lock, err := localstack.TakeLock(filepath.Join(dir, "postgres.lock"))
		if err != nil {
			continue
		}
		_ = os.RemoveAll(dir) // a later run tries again
		lock.Release()
	}
}

// templateFor runs each migration once and then disallows connections, because a database with connections cannot be
// a template.
func templateFor(ctx context.Context, migrate Migrate) (string, error) {
	if migrate == nil {
		return "template1", nil
	}
	shared.Lock()
	defer shared.Unlock()
	key := reflect.ValueOf(migrate).Pointer()
	if name, ok := shared.templates[key]; ok {
		return name, nil
	}
	name := fmt.Sprintf("template_%d", shared.count.Add(1))
	if err := adminExec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	if err := migrate(ctx, shared.cluster.DSN(name)); err != nil {
		return "", err
	}
	if err := adminExec(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false"); err != nil {
		return "", err
	}
	if err := disconnect(ctx, name); err != nil {
		return "", err
	}
	shared.templates[key] = name
	return name, nil
}

// disconnect terminates connections that the migration may still be closing.
func disconnect(ctx context.Context, name string) error {
	rows, err := shared.admin.Query(ctx, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name)
	if err != nil {
		return fmt.Errorf("disconnect from %s: %w", name, err)
	}
	if _, err := pgx.CollectRows(rows, pgx.RowTo[bool]); err != nil {
		return fmt.Errorf("disconnect from %s: %w", name, err)
	}
	return nil
}

func adminExec(ctx context.Context, sql string) error {
	if _, err := shared.admin.Exec(ctx, sql); err != nil {
		return fmt.Errorf("run %q: %w", sql, err)
	}
	return nil
}
