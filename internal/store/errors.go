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

// The errors of the store. Any other error is a defect of the database or of this code.
var (
	ErrNotFound    = errors.New("not found")
	ErrConflict    = errors.New("conflict")                                // a revision the caller did not read, or a unique value that is taken
	ErrUnavailable = errors.New("database unavailable")                    // connection refused, lost, or out of time: try again
	ErrInvalid     = errors.New("invalid value")                           // for example a delegation to oneself
	ErrBadCursor   = errors.New("the cursor does not belong to this list") // invented, or from a list in another order
	ErrFull        = errors.New("there are as many as there can be")
	ErrKeyTaken    = errors.New("the key was given before") // the first answer is KeyedAnswer
	ErrKeyReused   = errors.New("the key was given with another command or body")
	ErrNotLeading  = errors.New("another worker leads now") // a write by a former leader of the notifications
)

// fault translates an error of the database into one of the store's errors and keeps the cause in the chain. No other function does this.
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
		return nil // the caller cancelled: the database is not at fault
	case unreachable(err):
		return ErrUnavailable
	}
	return nil
}

// kindOfState classifies a SQLSTATE. Temporary errors count as unavailability: no connection (08), a role that may not log in (28), a
// database that does not exist yet (3D), a serialization failure or deadlock (40), no resources (53), a lock timeout or a cancelled
// statement (55P03, 57014), shutdown or startup (57P0x) and a transaction that was idle too long (25P03).
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
