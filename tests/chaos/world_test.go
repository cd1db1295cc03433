// Package chaos runs the product's parts as processes of their own, breaks them under load and shows that nothing that was
// acknowledged is lost, doubled or left half done. Every scenario goes steady → fault → heal → converge and prints its seed.
package chaos

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/localstack"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

// world is the product as an operator runs it: Postgres, Temporal, servers and workers, each a process of its own.
type world struct {
	t       *testing.T
	stack   *testkit.Stack
	network *testkit.Proxy // between the product and the pmo database
	trap    *trap          // between the workers and network; sees transactions
	program string
	env     []string // what servers and workers share, but for the database

	servers, workers []*testkit.Part
	apis             []*drive.API

	// The checker's own lines, which no fault touches.
	store  *store.Store
	pool   *pgxpool.Pool
	engine *engine.Engine
	client client.Client
}

// quick lets runs follow each other and leaves room for all that the load submits.
var quick = strings.NewReplacer("run_at_most_every: 1m", "run_at_most_every: 1s", "wip_limit: 12", "wip_limit: 1000", "wip_limit: 4", "wip_limit: 1000")

func newWorld(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: starts, kills and stops Postgres, the Temporal server, servers and workers")
	}
	w := &world{t: t, program: testkit.Program(t, "pmo"), stack: testkit.StartStack(t, testkit.StackOptions{})}
	direct := w.stack.DSN(localstack.DatabasePMO)
	w.network = testkit.StartProxy(t, host(t, direct))
	w.trap = startTrap(t, w.network.Addr())
	w.env = w.environment()
	w.prepare(direct)
	w.checkerLines(direct)
	w.addWorker()
	w.addServer()
	for _, team := range []struct{ id, name, lead string }{{"falcon", "Falcon", "theo"}, {"otter", "Otter", "lena"}} {
		w.apis[0].Team(team.id, team.name, portfolio, team.lead, 1000, "web")
	}
	return w
}

func host(t *testing.T, dsn string) string {
	t.Helper()
	parsed, err := url.Parse(dsn)
	require.NoError(t, err)
	return parsed.Host
}

// through is the pmo database's address by way of a proxy.
func (w *world) through(addr string) string {
	w.t.Helper()
	parsed, err := url.Parse(w.stack.DSN(localstack.DatabasePMO))
	require.NoError(w.t, err)
	parsed.Host = addr
	return "PMO_DATABASE_URL=" + parsed.String()
}

func (w *world) environment() []string {
	w.t.Helper()
	dir := testkit.Dir(w.t)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(w.t, os.WriteFile(path, data, 0o600))
		return path
	}
	return []string{
		"TEMPORAL_ADDRESS=" + w.stack.TemporalAddress, "TEMPORAL_NAMESPACE=" + w.stack.Namespace,
		"PMO_DIRECTORY_FILE=" + write("directory.yaml", directory.Local()),
		"PMO_POLICY_FILE=" + write("policy.yaml", []byte(quick.Replace(string(policy.Default().Source())))),
		"PMO_LOG_LEVEL=warn",
	}
}

// prepare does what an operator does before the first start.
func (w *world) prepare(dsn string) {
	w.t.Helper()
	for _, step := range []string{"migrate", "bootstrap"} {
		part := testkit.StartPart(w.t, testkit.PartConfig{Name: "pmo " + step, Path: w.program, Args: []string{step},
			Env: append([]string{"PMO_DATABASE_URL=" + dsn}, w.env...)})
		require.NoError(w.t, part.Await(), part.Output())
	}
}

func (w *world) addWorker() {
	w.t.Helper()
	w.workers = append(w.workers, testkit.StartPart(w.t, testkit.PartConfig{Name: fmt.Sprintf("worker %d", len(w.workers)+1), Path: w.program,
		Args: []string{"worker"}, Env: append([]string{w.through(w.trap.Addr())}, w.env...)}))
}

func (w *world) addServer() {
	w.t.Helper()
	addr := localstack.Loopback(testkit.Ports(w.t, 1)[0])
	w.servers = append(w.servers, testkit.StartPart(w.t, testkit.PartConfig{Name: fmt.Sprintf("server %d", len(w.servers)+1), Path: w.program,
		Args: []string{"server"}, Env: append([]string{w.through(w.network.Addr()), "PMO_HTTP_ADDR=" + addr}, w.env...),
		Ready: testkit.HTTPReady("http://" + addr + "/readyz")}))
	w.apis = append(w.apis, drive.New(w.t, "http://"+addr))
}

func (w *world) checkerLines(dsn string) {
	w.t.Helper()
	var err error
	w.store, err = store.Open(context.Background(), dsn, store.Options{AppName: "chaos-checker"})
	require.NoError(w.t, err)
	w.t.Cleanup(w.store.Close)
	w.pool = testkit.Pool(w.t, dsn)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.engine, err = engine.Dial(engine.Options{Address: w.stack.TemporalAddress, Namespace: w.stack.Namespace, Log: quiet})
	require.NoError(w.t, err)
	w.t.Cleanup(w.engine.Close)
	w.client, err = client.NewLazyClient(client.Options{HostPort: w.stack.TemporalAddress, Namespace: w.stack.Namespace,
		DataConverter: engine.DataConverter(), Logger: nil})
	require.NoError(w.t, err)
	w.t.Cleanup(w.client.Close)
}
