package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	tlog "go.temporal.io/sdk/log"

	"leanpmo/internal/app"
	"leanpmo/internal/contract"
)

const (
	pollWithin   = 90 * time.Second // a poll lasts at most a minute
	checkTimeout = 4 * time.Second
)

// healthcheck checks the server or the worker of this machine or container. The image has no shell to check with.
func healthcheck(lookup func(string) (string, bool)) *cobra.Command {
	var worker bool
	cmd := &cobra.Command{
		Use: "healthcheck", Short: "Check the server or the worker of this container; exit code 0 or 1", Args: noArguments,
		Long: `Check that the server at PMO_HTTP_ADDR is ready (/readyz) or, with --worker, that Temporal lists a worker of this host as a poller.
The exit code is 0 or 1. It is meant for the health check of a container, with the same environment.`,
		Example: "  pmo healthcheck\n  pmo healthcheck --worker",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), checkTimeout)
			defer cancel()
			if worker {
				return workerPolls(ctx)
			}
			c, err := app.FromEnv(lookup)
			if err != nil {
				return err
			}
			return serverReady(ctx, c.HTTPAddr)
		},
	}
	cmd.Flags().BoolVar(&worker, "worker", false, "check the worker")
	return cmd
}

func serverReady(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return usageError{fmt.Errorf("PMO_HTTP_ADDR: %w", err)}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // it listens on every interface
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return usageError{fmt.Errorf("PMO_HTTP_ADDR: %w", err)}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		return nil
	}
	why, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10)) // on an error the status is enough
	return fmt.Errorf("the server is not ready: %s", why)
}

// errNoPoller makes the exit code 1.
var errNoPoller = errors.New("no worker of this host has polled Temporal recently")

func workerPolls(ctx context.Context) error {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return usageError{fmt.Errorf("load Temporal connection options: %w", err)}
	}
	options.Logger = tlog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer c.Close()
	queue, err := c.DescribeTaskQueue(ctx, contract.QueueMain, enumspb.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		return fmt.Errorf("list the pollers of %s: %w", contract.QueueMain, err)
	}
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("read the host name: %w", err)
	}
	if !polledBy(queue.GetPollers(), host, time.Now()) {
		return errNoPoller
	}
	return nil
}

// polledBy looks for the host in the SDK's default identity of a worker, pid@host@queue.
func polledBy(pollers []*taskqueuepb.PollerInfo, host string, now time.Time) bool {
	for _, p := range pollers {
		if strings.Contains(p.GetIdentity(), "@"+host+"@") && now.Sub(p.GetLastAccessTime().AsTime()) < pollWithin {
			return true
		}
	}
	return false
}
