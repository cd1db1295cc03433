package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
)

// Stake is the points that a holder put on a request in a period.
type Stake struct {
	Holder    string // the id of a strategy.Holder
	Period    string
	RequestID string
	Number    int64
	Title     string
	Points    int
	By        string
	At        time.Time
	Returned  bool // they came back: the request ended without being delivered, or is no longer of the portfolio
}

// Spending sets the points that a holder has on a request in the current period; 0 takes them back.
type Spending struct {
	Portfolio string
	Period    strategy.PointPeriod
	Holder    string
	RequestID string
	Points    int
	Allowance int // of the holder in the period
	By        string
	At        time.Time
}

const (
	// pointsCount holds of points p that are spent on request r: it may still be delivered or was, and it is of the portfolio that gave them out. Those of a
	// group count on no confidential request: from what is left of them its other members would learn of it.
	pointsCount = `(p.portfolio = r.portfolio AND (r.status <> 'closed' OR r.outcome = 'delivered') AND NOT (r.confidential AND p.holder LIKE 'group:%'))`
	// spentOf are the points of a holder that are spent of period $3, less those that came back within it, from $4 until $5, from requests of other
	// periods; of request $6 in the period itself none are counted.
	spentOf = `
SELECT coalesce(sum(p.points) FILTER (WHERE p.period = $3 AND ` + pointsCount + ` AND p.request_id <> $6), 0)
     - coalesce(sum(p.points) FILTER (WHERE p.period <> $3 AND NOT ` + pointsCount + ` AND r.status = 'closed' AND r.closed_at >= $4 AND r.closed_at < $5), 0)
FROM points p JOIN request r ON r.id = p.request_id WHERE p.portfolio = $1 AND p.holder = `
	// pointsByRequest are those that count on the open requests of portfolio $1.
	pointsByRequest = `SELECT p.request_id, sum(p.points)::double precision AS points FROM points p JOIN request r ON r.id = p.request_id
WHERE p.portfolio = $1 AND r.status <> 'closed' AND ` + pointsCount + ` GROUP BY p.request_id`
	lockPoints = `SELECT pg_advisory_xact_lock(hashtextextended('points/' || $1 || '/' || $2, 0))`
	setPoints  = `
INSERT INTO points (portfolio, holder, period, request_id, points, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (portfolio, holder, period, request_id) DO UPDATE SET points = excluded.points, by = excluded.by, at = excluded.at WHERE points.points <> excluded.points`
	takePoints = `DELETE FROM points WHERE portfolio = $1 AND holder = $2 AND period = $3 AND request_id = $4`
)

// SpendPoints sets the points of a holder on a request, with the entry of its ledger. Two at once wait for each other, so that no budget is exceeded:
// ErrFull when the allowance is too small. Points that are as they were change nothing, and there is no entry.
func (s *Store) SpendPoints(ctx context.Context, sp Spending, entry pmo.Entry) error {
	const op = "spend points"
	return s.changeTx(ctx, op, func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, op, lockRequest, sp.RequestID); err != nil {
			return err
		}
		if _, err := write(ctx, tx, op, lockPoints, sp.Portfolio, sp.Holder); err != nil {
			return err
		}
		n, err := sp.set(ctx, tx, op)
		if err != nil {
			return err
		}
		if n > 0 {
			if err := addEntry(ctx, tx, op, sp.RequestID, entry); err != nil {
				return err
			}
		}
		return keepAnswer(ctx, tx, struct{}{})
	})
}

// set returns how many rows it changed.
func (sp Spending) set(ctx context.Context, tx pgx.Tx, op string) (int64, error) {
	if sp.Points == 0 {
		return write(ctx, tx, op, takePoints, sp.Portfolio, sp.Holder, sp.Period.ID, sp.RequestID)
	}
	spent, err := one(ctx, tx, op, pgx.RowTo[int], spentOf+`$2`, sp.Portfolio, sp.Holder, sp.Period.ID, sp.Period.From, sp.Period.Until, sp.RequestID)
	if err != nil {
		return 0, err
	}
	before, err := many(ctx, tx, op, pgx.RowTo[int], `SELECT points FROM points WHERE portfolio = $1 AND holder = $2 AND period = $3 AND request_id = $4`,
		sp.Portfolio, sp.Holder, sp.Period.ID, sp.RequestID)
	if err != nil {
		return 0, err
	}
	more := len(before) == 0 || sp.Points > before[0] // fewer are always possible: the policy may have lowered the allowance
	if more && spent+sp.Points > sp.Allowance {
		return 0, fmt.Errorf("%s: %d of %d are left: %w", op, max(sp.Allowance-spent, 0), sp.Allowance, ErrFull)
	}
	return write(ctx, tx, op, setPoints, sp.Portfolio, sp.Holder, sp.Period.ID, sp.RequestID, sp.Points, sp.By, sp.At)
}

