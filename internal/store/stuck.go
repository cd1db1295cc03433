package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Stuck asks for the open requests that do not go on.
type Stuck struct {
	View
	All   bool                    // of everybody; otherwise what the viewer asked for, and what is with a team they lead
	Usual map[pmo.Stage]time.Time // of each stage: who entered it before has been in it for longer than usual
}

// StuckItem is a request with the first of the reasons why it does not go on.
type StuckItem struct {
	Item
	Why pmo.StuckReason
}

// couldTake holds of a team w that a request r waits for a team, with no skill that w lacks and not declined by w.
const couldTake = `r.waits_for = 'team' AND w.portfolio = r.portfolio
        AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(coalesce(r.snapshot #> '{content,skills}', '[]')) AS needed
            WHERE NOT EXISTS (SELECT FROM unnest(w.skills) AS has WHERE regexp_replace(has, ':[1-5]$', '') = regexp_replace(lower(needed), ':[1-5]$', '')
                AND coalesce(substring(has FROM ':([1-5])$'), '5') >= coalesce(substring(needed FROM ':([1-5])$'), '1')))
        AND NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(r.snapshot -> 'declined', '[]')) AS no WHERE no ->> 'team' = w.id)`

// isBlocked holds of a request r under way that a report or an entry of its RAID log says is blocked. The index request_blocked has the same words, so that
// nobody's snapshot is read for it.
const isBlocked = `r.status = 'open' AND r.stage = 'execution' AND r.done_at IS NULL AND (r.snapshot #>> '{progress,blocked}' <> ''
        OR jsonb_path_exists(r.snapshot, '$.raid[*] ? (@.kind == "blocker" && !exists(@.cleared_at))'))`

// selectStuck finds the page first and then reads only its rows. Reasons are numbered in the order of pmo.StuckReasons. $1 and $2 are who reads,
// $3 is whether everybody's count, $4 and $5 are the stages with their usual moments.
const selectStuck = `
WITH usual AS (SELECT * FROM unnest($4::text[], $5::timestamptz[]) AS u (stage, before)),
led AS (SELECT * FROM team WHERE leads && $1::text[]),
asked AS MATERIALIZED (SELECT request_id, min(CASE kind WHEN 'exception' THEN 1 ELSE 3 END) AS n FROM question WHERE kind IN ('exception', 'report') GROUP BY request_id),
blocked AS MATERIALIZED (SELECT r.id FROM request r WHERE ` + isBlocked + `),
page AS MATERIALIZED (
    SELECT r.id, why.n FROM request r LEFT JOIN asked a ON a.request_id = r.id LEFT JOIN blocked b ON b.id = r.id CROSS JOIN LATERAL (SELECT CASE
        WHEN a.n = 1 THEN 1
        WHEN b.id IS NOT NULL THEN 2
        WHEN a.n = 3 THEN 3
        WHEN EXISTS (SELECT FROM led w WHERE ` + couldTake + `) THEN 4
        WHEN r.stage_since < (SELECT before FROM usual WHERE usual.stage = r.stage) THEN 5 END AS n) why
    WHERE r.status <> 'closed' AND r.status = 'open' AND r.accepted_at IS NULL AND why.n IS NOT NULL AND ` + visibleTo + `
        AND ($3 OR ARRAY[r.requester, r.submitted_by] && $1 OR r.team IN (SELECT id FROM led) OR why.n = 4)
    ORDER BY why.n, r.stage_since, r.id LIMIT %d)
SELECT ` + itemColumns + `, page.n::text FROM page JOIN request r ON r.id = page.id` + rankJoins + ` ORDER BY page.n, r.stage_since, r.id`

// Stuck lists what does not go on: the most pressing reasons first, and of one reason what has waited longest.
func (s *Store) Stuck(ctx context.Context, f Stuck) (items []StuckItem, more bool, err error) {
	var stages []string
	var before []time.Time
	for stage, at := range f.Usual {
		stages, before = append(stages, string(stage)), append(before, at)
	}
	limit := pageSize(f.Limit)
	rows, err := many(ctx, s.pool, "list what is stuck", pgx.RowToStructByPos[listed], fmt.Sprintf(selectStuck, limit+1), f.viewerIDs(), f.SeesAll, f.All, stages, before)
	reasons := pmo.StuckReasons()
	for _, l := range rows[:min(limit, len(rows))] {
		items = append(items, StuckItem{Item: l.item(), Why: reasons[l.Key[0]-'1']})
	}
	return items, len(rows) > limit, err
}
