package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"leanpmo/cmd/pmo-local/options"
	"leanpmo/internal/localstack"
)

// stack is what runs now. Parts are started in order and stopped in the reverse order.
type stack struct {
	options.Options
	out, errOut io.Writer
	begun       time.Time
	running     []func() error // what stops each part
	failed      chan error     // a part that ended by itself
	cluster     atomic.Pointer[localstack.Cluster]
	dsn         func(database string) string
	directory   string
}

func newStack(o options.Options, out, errOut io.Writer) *stack {
	return &stack{Options: o, out: out, errOut: errOut, begun: time.Now(), failed: make(chan error, 8)}
}

// run starts all parts that are asked for, says when they answer, and returns once all have ended again: nil
// after ctx, an error when one could not start or ended by itself.
func (s *stack) run(ctx context.Context) error {
	err := s.start(ctx)
	if err == nil {
		err = s.announce()
	}
	if err == nil {
		ended := s.startDemo(ctx)
		defer ended()
		select {
		case <-ctx.Done():
		case err = <-s.failed:
		}
	}
	if ctx.Err() != nil {
		err = nil // Ctrl-C while starting interrupts something, and that is no failure
	}
	return errors.Join(err, s.stop())
}

func (s *stack) start(ctx context.Context) error {
	// 0711: Postgres may run as another user and must be able to pass through.
	if err := os.MkdirAll(s.Data, 0o711); err != nil {
		return fmt.Errorf("make data folder: %w", err)
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

func (s *stack) steps() []func(context.Context) error {
	var steps []func(context.Context) error
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

// checkPorts asks before anything starts: the UI server and Temporal end the whole process on a busy port.
func (s *stack) checkPorts() error {
	wanted := []struct {
		needed        bool
		flag, address string
	}{
		{s.Runs(options.Postgres), "postgres-port", localstack.Loopback(s.PostgresPort)},
		{s.Runs(options.Temporal), "temporal", s.Temporal},
		{s.Runs(options.UI), "ui", s.UI},
		{s.Product(), "http", s.HTTP},
	}
	for _, w := range wanted {
		if !w.needed {
			continue
		}
		err := localstack.CheckAddress(w.address)
		if w.flag == "postgres-port" && errors.Is(err, localstack.ErrPortInUse) {
			continue // it may be our own, left by a killed run: the cluster's start finds out
		}
		if err != nil {
			return fmt.Errorf("%w; choose another with --%s", err, w.flag)
		}
	}
	return nil
}

func (s *stack) started(stop func() error) { s.running = append(s.running, stop) }

// stop ends all parts, last started first, even when one of them fails to end well.
func (s *stack) stop() error {
	var errs []error
	for len(s.running) > 0 {
		last := s.running[len(s.running)-1]
		s.running = s.running[:len(s.running)-1]
		if err := last(); err != nil {
			errs = append(errs, err)
		}
	}
	if s.ReadyFile != "" {
		_ = os.Remove(s.ReadyFile) // absent when we never became ready
	}
	return errors.Join(errs...)
}

// abandon ends the one part that is a process of its own; all others end with us.
func (s *stack) abandon() {
	if cluster := s.cluster.Load(); cluster != nil {
		cluster.Abandon()
	}
}
