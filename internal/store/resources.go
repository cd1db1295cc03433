package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

const selectResources = `SELECT id, name, unit, portfolio, amounts, revision FROM resource`

// mostResources is how many resources are read at most.
const mostResources = 1000

// Resources lists every shared resource.
func (s *Store) Resources(ctx context.Context) ([]pmo.Resource, error) {
	return many(ctx, s.pool, "list resources", pgx.RowToStructByPos[pmo.Resource], selectResources+` ORDER BY portfolio, id LIMIT $1`, mostResources)
}

// Resources lists the shared resources of the portfolio.
func (t *PortfolioTx) Resources(ctx context.Context) ([]pmo.Resource, error) {
	return many(ctx, t.tx, "list resources of a portfolio", pgx.RowToStructByPos[pmo.Resource], selectResources+` WHERE portfolio = $1 ORDER BY id LIMIT $2`, t.portfolio, mostResources)
}

// PutResource creates a resource (revision 0) or changes the revision the caller read; ErrConflict when it exists or has changed since. check judges it
// by what is held, under the lock of its portfolio: no place is taken in between.
func (s *Store) PutResource(ctx context.Context, r pmo.Resource, actor string, at time.Time, check func(before *pmo.Resource, holds []TeamHold) error) (pmo.Resource, error) {
	r.Name, r.Unit, r.Amounts = clean(r.Name), clean(r.Unit), append([]pmo.ResourceAmount{}, r.Amounts...)
	err := s.changeResource(ctx, r.ID, r.Portfolio, check, func(tx pgx.Tx, before *pmo.Resource) error {
		if before == nil && r.Revision != 0 || before != nil && (r.Revision != before.Revision || r.Portfolio != before.Portfolio) {
			return fmt.Errorf("put resource %s at revision %d: %w", r.ID, r.Revision, ErrConflict)
		}
		r.Revision++
		if _, err := write(ctx, tx, "put resource", `INSERT INTO resource (id, name, unit, portfolio, amounts, revision) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, unit = excluded.unit, amounts = excluded.amounts, revision = excluded.revision`,
			r.ID, r.Name, r.Unit, r.Portfolio, r.Amounts, r.Revision); err != nil {
			return err
		}
		body := map[string]any{"name": r.Name, "unit": r.Unit, "portfolio": r.Portfolio, "amounts": r.Amounts, "before": before}
		event := "changed"
		if before == nil {
			event = "created"
			delete(body, "before")
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeResource, ID: r.ID, Event: event, Body: body, Answer: r})
	})
	return r, err
}

// DropResource deletes a resource; ErrNotFound when there is none.
func (s *Store) DropResource(ctx context.Context, id, portfolio, actor string, at time.Time, check func(before *pmo.Resource, holds []TeamHold) error) error {
	return s.changeResource(ctx, id, portfolio, check, func(tx pgx.Tx, before *pmo.Resource) error {
		if before == nil {
			return fmt.Errorf("drop resource %s: %w", id, ErrNotFound)
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
		if err := lockPortfolio(ctx, tx, portfolio); err != nil {
			return err
		}
		found, err := many(ctx, tx, "read resource", pgx.RowToStructByPos[pmo.Resource], selectResources+` WHERE id = $1 FOR UPDATE`, id)
		if err != nil {
			return err
		}
		var before *pmo.Resource
		if len(found) > 0 {
			before = &found[0]
		}
		holds, err := (&PortfolioTx{tx: tx, portfolio: portfolio}).Holds(ctx)
		if err != nil {
			return err
		}
		if err := check(before, holds); err != nil {
			return err
		}
		if err := wantPrioritizationForTeams(ctx, tx, portfolio); err != nil {
			return err
		}
		return f(tx, before)
	})
}
