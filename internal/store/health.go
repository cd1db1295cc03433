package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Connections are how many connections of the pool are in use, idle, and allowed.
type Connections struct{ InUse, Idle, Most int }

// Connections counts the connections of this process.
func (s *Store) Connections() Connections {
	stat := s.pool.Stat()
	return Connections{InUse: int(stat.AcquiredConns()), Idle: int(stat.IdleConns()), Most: int(stat.MaxConns())}
}

// LatestRuns says when each portfolio was last ranked; dry runs do not count.
func (s *Store) LatestRuns(ctx context.Context) (map[string]time.Time, error) {
	type run struct {
		Portfolio string
		At        time.Time
	}
	runs, err := many(ctx, s.pool, "read the latest runs", pgx.RowToStructByPos[run], `SELECT g.portfolio, g.at FROM (`+currentRun+`) g`)
	at := make(map[string]time.Time, len(runs))
	for _, r := range runs {
		at[r.Portfolio] = r.At
	}
	return at, err
}

// DeadNotificationCount is the number of messages that were given up and not redelivered.
func (s *Store) DeadNotificationCount(ctx context.Context) (int, error) {
	return one(ctx, s.pool, "count dead notifications", pgx.RowTo[int], `SELECT count(*) FROM notification WHERE state = 'dead'`)
}
