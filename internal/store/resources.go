package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

const selectResources = `SELECT id, name, unit, portfolio, amounts, revision FROM resource`

// MostResources is how many resources a portfolio can have. No more are made, so that none is left out of what is read.
const MostResources = 1000

// Resources lists every shared resource.
func (s *Store) Resources(ctx context.Context) ([]pmo.Resource, error) {
	return many(ctx, s.pool, "list resources", pgx.RowToStructByPos[pmo.Resource], selectResources+` ORDER BY portfolio, id`)
}

// Resources lists the shared resources of the portfolio.
func (t *PortfolioTx) Resources(ctx context.Context) ([]pmo.Resource, error) {
	return many(ctx, t.tx, "list resources of a portfolio", pgx.RowToStructByPos[pmo.Resource], selectResources+` WHERE portfolio = $1 ORDER BY id`, t.portfolio)
}

// PutResource creates a resource (revision 0) or changes the revision the caller read; ErrConflict when it exists or has changed since. check judges it
// by what is held, under the lock of its portfolio: no place is taken in between. ErrFull when the portfolio would have more than MostResources.
func (s *Store) PutResource(ctx context.Context, r pmo.Resource, actor string, at time.Time, check func(before *pmo.Resource, holds []TeamHold) error) (pmo.Resource, error) {
	err := s.changeResource(ctx, r.ID, r.Portfolio, check, func(tx pgx.Tx, before *pmo.Resource) (err error) {
		if err := roomForResources(ctx, tx, []ResourceChange{{Before: before, Then: r}}); err != nil {
			return err
		}
		r, err = putResource(ctx, tx, before, r, actor, at, nil)
		return err
	})
	return r, err
}

// ResourceChange is what a resource was, what it becomes, and what requests of its portfolio hold.
type ResourceChange struct {
	Before *pmo.Resource // nil: there was none
	Then   pmo.Resource
	Holds  []TeamHold
}

// PutResources changes resources as PutResource does: all of them, or none. check judges all before the first one is written. answer is that of the call
// for its key.
func (s *Store) PutResources(ctx context.Context, list []pmo.Resource, actor string, at time.Time, answer any, check func([]ResourceChange) error) error {
	return s.changeTx(ctx, "put resources", func(tx pgx.Tx) error {
		changes, err := lockResources(ctx, tx, list)
		if err == nil {
			err = roomForResources(ctx, tx, changes)
		}
		if err == nil {
			err = check(changes)
		}
		for i := 0; i < len(changes) && err == nil; i++ {
			_, err = putResource(ctx, tx, changes[i].Before, changes[i].Then, actor, at, answer)
		}
		return err
	})
}

// lockResources locks the portfolios of resources, in the order of their names, and then the resources.
func lockResources(ctx context.Context, tx pgx.Tx, list []pmo.Resource) (changes []ResourceChange, err error) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b pmo.Resource) int {
		return cmp.Or(strings.Compare(a.Portfolio, b.Portfolio), strings.Compare(a.ID, b.ID))
	})
	var holds []TeamHold
	for i, r := range list {
		if i == 0 || r.Portfolio != list[i-1].Portfolio {
			if holds, err = lockHolds(ctx, tx, r.Portfolio); err != nil {
				return nil, err
			}
		}
		before, err := resourceForUpdate(ctx, tx, r.ID)
		if err != nil {
			return nil, err
		}
		changes = append(changes, ResourceChange{Before: before, Then: r, Holds: holds})
	}
	return changes, nil
}

// roomForResources refuses new resources that make more of a portfolio than there can be, under the lock of the portfolio. Changes of others stay possible.
func roomForResources(ctx context.Context, tx pgx.Tx, changes []ResourceChange) error {
	made := map[string]int{}
	for _, c := range changes {
		if c.Before == nil {
			made[c.Then.Portfolio]++
		}
	}
	for portfolio, n := range made {
		there, err := one(ctx, tx, "count resources", pgx.RowTo[int], `SELECT count(*) FROM resource WHERE portfolio = $1`, portfolio)
		if err != nil {
			return err
		}
		if there+n > MostResources {
			return ErrFull
		}
	}
	return nil
}

