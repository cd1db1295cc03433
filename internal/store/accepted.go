package store

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// AcceptedWork is what a team has accepted and still holds capacity for, as the read model has it.
type AcceptedWork struct {
	RequestID, Team string
	Size            float64  // in team-weeks of the team
	Until           pmo.Date // the last day of its plan; empty: it has none
	Class           pmo.ClassOfService
	Rank            int       // in the prioritization that pulled it; 0: none
	Accepted        time.Time // zero where that is not known
	OverLimit       bool      // the PMO put the team over its limits for it
	NoRoom          bool      // it is marked as work that the team has no room for any more
	Kept            bool      // and it is settled that it stays all the same
	// Proposable: it may be proposed to move, because it is in execution and what the team can hold changed after it had accepted it: the team itself, or
	// the policy where it holds for the team.
	Proposable bool
}

// After the pull, the rank is the one in the prioritization that pulled the request.
const selectAccepted = `
SELECT h.request_id::text, h.team, h.size, ` + lastDay + `, coalesce(r.class, ''), coalesce(k.rank, 0), coalesce(a.at, 'epoch'),
    coalesce(a.here AND a.work ->> 'over_limit' IS NOT NULL AND NOT h.second, false), coalesce(a.no_room, false),
    coalesce(a.no_room AND a.work #>> '{no_room,kept}' IS NOT NULL, false),
    coalesce(a.here AND r.portfolio = m.portfolio AND r.stage = 'execution' AND r.status = 'open' AND r.snapshot ->> 'done_at' IS NULL
        AND coalesce((r.snapshot ->> 'process')::int, 0) >= $2 AND a.at < greatest(m.room_changed_at, f.days_changed_at, CASE WHEN m.wip_limit = 0 THEN f.wip_limit_changed_at END,
            CASE WHEN m.load_ceiling = 0 THEN f.load_ceiling_changed_at END), false)
FROM team_hold h JOIN team m ON m.id = h.team LEFT JOIN portfolio f ON f.id = m.portfolio LEFT JOIN request r ON r.id = h.request_id
LEFT JOIN LATERAL (SELECT w.work, w.part ->> 'team' = h.team AS here, (w.part ->> 'accepted')::timestamptz AS at, w.work #>> '{no_room,team}' = h.team AS no_room
    FROM (SELECT r.snapshot -> 'assignment' AS work, CASE WHEN h.second THEN r.snapshot #> '{assignment,second}' ELSE r.snapshot -> 'assignment' END AS part) w) a ON true
LEFT JOIN slot s ON s.request_id = h.request_id LEFT JOIN run g ON g.id = s.run LEFT JOIN ranking k ON k.run_no = g.no AND k.request_id = h.request_id
WHERE m.portfolio = $1 AND h.firm ORDER BY h.team, h.request_id`

// Accepted lists what the portfolio's teams have accepted.
func (t *PortfolioTx) Accepted(ctx context.Context) ([]AcceptedWork, error) {
	return many(ctx, t.tx, "list accepted work", pgx.RowToStructByPos[AcceptedWork], selectAccepted, t.portfolio, pmo.Process11)
}

// RowsOf reads requests of the portfolio, whole.
func (t *PortfolioTx) RowsOf(ctx context.Context, ids []string) ([]Row, error) {
	return many(ctx, t.tx, "read requests", scanRow, selectRows+` WHERE r.portfolio = $1 AND r.id = ANY ($2::uuid[]) ORDER BY r.id`, t.portfolio, ids)
}

// roomFields are the fields of a team that say what it can hold.
var roomFields = []string{"capacity", "load_ceiling", "wip_limit", "members", "shares", "absences", "capacity_per_person", "other_work", "wip_per_person"}

// noteRoomChange notes when a team changed in what it can hold; before is nil for a new one.
func noteRoomChange(ctx context.Context, db querier, before *pmo.Team, team pmo.Team, at time.Time) error {
	if before == nil {
		return nil
	}
	was, err := fields(*before)
	if err != nil {
		return err
	}
	now, err := fields(team)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(roomFields, func(field string) bool { return !reflect.DeepEqual(was[field], now[field]) }) {
		return nil
	}
	_, err = write(ctx, db, "note a change of room", `UPDATE team SET room_changed_at = $2 WHERE id = $1`, team.ID, at)
	return err
}
