// Package harness is the environment of the tests on real servers: Postgres and Temporal as child processes, and the product in one of
// three modes, with connections of the test's own. A package of tests adds only what no other one needs.
package harness

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"leanpmo/activities"
	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/localstack"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

// Portfolio is the one portfolio of the default policy.
const Portfolio = "digital"

// Mode says where the product runs.
type Mode int

// The modes.
const (
	// InProcess runs a worker in the test's process and no HTTP API: tests call the engine.
	InProcess Mode = iota
	// Processes runs servers and workers as child processes, as an installation does; see AddServer and AddWorker.
	Processes
	// Local runs everything as one child process, as `make run` does.
	Local
)

// Options say what to start. The zero value is an in-process worker with the fast policy and two teams.
type Options struct {
	Mode Mode
	// Policy changes the default policy; nil means Fast.
	Policy func(*policy.Document)
	// AsShipped starts the local stack with the policy and the teams that a new installation has.
	AsShipped bool
	// Args are further flags of pmo-local in mode Local.
	Args []string
	// Teams are there from the beginning; nil means Falcon and Otter.
	Teams []pmo.Team
	// Proxy puts a network proxy between the product and the pmo database.
	Proxy bool
}

// Environment is what runs, and the connections to it.
type Environment struct {
	T       *testing.T // fails when something goes wrong; see In
	Stack   *testkit.Stack
	Program string         // the pmo binary
	Env     []string       // settings that servers, workers and commands share
	Network *testkit.Proxy // nil without Options.Proxy
	Servers []*Server
	Workers []*testkit.Part
	API     *drive.API // mode Local

	Policy *policy.Policy
	People *directory.Directory
	Engine *engine.Engine
	Client client.Client // to read histories
	Pool   *pgxpool.Pool // of the owner of the tables; it never goes through the proxy
	// Store is the product's own in mode InProcess, so it goes through the proxy; in the other modes it is the test's.
	Store *store.Store

	// Activities are what an in-process worker runs with; change them before StartWorker.
	Activities activities.Deps
	// Worker is the in-process worker that StartWorker started last.
	Worker worker.Worker

	dir     string
	product string // the address of the pmo database for the product's role, which servers, workers, commands and Store use
}

// Start starts an environment. All of it ends with the test. With -short the test is skipped.
func Start(t *testing.T, o Options) *Environment {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: starts Postgres, the Temporal server and the product")
	}
	e := &Environment{T: t, Program: testkit.Program(t, "pmo"), dir: testkit.Dir(t)}
	var err error
	e.People, err = directory.Parse(directory.Local())
	require.NoError(t, err)
	document := Policy(o.change())
	e.Policy, err = policy.Parse(document)
	require.NoError(t, err)
	rules := e.write("policy.json", document)
	if o.Mode == Local {
		if args := o.Args; !o.AsShipped {
			o.Args = append([]string{"--policy", rules}, args...)
		}
		e.Stack = testkit.StartStack(t, testkit.StackOptions{Whole: true, Args: o.Args})
		e.API = drive.New(t, e.Stack.HTTP)
	} else {
		e.Stack = testkit.StartStack(t, testkit.StackOptions{})
	}
	e.product, err = localstack.EnsureProductRole(context.Background(), e.Stack.DSN(localstack.DatabasePMO))
	require.NoError(t, err)
	if o.Proxy {
		e.Network = testkit.StartProxy(t, e.DatabaseHost())
	}
	e.Env = []string{"TEMPORAL_ADDRESS=" + e.Stack.TemporalAddress, "TEMPORAL_NAMESPACE=" + e.Stack.Namespace, "PMO_LOG_LEVEL=warn",
		"PMO_POLICY_FILE=" + rules, "PMO_DIRECTORY_FILE=" + e.write("directory.yaml", directory.Local()), e.Database(e.DatabaseHost())}
	e.connect(o)
	e.prepare(o)
	return e
}

func (o Options) change() func(*policy.Document) {
	if o.Policy == nil {
		return Fast
	}
	return o.Policy
}

