package deploy

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/app"
	"leanpmo/internal/directory"
	"leanpmo/internal/localstack"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// prepared is a copy of the checkout's deploy folder after deploy/setup.sh.
func prepared(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "deploy", "example"), os.DirFS(filepath.Join(root(t), "deploy", "example"))))
	for _, file := range []string{"deploy/setup.sh", "deploy/token.sh", "internal/policy/default.yaml"} {
		path := filepath.Join(dir, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(read(t, file)), 0o755))
	}
	run(t, filepath.Join(dir, "deploy", "setup.sh"))
	return filepath.Join(dir, "deploy")
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return strings.TrimSpace(string(out))
}

// inside is a service's environment with the paths of its container moved to where the files are here.
func inside(s types.ServiceConfig, deploy string) map[string]string {
	env := map[string]string{}
	for name, value := range s.Environment {
		env[name] = strings.NewReplacer("/run/secrets", filepath.Join(deploy, "secrets"), "/etc/leanpmo", filepath.Join(deploy, "config")).Replace(*value)
	}
	return env
}

// begin starts a part in this process with no time to do anything: what it complains about then is its configuration.
func begin(t *testing.T, command string, env map[string]string) error {
	t.Helper()
	c, err := app.FromEnv(func(name string) (string, bool) { value, ok := env[name]; return value, ok })
	if err != nil {
		return err
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	c.HTTPAddr, c.DrainWait = strings.Replace(c.HTTPAddr, ":8080", ":0", 1), 0
	c.TemporalAddress = "127.0.0.1:1"
	if c.MetricsAddr != "" {
		c.MetricsAddr = "127.0.0.1:0"
	}
	switch command {
	case "server":
		return app.Serve(over, c, quiet)
	case "worker":
		return app.Work(over, c, quiet)
	case "migrate":
		return app.Migrate(over, c)
	}
	return app.Bootstrap(over, c)
}

func TestEveryRequiredSettingIsThere(t *testing.T) {
	deploy := prepared(t)
	required := map[string][]string{
		"server": {"PMO_DATABASE_URL_FILE", "PMO_DIRECTORY_FILE"}, "worker": {"PMO_DATABASE_URL_FILE", "PMO_DIRECTORY_FILE", "PMO_DELIVERY_TOKEN_FILE"},
		"migrate": {"PMO_DATABASE_URL_FILE"}, "bootstrap": nil,
	}
	for _, s := range compose(t).Services {
		if !ours(s) {
			continue
		}
		require.Equal(t, types.ShellCommand{s.Name}, s.Command)
		require.NotErrorIs(t, begin(t, s.Name, inside(s, deploy)), app.ErrConfig, s.Name)
		needed, known := required[s.Name]
		require.True(t, known, s.Name)
		for _, name := range needed {
			env := inside(s, deploy)
			delete(env, name)
			require.ErrorIs(t, begin(t, s.Name, env), app.ErrConfig, "%s starts without %s", s.Name, name)
		}
	}
}

func TestSetupMakesEverySecretOnceAndPrivate(t *testing.T) {
	deploy := prepared(t)
	info, err := os.Stat(filepath.Join(deploy, "secrets"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	before := map[string]string{}
	for name := range compose(t).Secrets {
		before[name] = run(t, "cat", filepath.Join(deploy, "secrets", name))
		if name == "pmo_oidc_client_secret" { // the provider's administrator gives it
			require.Empty(t, before[name])
			continue
		}
		require.GreaterOrEqual(t, len(before[name]), 50, name)
	}
	require.Contains(t, before["pmo_app_database_url"], before["pmo_app_database_password"])
	require.Contains(t, before["pmo_database_url"], before["pmo_database_password"])
	run(t, filepath.Join(deploy, "setup.sh"))
	for name, value := range before {
		require.Equal(t, value, run(t, "cat", filepath.Join(deploy, "secrets", name)), "%s was made anew", name)
	}
}

func TestExampleDirectoryHoldsNoTokenAndTokensCanBeMade(t *testing.T) {
	deploy := prepared(t)
	path := filepath.Join(deploy, "config", "directory.yaml")
	file, err := directory.Open(path)
	require.NoError(t, err)
	people := file.Directory
	require.False(t, people.PlainTokens())
	rules, err := policy.Load(filepath.Join(deploy, "config", "policy.yaml"))
	require.NoError(t, err)
	require.NoError(t, rules.CheckDirectory(people))

	first, second := run(t, filepath.Join(deploy, "token.sh"), "petra"), run(t, filepath.Join(deploy, "token.sh"), "petra")
	file.Look(t.Context(), true)
	require.NoError(t, file.Fault())
	who, ok := people.ByToken(second)
	require.True(t, ok)
	require.Equal(t, "petra", who.ID)
	_, ok = people.ByToken(first)
	require.False(t, ok, "the old token still works")
	require.Error(t, exec.Command(filepath.Join(deploy, "token.sh"), "nobody").Run())
}

// asPostgres makes the cluster like the container's: its superuser is postgres, and the name of ours is free.
func asPostgres(t *testing.T, cluster *localstack.Cluster) string {
	t.Helper()
	const password = "of-this-test"
	query := func(dsn, statement string) {
		conn, err := pgx.Connect(t.Context(), dsn)
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), statement)
		require.NoError(t, errors.Join(err, conn.Close(t.Context())))
	}
	query(cluster.DSN("postgres"), "CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '"+password+"'")
	dsn := "postgres://postgres:" + password + "@" + cluster.Address() + "/postgres?sslmode=disable"
	query(dsn, "ALTER ROLE pmo RENAME TO pmo_local")
	return dsn
}

// TestInitMakesTheDatabases runs what the Postgres container runs on an empty volume.
func TestInitMakesTheDatabases(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: starts Postgres")
	}
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("no psql on PATH")
	}
	deploy := prepared(t)
	cluster, err := localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: testkit.Dir(t)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	postgres := asPostgres(t, cluster)
	for _, name := range []string{"init.sql", "product_role.sql", "product_role.sql"} { // the second is repeatable
		script := filepath.Join(t.TempDir(), name)
		text := strings.ReplaceAll(read(t, "deploy", "postgres", name), "/run/secrets", filepath.Join(deploy, "secrets"))
		require.NoError(t, os.WriteFile(script, []byte(text), 0o600))
		run(t, psql, "--set=ON_ERROR_STOP=1", "--file="+script, postgres)
	}

	as := func(role, database string) string {
		password := run(t, "cat", filepath.Join(deploy, "secrets", role+"_database_password"))
		return "postgres://" + role + ":" + password + "@" + cluster.Address() + "/" + database + "?sslmode=disable"
	}
	require.NoError(t, app.Migrate(t.Context(), app.Config{DatabaseURL: as("pmo", "pmo"), DatabaseRole: "pmo_app"}), "its owner can make the schema, the extension too")
	product, err := store.Open(t.Context(), as("pmo_app", "pmo"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(product.Close)
	require.NoError(t, product.SchemaOK(t.Context()))
	may, err := product.MayChangeLedgers(t.Context())
	require.NoError(t, err)
	require.False(t, may)
	for _, database := range []string{"temporal", "temporal_visibility"} {
		conn, err := pgx.Connect(t.Context(), as("temporal", database))
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), "CREATE EXTENSION btree_gin; CREATE TABLE t (id int)")
		require.NoError(t, err)
		require.NoError(t, conn.Close(t.Context()))
		_, err = pgx.Connect(t.Context(), as("pmo", database))
		require.Error(t, err, "pmo can read %s", database)
		_, err = pgx.Connect(t.Context(), as("pmo_app", database))
		require.Error(t, err, "pmo_app can read %s", database)
	}
	_, err = pgx.Connect(t.Context(), as("temporal", "pmo"))
	require.Error(t, err, "temporal can read pmo")
}
