package localstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Command describes a child process.
type Command struct {
	Name        string         // for messages and line prefixes
	Path        string         // the program
	Args        []string       // without the program; never a secret, because other users can read them
	Env         []string       // the whole environment; nil means that of this process
	Dir         string         // working folder
	Account     Account        // user to run as
	Log         io.Writer      // for the output; an *os.File is passed to the child itself; nil stores only the tail
	DeathSignal syscall.Signal // sent when this process ends, even by SIGKILL (Linux only); zero means SIGKILL
	// Ready is called repeatedly until it returns nil; a nil Ready means ready at once.
	Ready func(context.Context) error
}

// Process is a child with its own process group, so that a terminal's Ctrl-C reaches only this process.
// Its methods may be called from several goroutines.
type Process struct {
	name string
	pid  int
	done chan struct{}
	err  error // valid once done is closed
	tail *tail
}

const (
	pollInterval = 20 * time.Millisecond
	// pipeTimeout bounds the wait for the children of an ended child to close its output.
	pipeTimeout = 2 * time.Second
)

// Start starts a child and waits until it is ready. If the child or ctx ends before that, no process is left and
// the error contains the end of its output.
func Start(ctx context.Context, c Command) (*Process, error) {
	p := &Process{name: c.Name, done: make(chan struct{}), tail: &tail{}}
	started := make(chan error, 1)
	go p.run(c, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	if c.Ready == nil {
		return p, nil
	}
	if err := p.awaitReady(ctx, c.Ready); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// run locks its OS thread while the child runs: Linux sends the death signal when the *thread* that forked ends,
// and the Go runtime may end idle threads at any time.
func (p *Process) run(c Command, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := c.build(p.tail)
	if err := cmd.Start(); err != nil {
		started <- err
		close(p.done)
		return
	}
	p.pid = cmd.Process.Pid
	started <- nil
	p.err = cmd.Wait()
	if errors.Is(p.err, exec.ErrWaitDelay) {
		p.err = nil
	}
	close(p.done)
}

func (c Command) build(t *tail) *exec.Cmd {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = c.Env, c.Dir, pipeTimeout
	out := output(c.Log, t)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.Account.credential()}
	setParentDeathSignal(cmd.SysProcAttr, c.DeathSignal)
	return cmd
}

func (p *Process) awaitReady(ctx context.Context, ready func(context.Context) error) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it was ready (%w): %s", p.name, p.exit(), p.Tail())
		case <-ctx.Done():
			return fmt.Errorf("wait for %s to be ready: %w (last: %w): %s", p.name, ctx.Err(), err, p.Tail())
		case <-tick.C:
		}
	}
}

var errExitZero = errors.New("exit status 0")

func (p *Process) exit() error {
	if p.err == nil {
		return errExitZero
	}
	return p.err
}

// PID is the child's process id.
func (p *Process) PID() int { return p.pid }

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err is the child's exit error: nil for exit code 0 and while it runs.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Tail is the end of the child's output; empty when the output goes to a file.
func (p *Process) Tail() string { return p.tail.String() }

// Signal sends a signal to the child alone. It does nothing when the child has ended.
func (p *Process) Signal(s syscall.Signal) { p.send(p.pid, s) }

// Stop sends SIGTERM and, after grace, SIGKILL. It returns when the child has ended; the error is nil when the
// child ended with exit code 0.
func (p *Process) Stop(grace time.Duration) error {
	p.Signal(syscall.SIGTERM)
	return p.awaitExit(grace)
}

func (p *Process) awaitExit(grace time.Duration) error {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.Kill()
		return fmt.Errorf("stop %s: still running after %s, killed", p.name, grace)
	}
	if p.err != nil {
		return fmt.Errorf("stop %s: %w: %s", p.name, p.err, p.Tail())
	}
	return nil
}

// Kill ends the child and its process group with SIGKILL and returns when the child has ended.
func (p *Process) Kill() {
	p.send(-p.pid, syscall.SIGKILL)
	<-p.done
}

// send first checks that the child has not been reaped: its pid may then belong to another process.
func (p *Process) send(pid int, s syscall.Signal) {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(pid, s) // fails only when the child has just ended; Done reports that
	}
}
