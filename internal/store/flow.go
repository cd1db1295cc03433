package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// FlowItem is a request in the flow reports. A time is nil if the event has not happened yet.
type FlowItem struct {
	ID          string
	Number      int64
	Portfolio   string
	Stage       pmo.Stage
	Status      pmo.Status
	Outcome     pmo.Outcome
	Kind        string
	Class       pmo.ClassOfService
	Themes      []string
	Team        string
	Approach    string
	SubmittedAt time.Time
	StageSince  time.Time
	PulledAt    *time.Time
	StartedAt   *time.Time
	DoneAt      *time.Time
	AcceptedAt  *time.Time
	ClosedAt    *time.Time
	Readable    bool // whether the viewer may read the request itself
}

// Flow reads the times of every request of a portfolio (all portfolios when empty) that had not ended before since, oldest first: of those that
// the viewer may not read, too, because they count. Where the filter chooses among them, only those that the viewer may read: a count by words of
// the text would say what is in the others.
func (s *Store) Flow(ctx context.Context, f Filter, since time.Time) ([]FlowItem, error) {
	q := f.flowing(since)
	return many(ctx, s.pool, "read flow", pgx.RowToStructByPos[FlowItem], `
SELECT id::text, coalesce(number, 0), portfolio, stage, status, outcome, kind, class, themes, team, approach, submitted_at, stage_since,
    pulled_at, started_at, done_at, accepted_at, closed_at, `+visibleTo+`
FROM request r WHERE `+q.all()+`
ORDER BY submitted_at, id`, q.args...)
}

// flowing are the conditions of what a flow report counts.
func (f Filter) flowing(since time.Time) *conditions {
	q := &conditions{args: []any{viewerIDs(f.Viewer, f.ActsFor), f.SeesAll}}
	if f.Filtered() {
		q.add(visibleTo)
	} else {
		q.add("$1::text[] IS NOT NULL AND $2::boolean IS NOT NULL") // each argument has its place
	}
	q.match(f)
	q.addText(f.Text)
	q.add("(least(r.accepted_at, r.closed_at) IS NULL OR least(r.accepted_at, r.closed_at) >= ?)", since)
	return q
}

// FlowEvents reads, of the requests that Flow reads, the entries that begin or end a stage, a question or a hold, in order for each
// request.
func (s *Store) FlowEvents(ctx context.Context, f Filter, since time.Time) ([]flow.Event, error) {
	q := f.flowing(since)
	return many(ctx, s.pool, "read flow events", pgx.RowToStructByPos[flow.Event], `
SELECT r.id::text, l.event, coalesce(l.body ->> 'stage', ''), coalesce(l.body ->> 'question', ''),
    l.event = 'asked' AND EXISTS (SELECT FROM question q WHERE q.request_id = r.id AND q.id = l.body ->> 'question'), l.at
FROM request r JOIN ledger l ON l.request_id = r.id
WHERE `+q.all()+`
    AND l.event IN ('submitted', 'stage_entered', 'asked', 'settled', 'timed_out', 'superseded', 'held', 'resumed')
ORDER BY r.id, l.at, l.position`, q.args...)
}

// FinishedByDay counts the requests of the portfolio accepted since a time, by day in a time zone; days without any are left out.
func (s *Store) FinishedByDay(ctx context.Context, portfolio string, since time.Time, zone string) (map[pmo.Date]int, error) {
	type day struct {
		Date  pmo.Date
		Count int
	}
	days, err := many(ctx, s.pool, "count finished requests", pgx.RowToStructByPos[day],
		`SELECT (accepted_at AT TIME ZONE $3)::date::text, count(*) FROM request WHERE portfolio = $1 AND accepted_at >= $2 GROUP BY 1`, portfolio, since, zone)
	byDay := make(map[pmo.Date]int, len(days))
	for _, d := range days {
		byDay[d.Date] = d.Count
	}
	return byDay, err
}

// mostCycles limits the cycle times that are read: the newest.
const mostCycles = 5000

// CycleDays lists, ascending, the days from pull to acceptance of the requests of the portfolio accepted since a time.
func (s *Store) CycleDays(ctx context.Context, portfolio string, since time.Time) ([]float64, error) {
	return many(ctx, s.pool, "read cycle times", pgx.RowTo[float64], `
SELECT extract(epoch FROM accepted_at - pulled_at)::float8 / 86400 AS days FROM (
    SELECT accepted_at, pulled_at FROM request WHERE portfolio = $1 AND accepted_at >= $2 AND pulled_at <= accepted_at
    ORDER BY accepted_at DESC LIMIT $3) r ORDER BY days`, portfolio, since, mostCycles)
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