// putResource writes a resource, its periods in the order of time. The answer of the call is the resource where none is given.
func putResource(ctx context.Context, tx pgx.Tx, before *pmo.Resource, r pmo.Resource, actor string, at time.Time, answer any) (pmo.Resource, error) {
	if before == nil && r.Revision != 0 || before != nil && (r.Revision != before.Revision || r.Portfolio != before.Portfolio) {
		return r, fmt.Errorf("put resource %s at revision %d: %w", r.ID, r.Revision, ErrConflict)
	}
	r.Name, r.Unit, r.Amounts = clean(r.Name), clean(r.Unit), append([]pmo.ResourceAmount{}, r.Amounts...)
	slices.SortFunc(r.Amounts, func(a, b pmo.ResourceAmount) int { return cmp.Compare(a.From, b.From) })
	r.Revision++
	if _, err := write(ctx, tx, "put resource", `INSERT INTO resource (id, name, unit, portfolio, amounts, revision) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, unit = excluded.unit, amounts = excluded.amounts, revision = excluded.revision`,
		r.ID, r.Name, r.Unit, r.Portfolio, r.Amounts, r.Revision); err != nil {
		return r, err
	}
	if err := wantPrioritizationForTeams(ctx, tx, r.Portfolio); err != nil {
		return r, err
	}
	body := map[string]any{"name": r.Name, "unit": r.Unit, "portfolio": r.Portfolio, "amounts": r.Amounts, "before": before}
	event := "changed"
	if before == nil {
		event = "created"
		delete(body, "before")
	}
	if answer == nil {
		answer = r
	}
	return r, logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeResource, ID: r.ID, Event: event, Body: body, Answer: answer})
}

// wantedFor is how long a checked change of needs counts without being in the snapshot: longer than a command takes, and short where it was refused.
const wantedFor = time.Minute

// WantResources holds more of the shared resources for a request that has its place, before the change of its content that needs them. check judges it by
// what is held, own being what the request holds, under the lock of the portfolio. A request without a place holds nothing: check is not called.
func (s *Store) WantResources(ctx context.Context, id, portfolio string, needs []string, check func(own TeamHold, holds []TeamHold, resources []pmo.Resource) error) error {
	return s.inTx(ctx, "want resources", func(tx pgx.Tx) error {
		holds, err := lockHolds(ctx, tx, portfolio)
		at := slices.IndexFunc(holds, func(h TeamHold) bool { return h.RequestID == id && !h.Second })
		if err != nil || at < 0 {
			return err
		}
		resources, err := (&PortfolioTx{tx: tx, portfolio: portfolio}).Resources(ctx)
		if err != nil {
			return err
		}
		if err := check(holds[at], holds, resources); err != nil {
			return err
		}
		_, err = write(ctx, tx, "want resources", `UPDATE capacity_hold SET wanted = $2, wanted_until = clock_timestamp() + make_interval(secs => $3) WHERE request_id = $1`,
			id, pmo.LargerNeeds(holds[at].Resources, needs), wantedFor.Seconds())
		return err
	})
}

// DropResource deletes a resource; ErrNotFound when there is none.
func (s *Store) DropResource(ctx context.Context, id, portfolio, actor string, at time.Time, check func(before *pmo.Resource, holds []TeamHold) error) error {
	return s.changeResource(ctx, id, portfolio, check, func(tx pgx.Tx, before *pmo.Resource) error {
		if before == nil {
			return fmt.Errorf("drop resource %s: %w", id, ErrNotFound)
		}
		if err := wantPrioritizationForTeams(ctx, tx, portfolio); err != nil {
			return err
		}
		if _, err := write(ctx, tx, "drop resource", `DELETE FROM resource WHERE id = $1`, id); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeResource, ID: id, Event: "deleted", Body: before})
	})
}

// changeResource changes a resource under the lock of its portfolio, where a check of it and of what is held allows it.
func (s *Store) changeResource(ctx context.Context, id, portfolio string, check func(*pmo.Resource, []TeamHold) error, f func(tx pgx.Tx, before *pmo.Resource) error) error {
	return s.changeTx(ctx, "change resource", func(tx pgx.Tx) error {
		holds, err := lockHolds(ctx, tx, portfolio)
		if err != nil {
			return err
		}
		before, err := resourceForUpdate(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := check(before, holds); err != nil {
			return err
		}
		return f(tx, before)
	})
}

// lockHolds locks a portfolio and reads what its requests hold: none of them takes or gives back a place until the transaction ends.
func lockHolds(ctx context.Context, tx pgx.Tx, portfolio string) ([]TeamHold, error) {
	if err := lockPortfolio(ctx, tx, portfolio); err != nil {
		return nil, err
	}
	return (&PortfolioTx{tx: tx, portfolio: portfolio}).Holds(ctx)
}

// resourceForUpdate reads and locks the resource that is about to change; nil for a new one.
func resourceForUpdate(ctx context.Context, tx pgx.Tx, id string) (*pmo.Resource, error) {
	found, err := many(ctx, tx, "read resource", pgx.RowToStructByPos[pmo.Resource], selectResources+` WHERE id = $1 FOR UPDATE`, id)
	if len(found) == 0 {
		return nil, err
	}
	return &found[0], err
}
