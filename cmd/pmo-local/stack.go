package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"leanpmo/cmd/pmo-local/options"
	"leanpmo/internal/localstack"
)

// stack holds the running parts. They are started in order and stopped in the reverse order.
type stack struct {
	options.Options
	out, errOut io.Writer
	begun       time.Time
	stops       []func() error // one for each running part
	failed      chan error     // a part that ended by itself
	cluster     atomic.Pointer[localstack.Cluster]
	dsn         func(database string) string
	directory   string
	policy      string // the one in force, in words
	ready       bool   // the ready file is written
}

func newStack(o options.Options, out, errOut io.Writer) *stack {
	return &stack{Options: o, out: out, errOut: errOut, begun: time.Now(), failed: make(chan error, 8)}
}

// serve starts the requested parts, prints their addresses, adds the demo, says that all is ready, and returns when all have ended: nil
// after ctx, an error when a part could not start or ended by itself.
func (s *stack) serve(ctx context.Context) error {
	err := s.start(ctx)
	if err == nil {
		err = s.printAddresses()
	}
	if err == nil {
		err = s.addDemo(ctx)
	}
	if err == nil && ctx.Err() == nil {
		err = s.printReady()
	}
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-s.failed:
		}
	}
	if ctx.Err() != nil {
		err = nil // an error caused by Ctrl-C during the start is not a failure
	}
	return errors.Join(err, s.stop())
}

func (s *stack) start(ctx context.Context) error {
	// 0711: Postgres may run as another user, who must be able to traverse the folder.
	if err := os.MkdirAll(s.Data, 0o711); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	if err := s.lockData(); err != nil {
		return err
	}
	if err := s.checkPorts(); err != nil {
		return err
	}
	for _, step := range s.steps() {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lockData refuses at once to run a part a second time on the same data. Each part has a lock of its own, because several processes may
// run different parts on one folder.
func (s *stack) lockData() error {
	for _, part := range []options.Part{options.Postgres, options.Temporal, options.UI, options.All} {
		if part == options.All && !s.Product() || part != options.All && !s.Runs(part) {
			continue
		}
		lock, err := localstack.TakeLock(filepath.Join(s.Data, string(part)+".lock"))
		var inUse *localstack.InUseError
		if errors.As(err, &inUse) {
			return fmt.Errorf("already running here, pid %d: it uses %s; stop it first, or choose another folder with --data", inUse.PID, s.Data)
		}
		if err != nil {
			return err
		}
		s.started(func() error { lock.Release(); return nil })
	}
	return nil
}

func (s *stack) steps() []func(context.Context) error {
	var steps []func(context.Context) error
	if s.Product() {
		steps = append(steps, s.limitMemory)
	}
	if s.Runs(options.Postgres) {
		steps = append(steps, s.startPostgres)
	}
	if s.Runs(options.Temporal) {
		steps = append(steps, s.findPostgres, s.startTemporal)
	}
	if s.Runs(options.UI) {
		steps = append(steps, s.startUI)
	}
	if s.Product() {
		steps = append(steps, s.startProduct)
	}
	return steps
}

// checkPorts checks the ports before anything starts: the UI server and Temporal exit the process on a port in use.
func (s *stack) checkPorts() error {
	wanted := []struct {
		needed        bool
		flag, address string
	}{
		{s.Runs(options.Postgres), "postgres-port", localstack.Loopback(s.PostgresPort)},
		{s.Runs(options.Temporal), "temporal", s.Temporal},
		{s.Runs(options.UI), "ui", s.UI},
		{s.Product(), "http", s.HTTP},
		{s.SignsIn(), "sign-in", s.SignIn},
	}
	for _, w := range wanted {
		if !w.needed {
			continue
		}
		err := localstack.CheckAddress(w.address)
		if w.flag == "postgres-port" && errors.Is(err, localstack.ErrPortInUse) {
			continue // it may be an orphan of ours; StartCluster finds out
		}
		if err != nil {
			return fmt.Errorf("%w; choose another with --%s", err, w.flag)
		}
	}
	return nil
}

// started registers how to stop a part.
func (s *stack) started(stop func() error) { s.stops = append(s.stops, stop) }

// stop stops all parts, the last started first, even when one of them fails to stop.
func (s *stack) stop() error {
	var errs []error
	for _, stop := range slices.Backward(s.stops) {
		errs = append(errs, stop())
	}
	if s.ready {
		_ = os.Remove(s.ReadyFile) // who never became ready leaves the file to who runs
	}
	return errors.Join(errs...)
}

// abandon stops Postgres at once. It is the only part in a separate process; the others end with this one.
func (s *stack) abandon() {
	if cluster := s.cluster.Load(); cluster != nil {
		cluster.Abandon()
	}
}
