package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// selectRows reads requests r with what only Postgres knows. The rank is shown while the request is in the stage that ranks.
const (
	rowColumns = `r.snapshot, r.run_id, r.epoch, r.projected_at, k.rank, k.score, s.at`
	rankJoins  = `
LEFT JOIN portfolio p ON p.id = r.portfolio
LEFT JOIN ranking k ON k.run_no = p.current_run AND k.request_id = r.id AND r.stage = 'prioritization'`
	selectRows = `SELECT ` + rowColumns + ` FROM request r LEFT JOIN slot s ON s.request_id = r.id` + rankJoins
)

func scanRow(row pgx.CollectableRow) (Row, error) {
	var r Row
	var snapshot []byte
	if err := row.Scan(&snapshot, &r.RunID, &r.Epoch, &r.Projected, &r.Rank, &r.Score, &r.Slot); err != nil {
		return r, err
	}
	if err := json.Unmarshal(snapshot, &r.Request); err != nil {
		return r, fmt.Errorf("read a snapshot: %w", err)
	}
	return r, nil
}

// Request reads one request by id or number (R-42, 42).
func (s *Store) Request(ctx context.Context, ref string) (Row, error) {
	if id, err := uuid.Parse(ref); err == nil {
		return one(ctx, s.pool, "request", scanRow, selectRows+` WHERE r.id = $1`, id.String())
	}
	number, ok := numberOf(ref)
	if !ok {
		return Row{}, fmt.Errorf("request: %w", ErrNotFound)
	}
	return one(ctx, s.pool, "request", scanRow, selectRows+` WHERE r.number = $1`, number)
}

func numberOf(ref string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToUpper(ref), "R-")
	number, err := strconv.ParseInt(digits, 10, 64)
	return number, err == nil && number > 0 && strconv.FormatInt(number, 10) == digits
}
