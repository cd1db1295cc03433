package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// portfolioLockTimeout is how long to wait for the portfolio's lock: a prioritization of a large backlog takes seconds.
const portfolioLockTimeout = 10 * time.Second

// PortfolioTx is a transaction that holds the lock of one portfolio. What it does to prioritizations is in prioritization.go, to slots
// and capacity in slots.go.
type PortfolioTx struct {
	tx        pgx.Tx
	portfolio string
}

// InPortfolio runs f in one transaction under the portfolio's lock: prioritizations and assignments of a portfolio happen one after the
// other. It commits when f returns nil and rolls back otherwise.
func (s *Store) InPortfolio(ctx context.Context, portfolio string, f func(tx *PortfolioTx) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*bulkTimeout)
	defer cancel()
	return s.inTx(ctx, "portfolio "+portfolio, func(tx pgx.Tx) error {
		if err := lockPortfolio(ctx, tx, portfolio); err != nil {
			return err
		}
		return f(&PortfolioTx{tx: tx, portfolio: portfolio})
	})
}

// ReadPortfolio runs reads of a portfolio that all see the same moment, without its lock: nothing waits for them.
func (s *Store) ReadPortfolio(ctx context.Context, portfolio string, f func(tx *PortfolioTx) error) error {
	return s.readTx(ctx, "read portfolio "+portfolio, func(tx pgx.Tx) error { return f(&PortfolioTx{tx: tx, portfolio: portfolio}) })
}

func lockPortfolio(ctx context.Context, tx pgx.Tx, portfolio string) error {
	batch := &pgx.Batch{}
	batch.Queue(`SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true),
		set_config('lock_timeout', $2, true)`, millis(bulkTimeout), millis(portfolioLockTimeout))
	batch.Queue(`SELECT pg_advisory_xact_lock(hashtextextended('portfolio/' || $1, 0))`, portfolio)
	batch.Queue(ensurePortfolio, portfolio)
	return fault("lock portfolio", tx.SendBatch(ctx, batch).Close())
}

// A request that has been given a slot no longer waits, even before it is informed.
const selectWaiting = `
SELECT r.id::text, coalesce(r.number, 0), r.submitted_at, r.class, r.wanted_by, r.more_inputs, r.business_value, r.time_criticality, r.risk_reduction, r.job_size,
    coalesce(k.rank, 0), coalesce(k.class, ''), k.fixed_date, k.needs, k.more_inputs, k.business_value, k.time_criticality, k.risk_reduction, k.job_size,
    coalesce(o.points, 0), coalesce(k.points, 0)
FROM request r
LEFT JOIN (` + currentRun + `) g ON g.portfolio = r.portfolio
LEFT JOIN ranking k ON k.run_no = coalesce(g.lines_of, g.no) AND k.request_id = r.id AND (g.lines_of IS NULL OR k.rank <= g.count)
LEFT JOIN (` + pointsByRequest + `) o ON o.request_id = r.id
WHERE r.portfolio = $1 AND r.waits_for = 'pull' AND NOT EXISTS (SELECT FROM slot s WHERE s.request_id = r.id)
ORDER BY r.submitted_at, r.id`

// Waiting lists the requests that may be pulled now, oldest first.
func (t *PortfolioTx) Waiting(ctx context.Context) ([]Waiting, error) {
	waiting, err := many(ctx, t.tx, "list waiting requests", scanWaiting, selectWaiting, t.portfolio)
	if err != nil {
		return nil, err
	}
	return waiting, t.takeChangedLines(ctx, waiting)
}

func scanWaiting(row pgx.CollectableRow) (Waiting, error) {
	var w Waiting
	in, before := &w.Inputs, &w.PreviousInputs
	err := row.Scan(&w.ID, &w.Number, &w.SubmittedAt, &w.Class, &w.WantedBy, scanJSON{in}, &in.BusinessValue, &in.TimeCriticality, &in.RiskReduction, &in.JobSize,
		&w.PreviousRank, &w.PreviousClass, &w.PreviousDate, &w.PreviousNeeds, scanJSON{before}, &before.BusinessValue, &before.TimeCriticality, &before.RiskReduction, &before.JobSize, &w.Points, &w.PreviousPoints)
	return w, err
}

