package api

import (
	"context"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/backtest"
	"leanpmo/internal/policy"
)

// Backlogs reads what a portfolio's ranking and its assignments rest on, and what a policy is run over again; backlog.Reader is one.
type Backlogs interface {
	Snapshot(ctx context.Context, portfolio string, at time.Time) (backlog.Snapshot, error)
	Past(ctx context.Context, since, at time.Time) (backtest.Past, error)
	Simulation(ctx context.Context, portfolio string, at time.Time, zone *time.Location) (backlog.Simulation, error)
	Placement(ctx context.Context, portfolio string, rules policy.AssignPolicy) (backlog.Placement, error)
	Proposals(ctx context.Context, portfolio string, rules policy.AssignPolicy, at time.Time) (backlog.Proposals, error)
}
