// Command pmo-local runs everything on this machine: Postgres, the Temporal server with its UI, and the product's
// API and worker; --only runs a part alone. It is the only program that links the Temporal server.
//
// It exits with 0 after Ctrl-C or SIGTERM, when all parts have ended in order; with 1 and one sentence on stderr
// when something cannot start or ends by itself; with 2 for wrong flags; with 130 after a second Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo-local/options"
)

// errUsage marks what was wrong about the flags themselves.
var errUsage = errors.New("usage")

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
		return s.run(ctx)
	}
	return cmd
}
