// Command pmo-local runs everything on this machine: Postgres, the Temporal server with its UI, and the product's
// API and worker; --only runs some parts alone. It is the only program that links the Temporal server.
//
// It exits with 0 when all parts have ended in order after Ctrl-C or SIGTERM; with 1 and one sentence on stderr
// when a part cannot start or ends unexpectedly; with 2 for wrong flags; with 130 after a second Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo-local/options"
)

// errUsage marks errors in flags or environment.
var errUsage = errors.New("usage")

// usageError has the text of its cause; errors.Is reports that it is errUsage.
type usageError struct{ cause error }

func (e *usageError) Error() string        { return e.cause.Error() }
func (e *usageError) Unwrap() error        { return e.cause }
func (e *usageError) Is(target error) bool { return target == errUsage }

func main() {
	err := command().Execute()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "pmo-local:", err)
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

func command() *cobra.Command {
	var o options.Options
	cmd := &cobra.Command{
		Use:           "pmo-local",
		Short:         "Run the whole Lean PMO on this machine",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	o.Bind(cmd.Flags())
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := o.Complete(cmd.Flags()); err != nil {
			return &usageError{err}
		}
		s := newStack(o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		ctx, stop := untilSignal(context.Background(), s)
		defer stop()
		return s.serve(ctx)
	}
	return cmd
}

// exitForced is the exit code that a shell reports for a program ended by Ctrl-C.
const exitForced = 130

// untilSignal returns a context that ends at the first Ctrl-C, SIGTERM or SIGHUP. The second signal exits at once, with
// an immediate shutdown of Postgres, from which the next start recovers.
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
