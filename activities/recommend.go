package activities

import (
	"context"
	"fmt"

	"leanpmo/internal/approach"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/recommend"
)

// Recommend recommends an approach for a request and drafts a plan for it; if an approach was chosen already, it only drafts the plan.
func (a *Activities) Recommend(ctx context.Context, in contract.RecommendInput) (contract.Recommended, error) {
	p := a.Policy.Now()
	work := recommend.Context(in.Content, in.Lane)
	r := approach.Recommend(work, p.ApproachRules())
	plan, err := a.draft(ctx, in, r)
	if err != nil || in.Chosen != "" {
		return contract.Recommended{Plan: plan}, err
	}
	recommended := pmo.Approach{Recommended: string(r.Approach), RunnerUp: string(r.RunnerUp), Policy: p.Name(), LifeCycle: string(r.LifeCycle),
		PlannedPart: r.Planned, AgilePart: r.Agile, Mismatches: recommend.Mismatches(r), Sure: r.Stated}
	for _, reason := range r.Reasons {
		recommended.Reasons = append(recommended.Reasons, reason.Text)
	}
	for _, s := range r.Sensitivities[:min(len(r.Sensitivities), 3)] {
		recommended.Sensitivity = append(recommended.Sensitivity, s.Text)
	}
	return contract.Recommended{Approach: recommended, Plan: plan}, nil
}

// draft makes the plan of the recommended approach, or of the chosen one.
func (a *Activities) draft(ctx context.Context, in contract.RecommendInput, r approach.Recommendation) (pmo.Plan, error) {
	var cycles approach.CycleTimes
	var works approach.Days
	p := a.Policy.Now()
	if in.Portfolio != "" {
		days, finished, err := a.forecasts.CycleTime(ctx, in.Portfolio, approach.ExpectedShare, in.At)
		if err != nil {
			return pmo.Plan{}, fmt.Errorf("read cycle times: %w", err)
		}
		cycles = approach.CycleTimes{Days: days, Finished: finished}
		works = p.Works(in.Portfolio)
	}
	return recommend.Draft(in.Content, r, in.Chosen, p.DayOf(in.Portfolio, in.At), cycles, works), nil
}
