// Command pmo is the product: `pmo server`, `pmo worker`, `pmo migrate`, `pmo bootstrap`.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command(os.LookupEnv)
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "pmo:", err)
		stop()
		os.Exit(exitCode(err))
	}
}
