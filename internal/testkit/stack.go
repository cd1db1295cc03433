package testkit

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
)

// StackOptions says what to start. The zero value means Postgres and Temporal as two children.
type StackOptions struct {
	// Whole runs everything, including the product and the Temporal UI, as one child: Stack.Whole.
	Whole bool
	// Args are further flags of pmo-local, such as --policy FILE.
	Args []string
	// Env is added to the environment of every part.
	Env []string
}

// Stack is a local stack on free loopback ports in its own folder. Addresses and data are kept when parts are
// restarted.
type Stack struct {
	Postgres *Part // `pmo-local --only postgres`; nil with Whole
	Temporal *Part // `pmo-local --only temporal`; nil with Whole
	Whole    *Part // `pmo-local`; nil without Whole

	TemporalAddress string // host:port of the frontend
	Namespace       string // name of the product's namespace; created only by Whole
	UI              string // URL, with Whole only
	HTTP            string // URL of the API, with Whole only
	SignIn          string // URL of the provider that signs the local people in, with Whole only
	Dir             string // the data folder
	t               testing.TB
	options         StackOptions
	postgresPort    int
}

// StartStack starts a stack and waits until it is ready. It ends with the test.
func StartStack(t testing.TB, o StackOptions) *Stack {
	t.Helper()
	ports := Ports(t, 5)
	s := &Stack{
		TemporalAddress: localstack.Loopback(ports[0]), Namespace: "pmo", Dir: Dir(t),
		t: t, options: o, postgresPort: ports[1],
	}
	if o.Whole {
		s.UI, s.HTTP = "http://"+localstack.Loopback(ports[2]), "http://"+localstack.Loopback(ports[3])
		s.SignIn = "http://" + localstack.Loopback(ports[4])
		s.Whole = s.start("all")
		return s
	}
	s.Postgres = s.start("postgres")
	s.Temporal = s.start("temporal")
	return s
}

func (s *Stack) start(part string) *Part {
	s.t.Helper()
	ready := filepath.Join(s.Dir, part+".ready")
	args := []string{
		"--only", part, "--data", s.Dir, "--ready-file", ready,
		"--postgres-port", fmt.Sprint(s.postgresPort), "--temporal", s.TemporalAddress, "--namespace", s.Namespace,
	}
	if s.options.Whole {
		args = append(args, "--ui", strings.TrimPrefix(s.UI, "http://"), "--http", strings.TrimPrefix(s.HTTP, "http://"), "--sign-in", strings.TrimPrefix(s.SignIn, "http://"))
	}
	return StartPart(s.t, PartConfig{
		Name: "pmo-local " + part, Path: Program(s.t, "pmo-local"), Args: append(args, s.options.Args...),
		Env: s.options.Env, ReadyFile: ready,
	})
}

// readyFile is the file that pmo-local writes with --ready-file.
type readyFile struct {
	PostgresPID int `json:"postgres_pid"`
}

func readReady(path string) (readyFile, error) {
	var r readyFile
	text, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("read ready file: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("read ready file: %w", err)
	}
	return r, nil
}

// DSN is the DSN of a database of the stack, such as localstack.DatabasePMO.
func (s *Stack) DSN(database string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, "postgres.dsn"))
	require.NoError(s.t, err)
	return strings.Replace(strings.TrimSpace(string(text)), "/"+localstack.DatabasePMO+"?", "/"+database+"?", 1)
}

// PostgresPID is the postmaster's process id, for tests that kill only Postgres.
func (s *Stack) PostgresPID() int {
	s.t.Helper()
	name := "postgres.ready"
	if s.options.Whole {
		name = "all.ready"
	}
	r, err := readReady(filepath.Join(s.Dir, name))
	require.NoError(s.t, err)
	return r.PostgresPID
}

// parts lists the parts in the order in which they start.
func (s *Stack) parts() []*Part {
	if s.Whole != nil {
		return []*Part{s.Whole}
	}
	return []*Part{s.Postgres, s.Temporal}
}

// Stop stops Temporal before Postgres; the test fails unless they end with exit code 0.
func (s *Stack) Stop() {
	s.t.Helper()
	all := s.parts()
	for i := len(all) - 1; i >= 0; i-- {
		all[i].Stop()
	}
}

// Kill ends all parts with SIGKILL.
func (s *Stack) Kill() {
	for _, p := range s.parts() {
		p.Kill()
	}
}

// Start starts all parts again after Stop or Kill.
func (s *Stack) Start() {
	s.t.Helper()
	for _, p := range s.parts() {
		p.Start()
	}
}

// Restart is Stop and Start.
func (s *Stack) Restart() {
	s.t.Helper()
	s.Stop()
	s.Start()
}
