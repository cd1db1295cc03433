package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// FinishedByDay counts the requests of the portfolio accepted since a time, and the imported work finished since, by day in a time zone; days without any are left out.
func (s *Store) FinishedByDay(ctx context.Context, portfolio string, since time.Time, zone string) (map[pmo.Date]int, error) {
	type day struct {
		Date  pmo.Date
		Count int
	}
	days, err := many(ctx, s.pool, "count finished requests", pgx.RowToStructByPos[day],
		`SELECT (at AT TIME ZONE $3)::date::text, count(*) FROM (
    SELECT accepted_at AS at FROM request WHERE portfolio = $1 AND accepted_at >= $2
    UNION ALL SELECT finished_at FROM imported_work WHERE portfolio = $1 AND finished_at >= $2) finished GROUP BY 1`, portfolio, since, zone)
	byDay := make(map[pmo.Date]int, len(days))
	for _, d := range days {
		byDay[d.Date] = d.Count
	}
	return byDay, err
}

// mostCycles limits the cycle times that are read: the newest.
const mostCycles = 5000

// cycles are the spans from pull to acceptance of the requests of the portfolio accepted since a time, and those from beginning to end of
// imported work, of which no team is known.
const cycles = `(
    (SELECT accepted_at AS until, pulled_at AS since, team FROM request WHERE portfolio = $1 AND accepted_at >= $2 AND pulled_at <= accepted_at
        ORDER BY accepted_at DESC LIMIT $3)
    UNION ALL
    (SELECT finished_at, started_at, '' FROM imported_work WHERE portfolio = $1 AND finished_at >= $2 AND started_at IS NOT NULL
        ORDER BY finished_at DESC LIMIT $3)
    ORDER BY until DESC, since DESC LIMIT $3) cycles`

// Cycles lists when work was begun and finished, the newest first.
func (s *Store) Cycles(ctx context.Context, portfolio string, since time.Time) ([]forecast.Cycle, error) {
	return cyclesSince(ctx, s.pool, portfolio, since)
}

func cyclesSince(ctx context.Context, db querier, portfolio string, since time.Time) ([]forecast.Cycle, error) {
	return many(ctx, db, "read when work was begun and finished", pgx.RowToStructByPos[forecast.Cycle], `SELECT team, since, until FROM `+cycles, portfolio, since, mostCycles)
}

// cycleDays lists the same, ascending, as days of the calendar with their fractions.
func cycleDays(ctx context.Context, db querier, portfolio string, since time.Time) ([]float64, error) {
	return many(ctx, db, "read cycle times", pgx.RowTo[float64], `SELECT extract(epoch FROM until - since)::float8 / 86400 AS days FROM `+cycles+` ORDER BY days`,
		portfolio, since, mostCycles)
}

// mostRuns limits the prioritizations whose newcomers are read: the newest.
const mostRuns = 5000

// Arrivals are the requests that were ranked for the first time since a moment. They are watched since the first prioritization that had one
// before it: what the first one ranks waited before there was a ranking.
func (s *Store) Arrivals(ctx context.Context, portfolio string, since, now time.Time) (forecast.Arrivals, error) {
	first := now
	runs, err := many(ctx, s.pool, "read newcomers", func(row pgx.CollectableRow) (run forecast.Arrived, err error) {
		return run, row.Scan(&first, &run.Count, &run.Ranks)
	}, `SELECT at, count, new_ranks FROM run WHERE portfolio = $1 AND at >= $2 AND at < $3 AND NOT dry AND new_ranks IS NOT NULL ORDER BY at DESC, no DESC LIMIT $4`,
		portfolio, since, now, mostRuns)
	return forecast.ArrivalsOf(now.Sub(first).Hours()/24, runs), err
}

// ForecastTeams lists what forecasts know of the teams.
func (s *Store) ForecastTeams(ctx context.Context) ([]forecast.Team, error) {
	return many(ctx, s.pool, "list teams for forecasts", pgx.RowToStructByPos[forecast.Team], `SELECT id, leads || members, absences FROM team ORDER BY id`)
}

// Demand counts what waits in the portfolio: open requests, not those on hold or deferred. Decided are those submitted since a time that
// were approved, or ended before that.
func (s *Store) Demand(ctx context.Context, portfolio string, since time.Time) (forecast.Demand, error) {
	return one(ctx, s.pool, "count the queue", pgx.RowToStructByPos[forecast.Demand], `
SELECT * FROM (
    SELECT count(*) FILTER (WHERE pulled_at IS NOT NULL) AS in_progress,
        count(*) FILTER (WHERE pulled_at IS NULL AND stage NOT IN ('intake', 'review')) AS waiting,
        count(*) FILTER (WHERE pulled_at IS NULL AND stage IN ('intake', 'review')) AS undecided
    FROM request WHERE portfolio = $1 AND status = 'open' AND accepted_at IS NULL) open, (
    SELECT count(*) FILTER (WHERE approved) AS accepted, count(*) AS decided
    FROM (SELECT status, pulled_at IS NOT NULL OR status <> 'closed' AND stage NOT IN ('intake', 'review') AS approved
        FROM request WHERE portfolio = $1 AND submitted_at >= $2) r
    WHERE approved OR status = 'closed') past`, portfolio, since)
}
