package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
)

// The exit codes. Scripts depend on them: they are never renumbered.
const (
	ExitDone        = 0
	ExitFailed      = 1 // anything else
	ExitUsage       = 2 // wrong flags, or input that is not valid
	ExitForbidden   = 3 // refused: not signed in, or not allowed
	ExitState       = 4 // refused: the request is not in a state that takes the command
	ExitUnreachable = 5 // nothing answered, or temporarily unavailable: try again
)

// usageError is an error of usage that was found before anything was sent.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// usage turns cobra's errors about arguments into errors of usage.
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

// Complaint is what is written of an error, in lines that fit the terminal.
func Complaint(err error, out io.Writer, lookup func(string) (string, bool)) string {
	return text.Fold("pmo: "+err.Error(), Kit{Lookup: lookup}.width(out))
}

// ExitCode is the exit code for an error of a client command.
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
