package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/dependency"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

const (
	// mostBehind is how many of the requests that need one are read.
	mostBehind = 200
	// mostReached is how many requests are read along what one needs; mostReachedByRun, what a backlog needs.
	mostReached      = 5000
	mostReachedByRun = 500_000
)

// nodeColumns are of request r; $1 and $2 are those of visibleTo.
const nodeColumns = `r.id::text, coalesce(r.number, 0), r.title, r.portfolio, r.stage, r.status, r.outcome, r.accepted_at IS NOT NULL,
    EXISTS (SELECT FROM slot s WHERE s.request_id = r.id), r.waits_for = 'pull' AND NOT EXISTS (SELECT FROM slot s WHERE s.request_id = r.id),
    r.confidential, ` + visibleTo + `, r.needs, CASE WHEN r.needs <> '{}' THEN r.snapshot -> 'needed_since' END,
    CASE WHEN r.outcome = 'merged' THEN r.snapshot -> 'merged_into' END`

// reachedFrom makes the table reached: the requests of a condition, and all that they need until it is delivered or has ended. What is merged
// goes on in others.
func reachedFrom(where string, limit int) string {
	return `
WITH RECURSIVE step AS (
    SELECT id FROM request WHERE ` + where + `
    UNION
    SELECT n.id FROM step JOIN request r ON r.id = step.id CROSS JOIN LATERAL (
        SELECT p.id FROM request p WHERE p.number = ANY (r.needs)
        UNION ALL
        SELECT p.id FROM jsonb_array_elements_text(r.snapshot -> 'merged_into') AS into_id JOIN request p ON p.id = into_id::uuid
        WHERE r.outcome = 'merged' AND into_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ) n WHERE r.accepted_at IS NULL AND (r.status <> 'closed' OR r.outcome = 'merged')
), reached AS (SELECT id FROM step LIMIT ` + fmt.Sprint(limit) + `)`
}

func scanNode(row pgx.CollectableRow) (dependency.Node, error) {
	var n dependency.Node
	return n, row.Scan(nodeFields(&n)...)
}

func nodeFields(n *dependency.Node) []any {
	return []any{&n.ID, &n.Number, &n.Title, &n.Portfolio, &n.Stage, &n.Status, &n.Outcome, &n.Delivered, &n.Begun, &n.Waits, &n.Confidential, &n.Readable,
		&n.Needs, scanJSON{&n.Since}, scanJSON{&n.MergedInto}}
}

// scanJSON reads a document; null leaves the value as it is.
type scanJSON struct{ into any }

// Scan implements sql.Scanner.
func (s scanJSON) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), s.into)
	case []byte:
		return json.Unmarshal(v, s.into)
	}
	return fmt.Errorf("a document is no JSON but %T", value)
}

// Dependencies are what the waiting requests of the portfolio need, directly and through others, also of other portfolios.
func (t *PortfolioTx) Dependencies(ctx context.Context) ([]dependency.Node, error) {
	return many(ctx, t.tx, "read dependencies", scanNode, reachedFrom(`portfolio = $3 AND waits_for = 'pull' AND needs <> '{}'`, mostReachedByRun)+`
SELECT `+nodeColumns+` FROM reached JOIN request r USING (id) ORDER BY r.id`, []string{}, true, t.portfolio)
}

// BacklogDependencies are those of the portfolio's waiting requests, as far as a viewer may know: what they may not read is marked.
func (s *Store) BacklogDependencies(ctx context.Context, portfolio string, v View) ([]dependency.Node, error) {
	return many(ctx, s.pool, "read dependencies", scanNode, reachedFrom(`portfolio = $3 AND waits_for = 'pull' AND needs <> '{}'`, mostReachedByRun)+`
SELECT `+nodeColumns+` FROM reached JOIN request r USING (id) ORDER BY r.id`, v.viewerIDs(), v.SeesAll, portfolio)
}

// goesOn makes the table merged: a request by its number, and those that were merged into it, directly and through others.
const goesOn = `,
merged AS (
    SELECT id, number FROM request WHERE number = $4
    UNION
    SELECT r.id, r.number FROM merged m JOIN request r ON r.outcome = 'merged' AND r.snapshot -> 'merged_into' ? m.id::text
)`

