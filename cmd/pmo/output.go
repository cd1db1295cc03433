package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/internal/app"
	"leanpmo/internal/store"
)

// outputFlag adds the flag --output.
func outputFlag(cmd *cobra.Command) *string {
	return cmd.Flags().StringP("output", "o", "table", "table for people, json for machines")
}

func checkOutput(format string) error {
	if format != "table" && format != "json" {
		return usageError{errors.New("--output is table or json")}
	}
	return nil
}

// show prints a value as JSON, or with the table function.
func show[T any](out io.Writer, format string, value T, table func(io.Writer, T) error) error {
	if format == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(value)
	}
	return table(out, value)
}

func timeOrDash(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05 MST")
}

// openStore opens the pmo database of the configuration for one command.
func openStore(cmd *cobra.Command, c app.Config, options store.Options) (*store.Store, error) {
	if c.DatabaseURL == "" {
		return nil, fmt.Errorf("%w: PMO_DATABASE_URL is missing, such as postgres://pmo@db/pmo", app.ErrConfig)
	}
	return store.Open(cmd.Context(), c.DatabaseURL, options)
}
