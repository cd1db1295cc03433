package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// usageError reads like its cause and is errUsage.
type usageError struct{ cause error }

func (e *usageError) Error() string        { return e.cause.Error() }
func (e *usageError) Unwrap() error        { return e.cause }
func (e *usageError) Is(target error) bool { return target == errUsage }

// exitForced is what a shell reports for a program that Ctrl-C ended.
const exitForced = 130

// untilSignal is done at the first Ctrl-C, SIGTERM or closed terminal. The second ends us at once, Postgres by an
// immediate shutdown from which it recovers.
func untilSignal(parent context.Context, s *stack) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		fmt.Fprintln(s.errOut, "stopping; once more to force")
		cancel()
		<-signals
		s.abandon()
		os.Exit(exitForced)
	}()
	return ctx, cancel
}
