package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Looking before inserting keeps a repeated call from burning a number. A rival that commits in between leaves no row at all.
const giveNumber = `
WITH old AS (SELECT number FROM request_number WHERE id = $1),
     new AS (INSERT INTO request_number (id, at) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM old)
             ON CONFLICT (id) DO NOTHING RETURNING number)
SELECT number FROM old UNION ALL SELECT number FROM new`

// Number gives a request its number, the same one however often it is asked.
func (s *Store) Number(ctx context.Context, id string, at time.Time) (int64, error) {
	numbers, err := many(ctx, s.pool, "number", pgx.RowTo[int64], giveNumber, id, at)
	if err != nil {
		return 0, err
	}
	if len(numbers) > 0 {
		return numbers[0], nil
	}
	return one(ctx, s.pool, "number", pgx.RowTo[int64], `SELECT number FROM request_number WHERE id = $1`, id)
}