// takeChangedLines takes what the current run has changed of the lines it refers to. They have the same ranks.
func (t *PortfolioTx) takeChangedLines(ctx context.Context, waiting []Waiting) error {
	type line struct {
		id     string
		class  pmo.ClassOfService
		inputs pmo.Inputs
		date   *time.Time
		needs  []int64
		points float64
	}
	own, err := many(ctx, t.tx, "list changed lines", func(row pgx.CollectableRow) (line, error) {
		var l line
		err := row.Scan(&l.id, &l.class, &l.date, &l.needs, scanJSON{&l.inputs}, &l.inputs.BusinessValue, &l.inputs.TimeCriticality, &l.inputs.RiskReduction, &l.inputs.JobSize, &l.points)
		return l, err
	}, `SELECT k.request_id::text, k.class, k.fixed_date, k.needs, k.more_inputs, k.business_value, k.time_criticality, k.risk_reduction, k.job_size, coalesce(k.points, 0)
		FROM ranking k WHERE k.run_no = (SELECT no FROM (`+currentRun+`) g WHERE g.lines_of IS NOT NULL AND g.portfolio = $1)`, t.portfolio)
	if err != nil || len(own) == 0 {
		return err
	}
	changed := make(map[string]*line, len(own))
	for i := range own {
		changed[own[i].id] = &own[i]
	}
	for i := range waiting {
		if l := changed[waiting[i].ID]; l != nil {
			waiting[i].PreviousClass, waiting[i].PreviousInputs, waiting[i].PreviousDate, waiting[i].PreviousNeeds = l.class, l.inputs, l.date, l.needs
			waiting[i].PreviousPoints = l.points
		}
	}
	return nil
}

// Occupancy counts the slots taken, also those not yet confirmed by their request.
func (t *PortfolioTx) Occupancy(ctx context.Context) (Occupancy, error) {
	o := Occupancy{ByClass: map[pmo.ClassOfService]int{}}
	_, err := many(ctx, t.tx, "count slots", func(row pgx.CollectableRow) (struct{}, error) {
		var class pmo.ClassOfService
		var n int
		err := row.Scan(&class, &n)
		o.ByClass[class], o.Total = n, o.Total+n
		return struct{}{}, err
	}, `SELECT class, count(*) FROM slot WHERE portfolio = $1 GROUP BY class`, t.portfolio)
	return o, err
}

// After the pull, the rank is the one in the prioritization that pulled the request.
const selectWaitingForTeam = `
SELECT ` + rowColumns + ` FROM request r
LEFT JOIN slot s ON s.request_id = r.id
LEFT JOIN run g ON g.id = s.run
LEFT JOIN ranking k ON k.run_no = g.no AND k.request_id = r.id
WHERE r.portfolio = $1 AND r.waits_for = 'team' AND NOT EXISTS (SELECT FROM capacity_hold h WHERE h.request_id = r.id)
ORDER BY r.pulled_at NULLS LAST, r.id`

// WaitingForTeam lists the requests in assignment for which no capacity is held, the earliest pulled first.
func (t *PortfolioTx) WaitingForTeam(ctx context.Context) ([]Row, error) {
	return many(ctx, t.tx, "list requests that wait for a team", scanRow, selectWaitingForTeam, t.portfolio)
}

// Teams lists the portfolio's teams with all capacity held, firm or not.
func (t *PortfolioTx) Teams(ctx context.Context) ([]TeamLoad, error) {
	return many(ctx, t.tx, "list teams", scanTeamLoad, selectTeamLoads+` WHERE t.portfolio = $1 ORDER BY t.id`, t.portfolio)
}

// CycleDays is that of the store, in the transaction.
func (t *PortfolioTx) CycleDays(ctx context.Context, since time.Time) ([]float64, error) {
	return cycleDays(ctx, t.tx, t.portfolio, since)
}

// PreviousRanking is what the portfolio's current ranking was made from, beside what Waiting lists.
type PreviousRanking struct {
	At     time.Time
	Policy string // its name
	Model  string // empty before 0.8, when dates and lead time were not recorded
	Lead   time.Duration
}

// PreviousRanking reads the portfolio's current ranking before a new one replaces it; the zero value when there is none.
func (t *PortfolioTx) PreviousRanking(ctx context.Context) (PreviousRanking, error) {
	p, err := one(ctx, t.tx, "previous ranking", func(row pgx.CollectableRow) (PreviousRanking, error) {
		var p PreviousRanking
		var lead int64
		err := row.Scan(&p.At, &p.Policy, &p.Model, &lead)
		p.Lead = time.Duration(lead) * time.Second
		return p, err
	}, `SELECT g.at, g.policy, g.model, g.lead_seconds FROM (`+currentRun+`) g WHERE g.portfolio = $1`, t.portfolio)
	if errors.Is(err, ErrNotFound) {
		return PreviousRanking{}, nil
	}
	return p, err
}
