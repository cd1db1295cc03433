package main

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/localstack"
)

// await calls check until it returns nil. It gives up after a minute, or when the server behind the check has ended.
func await(ctx context.Context, what string, ended <-chan error, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		select {
		case cause := <-ended:
			return fmt.Errorf("wait for %s: server ended: %w", what, cause)
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w (last: %w)", what, ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// awaitHTTP waits until a GET of url answers 200.
func awaitHTTP(ctx context.Context, url string, ended <-chan error) error {
	return await(ctx, url, ended, localstack.HTTPReady(url))
}
