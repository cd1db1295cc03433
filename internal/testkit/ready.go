package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"

	"leanpmo/internal/localstack"
)

// HTTPReady makes a Ready function that succeeds when a GET of url answers 200.
func HTTPReady(url string) func(context.Context) error { return localstack.HTTPReady(url) }

func (c PartConfig) isReady(ctx context.Context) error {
	if c.ReadyFile != "" {
		if _, err := os.Stat(c.ReadyFile); err != nil {
			return fmt.Errorf("look for ready file: %w", err)
		}
	}
	if c.Ready == nil {
		return nil
	}
	return c.Ready(ctx)
}

func (c PartConfig) removeReadyFile() error {
	if c.ReadyFile == "" {
		return nil
	}
	if err := os.Remove(c.ReadyFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove old ready file: %w", err)
	}
	return nil
}