// Dependencies are the requests of the numbers with all that they need, and behind them the open ones that need a request directly, or one that was
// merged into it.
func (s *Store) Dependencies(ctx context.Context, numbers []int64, neededBy int64, v View) (reached, behind []dependency.Node, err error) {
	_, err = many(ctx, s.pool, "read dependencies", func(row pgx.CollectableRow) (struct{}, error) {
		var n dependency.Node
		var isBehind bool
		err := row.Scan(append([]any{&isBehind}, nodeFields(&n)...)...)
		if isBehind {
			behind = append(behind, n)
		} else {
			reached = append(reached, n)
		}
		return struct{}{}, err
	}, reachedFrom(`number = ANY ($3)`, mostReached)+goesOn+`
SELECT false, `+nodeColumns+` FROM reached JOIN request r USING (id)
UNION ALL (SELECT true, `+nodeColumns+` FROM request r WHERE r.needs && ARRAY(SELECT number FROM merged WHERE number IS NOT NULL) AND r.needs <> '{}'
    AND r.status <> 'closed' ORDER BY r.number LIMIT `+fmt.Sprint(mostBehind)+`)`,
		v.viewerIDs(), v.SeesAll, numbers, neededBy)
	return reached, behind, err
}

// UnreadableNumbers are those of the numbers whose requests the viewer may not read.
func (s *Store) UnreadableNumbers(ctx context.Context, v View, numbers []int64) ([]int64, error) {
	if v.SeesAll || len(numbers) == 0 {
		return nil, nil
	}
	return many(ctx, s.pool, "list unreadable requests", pgx.RowTo[int64],
		`SELECT r.number FROM request r WHERE r.number = ANY ($3) AND NOT `+visibleTo, v.viewerIDs(), v.SeesAll, numbers)
}

// A request that ends without being delivered is told to those that need it, once. They are locked as by their own projections, in the order of
// their ids.
const (
	dependents  = `SELECT r.* FROM request r WHERE r.needs @> ARRAY[$1::bigint] AND r.needs <> '{}' AND r.status <> 'closed' AND r.accepted_at IS NULL ORDER BY r.id LIMIT 1000`
	lockNeeding = `SELECT pg_advisory_xact_lock(hashtextextended('request/' || d.id, 0)) FROM (` + dependents + `) d`
	tellLost    = `
INSERT INTO ledger (request_id, seq, key, at, event, body)
SELECT d.id, 0, $2::jsonb ->> 'key', ($2::jsonb ->> 'at')::timestamptz, $2::jsonb ->> 'event',
    $2::jsonb || jsonb_build_object('stage', d.stage, 'tell', (SELECT jsonb_agg(DISTINCT p) FROM (
        SELECT d.requester UNION SELECT d.submitted_by UNION SELECT jsonb_array_elements_text(d.snapshot -> 'watchers')) AS people(p)))
FROM (` + dependents + `) d
ON CONFLICT (request_id, key) DO NOTHING`
)

// putLost writes that the request will not be delivered to the ledgers of those that need it.
func (p *projection) putLost(batch *pgx.Batch) error {
	r := p.snapshot
	if !r.Closed() || r.Delivered() || !r.Outcome.DeliversNothing() || r.Number == 0 {
		return nil
	}
	node := dependency.Node{Number: r.Number, Confidential: r.Content.Confidential}
	entry, err := document(pmo.Entry{Key: pmo.EventPrerequisiteLost + "/" + pmo.Ref(r.Number), At: r.ClosedAt, Event: pmo.EventPrerequisiteLost,
		Text: "Of what this request needs, " + node.Name() + " ended as " + string(r.Outcome) + ". It holds this one back no longer: take it out, or ask for it again."})
	if err != nil {
		return err
	}
	batch.Queue(lockNeeding, r.Number)
	batch.Queue(tellLost, r.Number, entry)
	return nil
}

// mostPrerequisites limits the pairs of requests of which one needs the other that forecasts read.
const mostPrerequisites = 10_000

// Prerequisites lists, of the requests that are neither pulled nor closed, what each needs that is neither delivered nor closed, as far as
// forecasts need to know it.
func (s *Store) Prerequisites(ctx context.Context) ([]forecast.Prerequisite, error) {
	return many(ctx, s.pool, "read prerequisites", func(row pgx.CollectableRow) (forecast.Prerequisite, error) {
		var p forecast.Prerequisite
		var pulled *time.Time
		var team string
		err := row.Scan(&p.NeededBy, &p.Request.ID, &p.Request.Portfolio, &p.Request.Stage, &p.Request.Status, &pulled, &p.Rank, &team)
		if team != "" {
			p.Request.Assignment = &pmo.Assignment{Team: team}
		}
		if pulled != nil {
			p.Request.Pull, p.Request.PulledAt = &pmo.Pull{}, *pulled
		}
		return p, err
	}, `
SELECT d.id::text, r.id::text, r.portfolio, r.stage, r.status, `+pulledAt+`, coalesce(k.rank, 0), r.team
FROM request d JOIN request r ON r.number = ANY (d.needs)`+rankJoins+`
WHERE d.needs <> '{}' AND d.status <> 'closed' AND d.accepted_at IS NULL AND r.status <> 'closed' AND r.accepted_at IS NULL
ORDER BY d.id, r.id LIMIT $1`, mostPrerequisites)
}
