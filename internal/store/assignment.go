package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// AssignmentBatch is a plan over all requests that waited for a team, known by the digest of what it was planned from.
type AssignmentBatch struct {
	No     int64
	Digest string
	At     time.Time
	Policy string
	Plan   json.RawMessage // without what it says about each request
	Places []AssignmentPlace
}

// AssignmentPlace is what a batch says about a request.
type AssignmentPlace struct {
	RequestID string
	Input     string // digest of what was known of the request
	Team      string // empty: none
	Size      float64
	// SecondTeam is the second team of a request that needs two, and SecondSize what it takes of that; empty: it needs one.
	SecondTeam string
	SecondSize float64
	Decision   json.RawMessage // nil where it was not read
}

// TeamHold is capacity of a team that a request takes.
type TeamHold struct {
	RequestID, Team string
	Size            float64
	Firm            bool
	Batch           int64    // 0: by no batch
	Until           pmo.Date // the last day of its plan; empty: it has none
	Class           pmo.ClassOfService
	Kind            string
	// Offered reports whether the team's lead is asked, as the read model has it, and the PMO did not put the team over its limits for it.
	Offered   bool
	Number    int64    // of the request; 0 where it is not known yet
	Resources []string // that it needs, or is about to, see pmo.ResourceNeed; those of a request with two teams are of the first
	Second    bool     // it is the place of the second team
}

// lastDay is the last due date of a request's milestones, or empty.
const lastDay = `coalesce((SELECT max(m ->> 'due') FROM jsonb_array_elements(CASE jsonb_typeof(r.snapshot #> '{plan,milestones}') WHEN 'array' THEN r.snapshot #> '{plan,milestones}'
    ELSE '[]' END) AS m WHERE m ->> 'due' <> ''), '')`

// Holds lists the capacity held of the portfolio's teams.
func (t *PortfolioTx) Holds(ctx context.Context) ([]TeamHold, error) {
	return many(ctx, t.tx, "list holds of a portfolio", pgx.RowToStructByPos[TeamHold], `
SELECT h.request_id::text, h.team, h.size, h.firm, coalesce(h.batch, 0), `+lastDay+`, coalesce(r.class, ''), coalesce(r.kind, ''),
    NOT h.firm AND coalesce(r.snapshot #>> (CASE WHEN h.second THEN '{assignment,second,team}' ELSE '{assignment,team}' END)::text[] = h.team
        AND r.snapshot #>> '{assignment,over_limit}' IS NULL, false), coalesce(r.number, 0),
    CASE WHEN h.second THEN NULL WHEN h.wanted_until > clock_timestamp() THEN h.wanted ELSE r.snapshot #> '{content,resources}' END, h.second
FROM team_hold h JOIN team m ON m.id = h.team LEFT JOIN request r ON r.id = h.request_id WHERE m.portfolio = $1 ORDER BY h.team, h.request_id`, t.portfolio)
}

// Carried is what each team of the portfolio carried in a span of time, in weeks times team-weeks: what it holds since it was offered, and what it
// delivered, until it did.
func (t *PortfolioTx) Carried(ctx context.Context, from, until time.Time) (map[string]float64, error) {
	carried := map[string]float64{}
	_, err := many(ctx, t.tx, "sum up what teams carried", func(row pgx.CollectableRow) (struct{}, error) {
		var team string
		var sum float64
		err := row.Scan(&team, &sum)
		carried[team] = sum
		return struct{}{}, err
	}, `
SELECT team, sum(size * extract(epoch FROM least(ended, $3) - greatest(began, $2)) / 604800)::float8 FROM (
    SELECT h.team, h.size, h.at AS began, $3::timestamptz AS ended FROM team_hold h JOIN team m ON m.id = h.team WHERE m.portfolio = $1
    UNION ALL
    SELECT r.team, (r.snapshot #>> '{assignment,size}')::float8, (r.snapshot #>> '{assignment,offer_at}')::timestamptz, r.accepted_at
    FROM request r WHERE r.portfolio = $1 AND r.accepted_at > $2 AND r.team <> '' AND r.snapshot #>> '{assignment,offer_at}' IS NOT NULL
    UNION ALL
    SELECT r.second_team, (r.snapshot #>> '{assignment,second,size}')::float8, (r.snapshot #>> '{assignment,offer_at}')::timestamptz, r.accepted_at
    FROM request r WHERE r.portfolio = $1 AND r.accepted_at > $2 AND r.second_team <> '' AND r.snapshot #>> '{assignment,offer_at}' IS NOT NULL
) work WHERE least(ended, $3) > greatest(began, $2) GROUP BY team`, t.portfolio, from, until)
	return carried, err
}

