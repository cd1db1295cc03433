// Command pmo is the product's binary: the server-side commands (`pmo server`, `pmo worker`, `pmo migrate`, `pmo bootstrap`, …), and
// the client commands for people and scripts (`pmo submit`, `pmo inbox`, `pmo decide`, …), which call the server over HTTP.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"leanpmo/cmd/pmo/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command(os.LookupEnv)
	if err := root.ExecuteContext(ctx); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("interrupted: %w", err)
		}
		fmt.Fprintln(os.Stderr, cli.Complaint(err, os.Stderr, os.LookupEnv))
		stop()
		os.Exit(exitCode(err))
	}
}