const stakeColumns = `p.holder, p.period, p.request_id::text, coalesce(r.number, 0), r.title, p.points, p.by, p.at, NOT ` + pointsCount

// mostStakes limits what is listed of a request and of a period.
const mostStakes = 1000

// stakesOfRow are the points on request r in one column of its row, so that reading a request takes no statement more; null when there are none.
const stakesOfRow = `(SELECT jsonb_agg(jsonb_build_object('Holder', p.holder, 'Period', p.period, 'RequestID', p.request_id, 'Points', p.points, 'By', p.by, 'At', p.at,
    'Returned', NOT ` + pointsCount + `) ORDER BY p.period DESC, p.points DESC, p.holder) FROM points p WHERE p.request_id = r.id)`

// StakesOn are the points on a request, those of the latest period first, and the largest first.
func (s *Store) StakesOn(ctx context.Context, request string) ([]Stake, error) {
	return many(ctx, s.pool, "list the points of a request", pgx.RowToStructByPos[Stake], `SELECT `+stakeColumns+` FROM points p JOIN request r ON r.id = p.request_id
WHERE p.request_id = $1 ORDER BY p.period DESC, p.points DESC, p.holder LIMIT $2`, request, mostStakes)
}

// Stakes are the points of a portfolio's period on requests that the viewer may read, by request, the one with the most first; more says that there
// are others.
func (s *Store) Stakes(ctx context.Context, portfolio, period string, v View) (list []Stake, more bool, err error) {
	list, err = many(ctx, s.pool, "list the points of a period", pgx.RowToStructByPos[Stake], `SELECT `+stakeColumns+` FROM points p JOIN request r ON r.id = p.request_id
WHERE p.portfolio = $3 AND p.period = $4 AND `+visibleTo+`
ORDER BY sum(p.points) OVER (PARTITION BY p.request_id) DESC, p.request_id, p.points DESC, p.holder LIMIT $5`, v.viewerIDs(), v.SeesAll, portfolio, period, mostStakes+1)
	return list[:min(len(list), mostStakes)], len(list) > mostStakes, err
}

// PointsSpent is what each of some holders has spent of a period of a portfolio, less what came back within it from earlier ones: also on requests
// that few may read. It is for who spends them.
func (s *Store) PointsSpent(ctx context.Context, portfolio string, period strategy.PointPeriod, holders []string) (map[string]int, error) {
	spent := map[string]int{}
	_, err := many(ctx, s.pool, "sum the points of holders", func(row pgx.CollectableRow) (struct{}, error) {
		var holder string
		var n int
		err := row.Scan(&holder, &n)
		spent[holder] = n
		return struct{}{}, err
	}, `SELECT h, (`+spentOf+`h) FROM unnest($2::text[]) AS h`, portfolio, listOf(holders), period.ID, period.From, period.Until, noRequest)
	return spent, err
}

// tellReturned writes to the ledger of a request that its points came back, once, and names who had put them there.
const tellReturned = `
INSERT INTO ledger (request_id, seq, key, at, event, body)
SELECT $1, 0, $2::jsonb ->> 'key', ($2::jsonb ->> 'at')::timestamptz, $2::jsonb ->> 'event',
    $2::jsonb || jsonb_build_object('text', replace($2::jsonb ->> 'text', '#', p.n::text), 'tell', p.people)
FROM (SELECT sum(points) AS n, jsonb_agg(DISTINCT by) AS people FROM points WHERE request_id = $1) p WHERE p.n > 0
ON CONFLICT (request_id, key) DO NOTHING`

// putPointsReturned says that the points on a request that ended without being delivered are back in their budgets.
func (p *projection) putPointsReturned(batch *pgx.Batch) error {
	r := p.snapshot
	if !r.Closed() || r.Outcome == pmo.OutcomeDelivered {
		return nil
	}
	entry, err := document(pmo.Entry{Key: pmo.EventPointsReturned, At: r.ClosedAt, Event: pmo.EventPointsReturned, Stage: r.Stage,
		Text: "the # points of stakeholders on it came back, because it ended as " + string(r.Outcome)})
	if err != nil {
		return err
	}
	batch.Queue(tellReturned, r.ID, entry)
	return nil
}
