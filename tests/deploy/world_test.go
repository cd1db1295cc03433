package deploy

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/localstack"
	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

const portfolio = "digital"

// world is the product as docker-compose.yml runs it, with two servers: every part a process of its own.
type world struct {
	t                *testing.T
	program          string
	env              []string
	servers, workers []*testkit.Part
	addrs            []string
	apis             []*drive.API
}

// quick lets runs follow each other and leaves room for all that the test submits.
var quick = strings.NewReplacer("run_at_most_every: 1m", "run_at_most_every: 1s", "wip_limit: 12", "wip_limit: 500", "wip_limit: 4", "wip_limit: 500")

func newWorld(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: starts Postgres, Temporal, two servers and two workers")
	}
	stack := testkit.StartStack(t, testkit.StackOptions{})
	w := &world{t: t, program: testkit.Program(t, "pmo"), env: environment(t, stack)}
	for _, step := range []string{"migrate", "bootstrap", "migrate", "bootstrap"} {
		w.once(step)
	}
	for i := range 2 {
		w.addServer(i)
	}
	w.addWorker(0)
	w.addWorker(1, "PMO_WORKFLOW_CACHE=2") // it forgets at once, so whatever it does begins by replaying the history
	w.apis[0].Team("falcon", "Falcon", portfolio, "theo", 1000, "web")
	w.apis[1].Team("otter", "Otter", portfolio, "lena", 900, "web")
	return w
}

func environment(t *testing.T, stack *testkit.Stack) []string {
	t.Helper()
	dir := testkit.Dir(t)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	return []string{
		"TEMPORAL_ADDRESS=" + stack.TemporalAddress, "TEMPORAL_NAMESPACE=" + stack.Namespace, "PMO_LOG_LEVEL=warn",
		"PMO_DATABASE_URL_FILE=" + write("database_url", []byte(stack.DSN(localstack.DatabasePMO))),
		"PMO_DIRECTORY_FILE=" + write("directory.yaml", directory.Local()),
		"PMO_POLICY_FILE=" + write("policy.yaml", []byte(quick.Replace(string(policy.Default().Source())))),
	}
}

// once runs a step that ends, and wants it to succeed.
func (w *world) once(args ...string) {
	w.t.Helper()
	require.NoError(w.t, w.try(w.env, args...))
}

func (w *world) try(env []string, args ...string) error {
	w.t.Helper()
	return testkit.StartPart(w.t, testkit.PartConfig{Name: "pmo " + args[0], Path: w.program, Args: args, Env: env}).Await()
}

func (w *world) addWorker(i int, env ...string) {
	w.t.Helper()
	w.workers = append(w.workers, testkit.StartPart(w.t, testkit.PartConfig{Name: "worker " + strconv.Itoa(i), Path: w.program,
		Args: []string{"worker"}, Env: append(env, w.env...)}))
}

func (w *world) addServer(i int) {
	w.t.Helper()
	addr := localstack.Loopback(testkit.Ports(w.t, 1)[0])
	w.servers = append(w.servers, testkit.StartPart(w.t, testkit.PartConfig{Name: "server " + strconv.Itoa(i), Path: w.program,
		Args: []string{"server"}, Env: w.serverEnv(addr), Ready: testkit.HTTPReady("http://" + addr + "/readyz")}))
	w.addrs = append(w.addrs, addr)
	w.apis = append(w.apis, drive.New(w.t, "http://"+addr))
}

func (w *world) serverEnv(addr string) []string {
	return append([]string{"PMO_HTTP_ADDR=" + addr}, w.env...)
}

// in is the same world for a part of the test, which fails by itself.
func (w *world) in(t *testing.T) *world {
	t.Helper()
	part := *w
	part.t, part.apis = t, nil
	for _, api := range w.apis {
		part.apis = append(part.apis, drive.New(t, api.URL))
	}
	return &part
}

// through is the same request seen by another server.
func (w *world) through(server int, r *drive.Request) *drive.Request {
	return w.apis[server].Known(r.ID)
}

func form(title string) map[string]any {
	return map[string]any{
		"title": title, "kind": "enhancement", "problem": "Lists are typed twice", "outcome": "Lists are typed once",
		"baseline": map[string]any{"volume_per_month": 4, "minutes_each": 300}, "size": 3, "skills": []string{"web"},
		"inputs": map[string]any{"business_value": 8, "time_criticality": 3, "risk_reduction": 2, "job_size": 3},
	}
}
