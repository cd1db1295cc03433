package app

import (
	"context"
	"log/slog"
	"time"

	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/promise"
)

// startTeller records what is told about when requests are done. Without the database it waits; nothing else depends on it.
func (p *dependencies) startTeller(ctx context.Context, log *slog.Logger) (stop func()) {
	teller := &promise.Teller{Store: p.store, Forecasts: cache.New(p.store, p.policy), Portfolios: p.toldPortfolios, Log: log, Now: time.Now}
	return background(ctx, teller.Serve)
}

// toldPortfolios are the portfolios of the policy in force.
func (p *dependencies) toldPortfolios() []promise.Portfolio {
	var list []promise.Portfolio
	rules := p.policy.Now()
	for _, id := range rules.Portfolios() {
		list = append(list, promise.Portfolio{ID: id, WIPLimit: rules.Limits(id).WIP, Zone: rules.Calendar(id).Location()})
	}
	return list
}
