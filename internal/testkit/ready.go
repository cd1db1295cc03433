package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
)

// HTTPReady is a part's readiness by a page that answers 200.
func HTTPReady(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return fmt.Errorf("ask %s: %w", url, err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return fmt.Errorf("ask %s: %w", url, err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("ask %s: %s", url, response.Status)
		}
		return nil
	}
}

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

func (c PartConfig) forgetReady() error {
	if c.ReadyFile == "" {
		return nil
	}
	if err := os.Remove(c.ReadyFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove old ready file: %w", err)
	}
	return nil
}
