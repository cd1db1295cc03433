package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// selectRows reads requests r with the values that only Postgres has. The rank is read while the request is in prioritization.
const (
	rowColumns = `r.snapshot, r.run_id, r.epoch, r.projected_at, k.rank, k.score, coalesce(k.bound, ''), s.at, ` + stakesOfRow
	rankJoins  = `
LEFT JOIN (` + currentRun + `) g ON g.portfolio = r.portfolio
LEFT JOIN ranking k ON r.stage = 'prioritization' AND ` + lineOfRun
	selectRows = `SELECT ` + rowColumns + ` FROM request r LEFT JOIN slot s ON s.request_id = r.id` + rankJoins
)

func scanRow(row pgx.CollectableRow) (Row, error) {
	var r Row
	var snapshot []byte
	if err := row.Scan(&snapshot, &r.RunID, &r.Epoch, &r.Projected, &r.Rank, &r.Score, &r.LimitReason, &r.Slot, scanJSON{&r.Stakes}); err != nil {
		return r, err
	}
	if err := json.Unmarshal(snapshot, &r.Request); err != nil {
		return r, fmt.Errorf("decode a snapshot: %w", err)
	}
	return r, nil
}

// Request reads one request by id or number (R-42, 42).
func (s *Store) Request(ctx context.Context, ref string) (Row, error) {
	if id, err := uuid.Parse(ref); err == nil {
		return one(ctx, s.pool, "read request", scanRow, selectRows+` WHERE r.id = $1`, id.String())
	}
	number, ok := numberOf(ref)
	if !ok {
		return Row{}, fmt.Errorf("read request: %w", ErrNotFound)
	}
	return one(ctx, s.pool, "read request", scanRow, selectRows+` WHERE r.number = $1`, number)
}

func numberOf(ref string) (int64, bool) {
	digits := strings.TrimPrefix(strings.ToUpper(ref), "R-")
	number, err := strconv.ParseInt(digits, 10, 64)
	return number, err == nil && number > 0 && strconv.FormatInt(number, 10) == digits
}

// It reads before it inserts, so that a repeated call uses no number up. If a concurrent call commits in between, it returns no row.
const giveNumber = `
WITH old AS (SELECT number FROM request_number WHERE id = $1),
     new AS (INSERT INTO request_number (id, at) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM old)
             ON CONFLICT (id) DO NOTHING RETURNING number)
SELECT number FROM old UNION ALL SELECT number FROM new`

// Number gives a request its number. It is idempotent: the same id always gets the same number.
func (s *Store) Number(ctx context.Context, id string, at time.Time) (int64, error) {
	numbers, err := many(ctx, s.pool, "give number", pgx.RowTo[int64], giveNumber, id, at)
	if err != nil {
		return 0, err
	}
	if len(numbers) > 0 {
		return numbers[0], nil
	}
	return one(ctx, s.pool, "give number", pgx.RowTo[int64], `SELECT number FROM request_number WHERE id = $1`, id)
}

// NumberAndDelegates is Number and Delegates in one round trip.
func (s *Store) NumberAndDelegates(ctx context.Context, id string, submitted time.Time, people []string, at time.Time) (int64, map[string]string, error) {
	var numbers []int64
	var list []Delegation
	err := s.together(ctx, "give number", func(batch *pgx.Batch) {
		collect(batch.Queue(giveNumber, id, submitted), pgx.RowTo[int64], &numbers)
		collect(batch.Queue(selectDelegates, people, at), pgx.RowToStructByPos[Delegation], &list)
	})
	if err != nil {
		return 0, nil, err
	}
	if len(numbers) == 0 {
		number, err := s.Number(ctx, id, submitted)
		return number, delegatesOf(list), err
	}
	return numbers[0], delegatesOf(list), nil
}
