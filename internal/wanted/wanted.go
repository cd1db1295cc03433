// Package wanted starts the prioritizations that the store says are wanted.
package wanted

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"leanpmo/internal/policy"
)

// Starter starts a prioritization of a portfolio, at most one in gap, and records the cause in it.
type Starter func(ctx context.Context, portfolio, cause string, now time.Time, gap time.Duration) error

// Store notes that a wanted prioritization was not started.
type Store interface {
	PrioritizationNotRequested(ctx context.Context, portfolio string) error
}

// Start starts a wanted prioritization. It never fails its caller: if the call fails, the next projection or the schedule makes up for it.
func Start(ctx context.Context, s Store, start Starter, p *policy.Policy, log *slog.Logger, portfolio, cause string, now time.Time) {
	err := start(ctx, portfolio, cause, now, p.Schedule(portfolio).RunAtMostEvery)
	if err == nil {
		return
	}
	// Without the caller's cancellation, because its time may be over: otherwise no projection would request it for a while.
	err = errors.Join(err, s.PrioritizationNotRequested(context.WithoutCancel(ctx), portfolio))
	log.WarnContext(ctx, "prioritization not started; the next projection or the schedule starts it", "portfolio", portfolio, "cause", cause, "error", err)
}
