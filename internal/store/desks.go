package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// SetDesks makes the members of the desks of services those of the directory, and returns the services whose desk changed. It is idempotent.
func (s *Store) SetDesks(ctx context.Context, desks map[string][]string, at time.Time) (changed []string, err error) {
	type row struct{ Service, Member string }
	const op = "set the desks of services"
	err = s.inTx(ctx, op, func(tx pgx.Tx) error {
		changed = nil
		if _, err := write(ctx, tx, op, `SELECT pg_advisory_xact_lock(hashtextextended('desks', 0))`); err != nil {
			return err
		}
		rows, err := many(ctx, tx, op, pgx.RowToStructByPos[row], `SELECT service, member FROM desk_member ORDER BY service, member`)
		if err != nil {
			return err
		}
		before := map[string][]string{}
		for _, r := range rows {
			before[r.Service] = append(before[r.Service], r.Member)
		}
		services := maps.Clone(before)
		maps.Copy(services, desks)
		for _, service := range slices.Sorted(maps.Keys(services)) {
			members := slices.Sorted(slices.Values(desks[service]))
			if slices.Equal(members, before[service]) {
				continue
			}
			changed = append(changed, service)
			if err := setDesk(ctx, tx, service, members, at); err != nil {
				return err
			}
		}
		return nil
	})
	return changed, err
}

func setDesk(ctx context.Context, tx pgx.Tx, service string, members []string, at time.Time) error {
	const op = "set the desk of a service"
	if _, err := write(ctx, tx, op, `DELETE FROM desk_member WHERE service = $1`, service); err != nil {
		return err
	}
	if _, err := write(ctx, tx, op, `INSERT INTO desk_member (service, member) SELECT $1, unnest($2::text[])`, service, members); err != nil {
		return err
	}
	return logChange(ctx, tx, change{At: at, Actor: bySystem, Object: OfficeDelegation, ID: service, Event: "set", Body: map[string]any{"desk": listOf(members)}})
}
