package testkit

import (
	"bytes"
	"context"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
)

// PartConfig describes a program that a test runs as a child.
type PartConfig struct {
	Name string
	Path string   // see Program
	Args []string // never a secret
	Env  []string // added to the environment of the test
	Dir  string
	// ReadyFile is a file that the program writes when it is ready; one of an earlier run is removed first.
	ReadyFile string
	// Ready is called until it returns nil, after ReadyFile exists; see HTTPReady. With neither the part is ready at
	// once.
	Ready func(context.Context) error
}

// Part is a child process with its own process group. It ends with the test, also when the test process is killed.
// Its last output is logged when the test fails.
type Part struct {
	config  PartConfig
	t       testing.TB
	mu      sync.Mutex
	process *localstack.Process
	output  buffer
}

const (
	partStart = 2 * time.Minute
	partGrace = 45 * time.Second
)

// StartPart starts a program and waits until it is ready; otherwise the test fails.
func StartPart(t testing.TB, config PartConfig) *Part {
	t.Helper()
	p := &Part{config: config, t: t}
	t.Cleanup(p.cleanup)
	p.Start()
	return p
}

// Start starts a part again after Stop or Kill, with the same configuration.
func (p *Part) Start() {
	p.t.Helper()
	require.NoError(p.t, p.TryStart())
}

// TryStart is Start with an error, for tests that expect the start to fail.
func (p *Part) TryStart() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.config.removeReadyFile(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), partStart)
	defer cancel()
	process, err := localstack.Start(ctx, localstack.Command{
		Name: p.config.Name, Path: p.config.Path, Args: p.config.Args, Dir: p.config.Dir,
		Env: append(os.Environ(), p.config.Env...), Log: &p.output, Ready: p.config.isReady,
	})
	if err != nil {
		return err
	}
	p.process = process
	return nil
}

// Kill ends the part with SIGKILL, like a crash. It does nothing if the part does not run.
func (p *Part) Kill() {
	if process := p.take(); process != nil {
		process.Kill()
	}
}

// Stop sends SIGTERM and fails the test unless the part ends with exit code 0.
func (p *Part) Stop() {
	p.t.Helper()
	if process := p.take(); process != nil {
		require.NoError(p.t, process.Stop(partGrace))
	}
}

// Restart is Stop and Start.
func (p *Part) Restart() {
	p.t.Helper()
	p.Stop()
	p.Start()
}

// Signal sends a signal to the part. It does nothing if the part does not run.
func (p *Part) Signal(s syscall.Signal) {
	if process := p.running(); process != nil {
		process.Signal(s)
	}
}

// Await waits until the part ends by itself and returns its exit error: nil for exit code 0.
func (p *Part) Await() error {
	p.t.Helper()
	process := p.running()
	require.NotNil(p.t, process, "%s does not run", p.config.Name)
	select {
	case <-process.Done():
	case <-time.After(Patience):
		require.FailNow(p.t, p.config.Name+" does not end", p.Output())
	}
	p.take()
	return process.Err()
}

// PID is the part's process id; zero when it does not run.
func (p *Part) PID() int {
	if process := p.running(); process != nil {
		return process.PID()
	}
	return 0
}

// Output is the part's output since the test began.
func (p *Part) Output() string { return p.output.String() }

func (p *Part) running() *localstack.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.process
}

func (p *Part) take() *localstack.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	process := p.process
	p.process = nil
	return process
}

// cleanup stops the part. Its exit error fails the test only if the test has not failed before.
func (p *Part) cleanup() {
	var err error
	if process := p.take(); process != nil {
		if err = process.Stop(partGrace); p.t.Failed() {
			err = nil
		}
	}
	if p.t.Failed() || err != nil {
		p.t.Logf("%s wrote last:\n%s", p.config.Name, p.output.last(4<<10))
	}
	if err != nil {
		p.t.Errorf("end %s: %v", p.config.Name, err)
	}
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *buffer) last(n int) string {
	text := b.String()
	return text[max(0, len(text)-n):]
}
