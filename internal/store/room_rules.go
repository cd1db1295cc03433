package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// RoomRules are what a policy says of what a portfolio's teams can hold.
type RoomRules struct {
	Policy      int        `json:"policy"`       // its version
	WIPLimit    int        `json:"wip_limit"`    // of a team without its own; 0: none
	LoadCeiling float64    `json:"load_ceiling"` // of a team without its own, as a share of capacity
	Weekdays    [7]bool    `json:"weekdays"`     // that are worked, Sunday first
	Holidays    []pmo.Date `json:"holidays"`     // past ones and those to come
}

// sameDays reports whether the same days are worked from a day on: holidays that are over take no room.
func (r RoomRules) sameDays(other RoomRules, from pmo.Date) bool {
	ahead := func(list []pmo.Date) []pmo.Date {
		list = slices.DeleteFunc(slices.Clone(list), func(day pmo.Date) bool { return day < from })
		slices.Sort(list)
		return slices.Compact(list)
	}
	return r.Weekdays == other.Weekdays && slices.Equal(ahead(r.Holidays), ahead(other.Holidays))
}

const (
	selectRoomRules = `SELECT room_rules FROM portfolio WHERE id = $1 AND room_rules IS NOT NULL`
	// A part changed when the policy took force, which may be before the run that sees it.
	updateRoomRules = `
UPDATE portfolio SET room_rules = $2, wip_limit_changed_at = CASE WHEN $4 THEN f.at ELSE wip_limit_changed_at END,
    load_ceiling_changed_at = CASE WHEN $5 THEN f.at ELSE load_ceiling_changed_at END, days_changed_at = CASE WHEN $6 THEN f.at ELSE days_changed_at END
FROM (SELECT coalesce((SELECT at FROM policy_version WHERE version = $3), $7) AS at) f WHERE id = $1`
)

// NoteRoomRules notes when the policy changed in what the portfolio's teams can hold, for Accepted. at is the time of the run, and today its day in the
// portfolio. The first rules are no change, and those of an older policy, which a worker may still have, are not noted.
func (t *PortfolioTx) NoteRoomRules(ctx context.Context, rules RoomRules, at time.Time, today pmo.Date) error {
	was, err := one(ctx, t.tx, "read the rules of room", pgx.RowTo[RoomRules], selectRoomRules, t.portfolio)
	first := errors.Is(err, ErrNotFound)
	if err != nil && !first {
		return err
	}
	wip, ceiling, days := !first && was.WIPLimit != rules.WIPLimit, !first && was.LoadCeiling != rules.LoadCeiling, !first && !was.sameDays(rules, today)
	if !first && (rules.Policy < was.Policy || rules.Policy == was.Policy && !wip && !ceiling && !days) {
		return nil
	}
	n, err := write(ctx, t.tx, "note the rules of room", updateRoomRules, t.portfolio, rules, rules.Policy, wip, ceiling, days, at)
	if err == nil && n == 0 {
		err = fmt.Errorf("note the rules of room of portfolio %s: %w", t.portfolio, ErrNotFound)
	}
	return err
}