// connect prepares the test's connections. None of them needs what prepare makes.
func (e *Environment) connect(o Options) {
	e.T.Helper()
	ctx, dsn := context.Background(), e.product
	e.Pool = testkit.Pool(e.T, e.Stack.DSN(localstack.DatabasePMO))
	if o.Mode == InProcess && o.Proxy {
		dsn = e.through(dsn, e.Network.Addr())
	}
	var err error
	e.Store, err = store.Open(ctx, dsn, store.Options{AppName: "harness"})
	require.NoError(e.T, err)
	e.T.Cleanup(e.Store.Close)
	e.Engine, err = engine.Dial(engine.Options{Address: e.Stack.TemporalAddress, Namespace: e.Stack.Namespace, Log: NoLog()})
	require.NoError(e.T, err)
	e.T.Cleanup(e.Engine.Close)
	e.Client, err = client.NewLazyClient(client.Options{HostPort: e.Stack.TemporalAddress, Namespace: e.Stack.Namespace,
		DataConverter: engine.DataConverter(), Logger: tlog.NewStructuredLogger(NoLog()),
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: engine.Compression()}})
	require.NoError(e.T, err)
	e.T.Cleanup(e.Client.Close)
	e.Activities = activities.Deps{Store: e.Store, Policy: policy.Holding(e.Policy), Directory: e.People, PrioritizeSoon: e.Engine.PrioritizeSoon, NoteRun: e.Engine.NoteRun, SignalWorkItem: e.Engine.SignalWorkItem, Log: NoLog()}
}

// prepare migrates the database and bootstraps the namespace as an operator does before the first start, and creates the teams.
func (e *Environment) prepare(o Options) {
	e.T.Helper()
	switch o.Mode {
	case Processes:
		e.Migrate()
		e.Run("bootstrap")
	case InProcess:
		ctx := context.Background()
		owner := e.Stack.DSN(localstack.DatabasePMO)
		require.NoError(e.T, store.Migrate(ctx, owner))
		require.NoError(e.T, store.GrantProduct(ctx, owner, localstack.RoleProduct))
		require.NoError(e.T, e.Engine.Bootstrap(ctx, 24*time.Hour, []engine.Portfolio{{ID: Portfolio, Every: time.Hour}}))
	}
	if !o.AsShipped {
		e.createTeams(o.Teams)
	}
}

// createTeams creates teams or replaces those of the local stack. They have room enough that no request waits for a team.
func (e *Environment) createTeams(teams []pmo.Team) {
	e.T.Helper()
	if teams == nil {
		teams = []pmo.Team{
			{ID: "falcon", Name: "Falcon", Leads: []string{"theo"}, Skills: []string{"web"}, Capacity: 10000},
			{ID: "otter", Name: "Otter", Leads: []string{"lena"}, Skills: []string{"web", "gis"}, Capacity: 1000},
		}
	}
	ctx := context.Background()
	existing, err := e.Store.Teams(ctx)
	require.NoError(e.T, err)
	for _, team := range teams {
		team.Portfolio = Portfolio
		for _, old := range existing {
			if old.ID == team.ID {
				team.Revision = old.Revision
			}
		}
		_, err := e.Store.PutTeam(ctx, team, "petra", time.Now())
		require.NoError(e.T, err)
	}
}

// In is the same environment for a subtest, which fails by itself. Parts that are added to it end with the subtest.
func (e *Environment) In(t *testing.T) *Environment {
	t.Helper()
	in := *e
	in.T, in.Servers = t, nil
	for _, s := range e.Servers {
		server := *s
		server.API = s.API.In(t)
		in.Servers = append(in.Servers, &server)
	}
	in.Workers = append([]*testkit.Part(nil), e.Workers...)
	if e.API != nil {
		in.API = e.API.In(t)
	}
	return &in
}

func (e *Environment) write(name string, data []byte) string {
	e.T.Helper()
	path := filepath.Join(e.dir, name)
	require.NoError(e.T, os.WriteFile(path, data, 0o600))
	return path
}

// DatabaseHost is where the pmo database listens, for a proxy in front of it.
func (e *Environment) DatabaseHost() string {
	e.T.Helper()
	parsed, err := url.Parse(e.Stack.DSN(localstack.DatabasePMO))
	require.NoError(e.T, err)
	return parsed.Host
}

// through is an address of the pmo database by way of a proxy.
func (e *Environment) through(dsn, proxy string) string {
	e.T.Helper()
	parsed, err := url.Parse(dsn)
	require.NoError(e.T, err)
	parsed.Host = proxy
	return parsed.String()
}

// NoLog is a log that nobody reads.
func NoLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
