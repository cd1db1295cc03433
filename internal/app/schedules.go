package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"leanpmo/internal/engine"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// schedulesEvery is how often a worker asks whether schedules have to follow a policy that was accepted: one row of a small index.
const schedulesEvery = 2 * time.Second

// scheduleStore says which policy the schedules have to follow.
type scheduleStore interface {
	Unscheduled(ctx context.Context) (store.Proposal, error)
	PolicyVersion(ctx context.Context, version int) (store.PolicyVersion, error)
	Scheduled(ctx context.Context, version int, at time.Time) error
}

// scheduler changes the schedules in Temporal.
type scheduler interface {
	KeepSchedules(ctx context.Context, portfolios []engine.Portfolio) error
	DropSchedule(ctx context.Context, portfolio string) error
}

// scheduleKeeper brings the schedules of the runs to a policy that was accepted. It runs in every worker and keeps nothing: the database says what
// is left to do, so that it is done when Temporal is back, or by another worker.
type scheduleKeeper struct {
	store     scheduleStore
	schedules scheduler
	log       *slog.Logger
}

func (k scheduleKeeper) serve(ctx context.Context) {
	tick := time.NewTicker(schedulesEvery)
	defer tick.Stop()
	for {
		if err := k.look(ctx, time.Now().UTC()); err != nil && ctx.Err() == nil {
			k.log.WarnContext(ctx, "schedules do not follow the policy in force yet", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (k scheduleKeeper) look(ctx context.Context, at time.Time) error {
	behind, err := k.store.Unscheduled(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := k.policy(ctx, behind.Version)
	if err != nil {
		return err
	}
	before, err := k.policy(ctx, behind.Base)
	if err != nil {
		return err
	}
	if err := k.schedules.KeepSchedules(ctx, schedulesOf(now)); err != nil {
		return err
	}
	for _, id := range before.Portfolios() {
		if slices.Contains(now.Portfolios(), id) {
			continue
		}
		if err := k.schedules.DropSchedule(ctx, id); err != nil {
			return err
		}
	}
	if err := k.store.Scheduled(ctx, behind.Version, at); err != nil {
		return err
	}
	k.log.InfoContext(ctx, "schedules follow the policy", "policy", now.Name())
	return nil
}

func (k scheduleKeeper) policy(ctx context.Context, version int) (*policy.Policy, error) {
	stored, err := k.store.PolicyVersion(ctx, version)
	if err != nil {
		return nil, err
	}
	return policy.Parse(stored.Source)
}

// schedulesOf are the schedules that a policy wants.
func schedulesOf(p *policy.Policy) []engine.Portfolio {
	var list []engine.Portfolio
	for _, id := range p.Portfolios() {
		list = append(list, engine.Portfolio{ID: id, Every: p.Schedule(id).Every})
	}
	return list
}
