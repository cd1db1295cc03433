package bench

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
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/localstack"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

const portfolio = "digital"

// roomy lifts the limits of the policy an office starts with: a measurement must not wait for a slot.
var roomy = strings.NewReplacer("wip_limit: 12", "wip_limit: 100000")

// straight is the shortest way of ordinary work: the approach needs no answer, and the plan only the requester's.
var straight = strings.NewReplacer("auto_accept_lanes: [express]", "auto_accept_lanes: [express, standard]",
	"ask: [requester, leads]\n    quorum: {mode: all, reject: any}\n    due: 5wd", "ask: [requester]\n    quorum: {mode: all, reject: any}\n    due: 5wd")

// world is Postgres, Temporal, one server and one worker, each a process of its own, and the yardsticks' worker in this one.
type world struct {
	t       *testing.T
	stack   *testkit.Stack
	program string
	env     []string // what server and worker share, but for database and policy
	dir     string

	server, worker *testkit.Part
	url            string // where the server listens
	people         *people

	store  *store.Store
	pool   *pgxpool.Pool
	engine *engine.Engine
	client client.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, program: testkit.Program(t, "pmo"), stack: testkit.StartStack(t, testkit.StackOptions{}), dir: testkit.Dir(t)}
	w.write("directory.yaml", directory.Local())
	asked := roomy.Replace(string(policy.Default().Source()))
	require.NotEqual(t, asked, straight.Replace(asked), "the policy an office starts with has changed its words")
	w.write("asked.yaml", []byte(asked))
	w.write("straight.yaml", []byte(straight.Replace(asked)))
	w.env = []string{"TEMPORAL_ADDRESS=" + w.stack.TemporalAddress, "TEMPORAL_NAMESPACE=" + w.stack.Namespace, "PMO_LOG_LEVEL=warn",
		"PMO_DIRECTORY_FILE=" + filepath.Join(w.dir, "directory.yaml")}
	for _, step := range []string{"migrate", "bootstrap"} {
		part := w.start(step, w.direct(), "straight")
		require.NoError(t, part.Await(), part.Output())
	}
	w.connect()
	w.teams()
	w.startYardsticks()
	w.startProduct(w.direct(), w.direct(), "straight")
	return w
}

func (w *world) write(name string, data []byte) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.Join(w.dir, name), data, 0o600))
}

func (w *world) start(part, dsn, rules string, env ...string) *testkit.Part {
	w.t.Helper()
	env = append(env, "PMO_DATABASE_URL="+dsn, "PMO_POLICY_FILE="+filepath.Join(w.dir, rules+".yaml"))
	config := testkit.PartConfig{Name: "pmo " + part, Path: w.program, Args: []string{part}, Env: append(env, w.env...)}
	if part == "server" {
		config.Ready = testkit.HTTPReady(w.url + "/readyz")
	}
	return testkit.StartPart(w.t, config)
}

// startProduct starts server and worker, each with its own way to the database. Those that run already are stopped.
func (w *world) startProduct(serverDSN, workerDSN, rules string) {
	w.t.Helper()
	if w.server != nil {
		w.server.Stop()
		w.worker.Stop()
	}
	addr := localstack.Loopback(testkit.Ports(w.t, 1)[0])
	w.url = "http://" + addr
	w.people = newPeople(w.url)
	w.worker = w.start("worker", workerDSN, rules)
	w.server = w.start("server", serverDSN, rules, "PMO_HTTP_ADDR="+addr)
}

// direct is the pmo database's address.
func (w *world) direct() string { return w.stack.DSN(localstack.DatabasePMO) }

// through is the pmo database's address by way of somebody who counts.
func (w *world) through(addr string) string {
	w.t.Helper()
	parsed, err := url.Parse(w.direct())
	require.NoError(w.t, err)
	parsed.Host = addr
	return parsed.String()
}

// connect opens the bench's own lines; they are not the product's, so what they carry is not counted.
func (w *world) connect() {
	w.t.Helper()
	var err error
	w.store, err = store.Open(context.Background(), w.direct(), store.Options{AppName: "bench"})
	require.NoError(w.t, err)
	w.t.Cleanup(w.store.Close)
	w.pool = testkit.Pool(w.t, w.direct())
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.engine, err = engine.Dial(engine.Options{Address: w.stack.TemporalAddress, Namespace: w.stack.Namespace, Log: quiet})
	require.NoError(w.t, err)
	w.t.Cleanup(w.engine.Close)
	w.client, err = client.Dial(client.Options{HostPort: w.stack.TemporalAddress, Namespace: w.stack.Namespace,
		DataConverter: engine.DataConverter(), Logger: log.NewStructuredLogger(quiet),
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: engine.Compression()}})
	require.NoError(w.t, err)
	w.t.Cleanup(w.client.Close)
}

func (w *world) teams() {
	w.t.Helper()
	for _, name := range []string{"Falcon", "Otter", "Heron"} {
		skill := map[string]string{"Falcon": "web", "Otter": "gis", "Heron": "mobile"}[name]
		team := pmo.Team{ID: strings.ToLower(name), Name: name, Portfolio: portfolio, Leads: []string{"theo"}, Skills: []string{skill}, Capacity: 1_000_000, WIPLimit: 1_000_000}
		_, err := w.store.PutTeam(context.Background(), team, "petra", time.Now())
		require.NoError(w.t, err)
	}
}

// form is an ordinary request, complete and scored. Titles differ as those of people do: likeness is looked for.
func form(n int) pmo.Content {
	verb := []string{"Type", "Send", "Count", "Archive", "Check", "Publish", "Merge", "Translate", "Print", "Forward"}[n%10]
	what := []string{"lists", "permits", "invoices", "maps", "contracts", "timetables", "licences", "complaints", "forms", "deliveries", "minutes"}[n/10%11]
	whose := []string{"harbour", "library", "tax", "parks", "school", "road works", "archive", "housing", "transport"}[n/110%9]
	three, five := 3.0, 5.0
	return pmo.Content{Title: fmt.Sprintf("%s %s of the %s office once, %d", verb, what, whose, n), Kind: "enhancement",
		Problem: fmt.Sprintf("The %s of the %s office are touched twice.", what, whose), Outcome: "They are touched once.",
		Baseline: pmo.Baseline{VolumePerMonth: 4, MinutesEach: 300}, Size: 3, Skills: []string{"web"},
		Inputs: pmo.Inputs{BusinessValue: &five, TimeCriticality: &three, RiskReduction: &three, JobSize: &three}}
}
