package cli

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/internal/client"
)

// The exit codes. Scripts branch on them: never renumbered.
const (
	ExitDone        = 0
	ExitFailed      = 1 // anything else
	ExitUsage       = 2 // wrong flags, or input that is not valid
	ExitForbidden   = 3 // refused: not signed in, or not allowed
	ExitState       = 4 // refused: the process is not where the command needs it
	ExitUnreachable = 5 // nothing answered, or not now; worth trying again
)

// usageError is a mistake of the caller that was found before anything was sent.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// usage makes cobra's complaints about arguments mistakes of the caller.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			check = cobra.NoArgs
		}
		if err := check(cmd, args); err != nil {
			return usagef("%w; usage: %s", err, cmd.UseLine())
		}
		return nil
	}
}

// ExitCode is what the program ends with for an error of a client command.
func ExitCode(err error) int {
	var usage usageError
	var faults forms.Faults
	var refused *client.Refused
	var gone *client.Unreachable
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &usage), errors.As(err, &faults):
		return ExitUsage
	case errors.As(err, &gone):
		return ExitUnreachable
	case errors.As(err, &refused):
		return exitOfStatus(refused.Status)
	}
	return ExitFailed
}

func exitOfStatus(status int) int {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ExitForbidden
	case http.StatusConflict:
		return ExitState
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return ExitUnreachable
	}
	if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
		return ExitUsage
	}
	return ExitFailed
}
