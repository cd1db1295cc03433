package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The errors of a caller who asks for what cannot be.
var (
	ErrInvalid   = errors.New("invalid value")                           // e.g. a delegation to oneself
	ErrBadCursor = errors.New("the cursor does not belong to this list") // made up, or from a list in another order
)

// fault translates an error of the database into one of the store's; the cause stays in the chain. It is the only such place.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%s: %w: %w", op, kind, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

func kindOf(err error) error {
	var answer *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNotFound
	case errors.As(err, &answer):
		return kindOfState(answer.Code)
	case errors.Is(err, context.Canceled):
		return nil // the caller went away: nobody's fault
	case unreachable(err):
		return ErrUnavailable
	}
	return nil
}

// kindOfState reads a SQLSTATE. What passes by itself is unavailability: no connection (08), a role that may not log in (28) or a
// database that is not there yet (3D), a lost race (40), no resources (53), a timeout or a cancelled statement (55P03, 57014),
// shutting down or starting up (57P0x) and a transaction that idled too long (25P03).
func kindOfState(code string) error {
	switch code {
	case "23505":
		return ErrConflict
	case "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "25P03":
		return ErrUnavailable
	}
	for _, class := range []string{"08", "28", "3D", "40", "53"} {
		if strings.HasPrefix(code, class) {
			return ErrUnavailable
		}
	}
	return nil
}

func unreachable(err error) bool {
	var refused *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &refused) || errors.As(err, &network) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed pool")
}
