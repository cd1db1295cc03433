package cache

import (
	"context"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// everywhere is the key of what is cached of all portfolios together: a request may need one of another portfolio.
const everywhere = ""

// prerequisites are what requests need, by their id.
func (c *Cache) prerequisites(ctx context.Context) (map[string][]forecast.Prerequisite, error) {
	return lookup(ctx, &c.mu, c.needs, everywhere, func(ctx context.Context, _ map[string][]forecast.Prerequisite) (map[string][]forecast.Prerequisite, error) {
		list, err := c.source.Prerequisites(ctx)
		needs := map[string][]forecast.Prerequisite{}
		for _, p := range list {
			needs[p.NeededBy] = append(needs[p.NeededBy], p)
		}
		return needs, err
	})
}

// before are the parts that must be far enough before a request is pulled. seen are the requests on the way to it: a cycle ends there.
func (c *Cache) before(ctx context.Context, r *pmo.Request, at time.Time, seen map[string]bool) ([]forecast.Part, error) {
	_, need := c.calendars.ForecastNeeds(r.Portfolio)
	if need == forecast.NeedNothing || r.Pulled() {
		return nil, nil
	}
	needs, err := c.prerequisites(ctx)
	if err != nil || len(needs[r.ID]) == 0 {
		return nil, err
	}
	seen[r.ID] = true
	defer delete(seen, r.ID)
	var parts []forecast.Part
	for i := range needs[r.ID] {
		p := &needs[r.ID][i]
		if seen[p.Request.ID] || need == forecast.NeedBegun && p.Request.Pulled() {
			continue
		}
		part, err := c.partOf(ctx, p, at, seen)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part.Until(need))
	}
	return parts, nil
}

// partOf is the part of a request that another one needs, after what it needs itself.
func (c *Cache) partOf(ctx context.Context, p *forecast.Prerequisite, at time.Time, seen map[string]bool) (forecast.Part, error) {
	demand, err := c.Demand(ctx, p.Request.Portfolio, at)
	if err != nil {
		return forecast.Part{}, err
	}
	in, err := c.inputs(ctx, p.Request.Portfolio, at)
	if err != nil {
		return forecast.Part{}, err
	}
	limit, _ := c.calendars.ForecastNeeds(p.Request.Portfolio)
	part := in.forecast(in.queueOf(&p.Request, Place{Rank: p.Rank, WIPLimit: limit, Counted: true}, demand, at)).part
	part.Queue = p.Request.Portfolio
	before, err := c.before(ctx, &p.Request, at, seen)
	return part.After(in.options, before...), err
}