// LatestBatch is the portfolio's batch that was made or used anew last, without its decisions; nil when there is none.
func (t *PortfolioTx) LatestBatch(ctx context.Context) (*AssignmentBatch, error) {
	b, err := one(ctx, t.tx, "read the latest batch", scanBatch, `SELECT no, digest, at, policy, plan FROM assignment_batch WHERE portfolio = $1 ORDER BY turn DESC LIMIT 1`, t.portfolio)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b.Places, err = many(ctx, t.tx, "list places of a batch", func(row pgx.CollectableRow) (AssignmentPlace, error) {
		var p AssignmentPlace
		return p, row.Scan(&p.RequestID, &p.Input, &p.Team, &p.Size, &p.SecondTeam, &p.SecondSize)
	}, `SELECT request_id::text, input, team, size, second_team, second_size FROM assignment_place p WHERE p.batch = $1 ORDER BY p.request_id`, b.No)
	return &b, err
}

func scanBatch(row pgx.CollectableRow) (AssignmentBatch, error) {
	var b AssignmentBatch
	return b, row.Scan(&b.No, &b.Digest, &b.At, &b.Policy, &b.Plan)
}

// BatchDecisions are what a batch says about each of its requests, or about one alone.
func (t *PortfolioTx) BatchDecisions(ctx context.Context, batch int64, request string) ([]json.RawMessage, error) {
	sql, args := `SELECT decision FROM assignment_place WHERE batch = $1`, []any{batch}
	if request != "" {
		sql, args = sql+` AND request_id = $2`, append(args, request)
	}
	return many(ctx, t.tx, "read decisions of a batch", pgx.RowTo[json.RawMessage], sql, args...)
}

// keptBatches is how many batches of a portfolio are kept.
const keptBatches = 20

// SaveBatch stores a batch. One that was planned from the same before stands, and is the latest again: two who plan at once have one plan.
func (s *Store) SaveBatch(ctx context.Context, portfolio string, b AssignmentBatch) error {
	return s.inTx(ctx, "save batch", func(tx pgx.Tx) error { return saveBatch(ctx, tx, portfolio, b) })
}

// SaveBatch is that of the store, in the transaction.
func (t *PortfolioTx) SaveBatch(ctx context.Context, b AssignmentBatch) error {
	return saveBatch(ctx, t.tx, t.portfolio, b)
}

func saveBatch(ctx context.Context, tx pgx.Tx, portfolio string, b AssignmentBatch) error {
	type saved struct {
		No  int64
		New bool
	}
	is, err := one(ctx, tx, "save batch", pgx.RowToStructByPos[saved], `
INSERT INTO assignment_batch AS b (portfolio, digest, at, policy, plan) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (portfolio, digest) DO UPDATE SET turn = nextval('assignment_turn') RETURNING b.no, xmax = 0`, portfolio, b.Digest, b.At, b.Policy, b.Plan)
	if err != nil || !is.New {
		return err
	}
	n := len(b.Places)
	ids, inputs, teams, sizes, decisions := make([]string, n), make([]string, n), make([]string, n), make([]float64, n), make([]string, n)
	seconds, secondSizes := make([]string, n), make([]float64, n)
	for i, p := range b.Places {
		ids[i], inputs[i], teams[i], sizes[i], decisions[i] = p.RequestID, p.Input, p.Team, p.Size, clean(string(p.Decision))
		seconds[i], secondSizes[i] = p.SecondTeam, p.SecondSize
	}
	if _, err = write(ctx, tx, "save places of a batch", `INSERT INTO assignment_place (batch, request_id, input, team, size, decision, second_team, second_size)
		SELECT $1, u.id, u.input, u.team, u.size, u.decision::jsonb, u.second_team, u.second_size
		FROM unnest($2::uuid[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::float8[]) AS u (id, input, team, size, decision, second_team, second_size)`,
		is.No, ids, inputs, teams, sizes, decisions, seconds, secondSizes); err != nil {
		return fmt.Errorf("batch %d: %w", is.No, err)
	}
	_, err = write(ctx, tx, "delete old batches", `DELETE FROM assignment_batch WHERE portfolio = $1
		AND turn <= (SELECT turn FROM assignment_batch WHERE portfolio = $1 ORDER BY turn DESC OFFSET $2 LIMIT 1)`, portfolio, keptBatches)
	return err
}
