package harness

import (
	"fmt"
	"net"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

// Server is an HTTP server of the product as a child process.
type Server struct {
	*testkit.Part
	API *drive.API
	Env []string // its settings
}

// AddServer starts a server on a port of its own and waits until it is ready. Settings given here win over the shared ones.
func (e *Environment) AddServer(env ...string) *Server {
	e.T.Helper()
	addr := localstack.Loopback(testkit.Ports(e.T, 1)[0])
	s := &Server{API: drive.New(e.T, "http://"+addr), Env: append(e.settings(env), "PMO_HTTP_ADDR="+addr)}
	s.Part = testkit.StartPart(e.T, testkit.PartConfig{Name: fmt.Sprintf("server %d", len(e.Servers)+1), Path: e.Program, Args: []string{"server"},
		Env: s.Env, Ready: testkit.HTTPReady(s.API.URL + "/readyz")})
	e.Servers = append(e.Servers, s)
	return s
}

// AddWorker starts a worker as a child process. Settings given here win over the shared ones.
func (e *Environment) AddWorker(env ...string) *testkit.Part {
	e.T.Helper()
	w := testkit.StartPart(e.T, testkit.PartConfig{Name: fmt.Sprintf("worker %d", len(e.Workers)+1), Path: e.Program, Args: []string{"worker"},
		Env: e.settings(env)})
	e.Workers = append(e.Workers, w)
	return w
}

// StopProcesses stops all servers and workers and removes them from the environment.
func (e *Environment) StopProcesses() {
	e.T.Helper()
	for _, s := range e.Servers {
		s.Stop()
	}
	for _, w := range e.Workers {
		w.Stop()
	}
	e.Servers, e.Workers = nil, nil
}

// Run runs a command of the operator, past the proxy, requires that it succeeds, and returns what it printed.
func (e *Environment) Run(args ...string) string {
	e.T.Helper()
	part := e.command(e.Env, args)
	require.NoError(e.T, part.Await(), part.Output())
	return part.Output()
}

// Migrate runs the migrations as the owner of the tables.
func (e *Environment) Migrate() {
	e.T.Helper()
	owner := e.write("owner.url", []byte(e.Stack.DSN(localstack.DatabasePMO)))
	part := e.command(append(append([]string(nil), e.Env...), "PMO_DATABASE_URL_FILE="+owner, "PMO_DATABASE_ROLE="+localstack.RoleProduct), []string{"migrate"})
	require.NoError(e.T, part.Await(), part.Output())
}

// Try runs a command with settings of its own and returns how it ended.
func (e *Environment) Try(env []string, args ...string) error {
	e.T.Helper()
	return e.command(env, args).Await()
}

func (e *Environment) command(env, args []string) *testkit.Part {
	e.T.Helper()
	return testkit.StartPart(e.T, testkit.PartConfig{Name: "pmo " + args[0], Path: e.Program, Args: args, Env: env})
}

// settings are the shared ones, the way through the proxy if there is one, and those of one process. The last of a name counts.
func (e *Environment) settings(own []string) []string {
	all := append([]string(nil), e.Env...)
	if e.Network != nil {
		all = append(all, e.Database(e.Network.Addr()))
	}
	return append(all, own...)
}

// Database is the setting for the pmo database behind a proxy at addr. It names a file, as an operator hands over a secret.
func (e *Environment) Database(addr string) string {
	e.T.Helper()
	_, port, err := net.SplitHostPort(addr)
	require.NoError(e.T, err)
	return "PMO_DATABASE_URL_FILE=" + e.write("database-"+port+".url", []byte(e.through(e.product, addr)))
}

// UsePolicy makes the default policy with changes the one that processes started from now on take into force, with a higher version.
func (e *Environment) UsePolicy(changes ...func(*policy.Document)) {
	e.T.Helper()
	version := e.Policy.Version() + 1
	document := Policy(append(changes, func(d *policy.Document) { d.Version = version })...)
	var err error
	e.Policy, err = policy.Parse(document)
	require.NoError(e.T, err)
	e.Env = append(e.Env, "PMO_POLICY_FILE="+e.write(fmt.Sprintf("policy-%d.json", version), document))
}
