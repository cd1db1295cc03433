package activities

import (
	"context"
	"fmt"

	"leanpmo/internal/approach"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/recommend"
)

// mismatchesKept limits what a request keeps of what speaks against its approach; the rest is read when it is asked for.
const mismatchesKept = 4

// Recommend recommends an approach for a request and drafts a plan for it; if an approach was chosen already, it only drafts the plan.
func (a *Activities) Recommend(ctx context.Context, in contract.RecommendInput) (contract.Recommended, error) {
	p := a.Policy.Now()
	work := recommend.Context(in.Content, in.Lane)
	r := approach.Recommend(work, recommend.Rules(p))
	plan, err := a.draft(ctx, in, r)
	if err != nil || in.Chosen != "" {
		return contract.Recommended{Plan: plan}, err
	}
	recommended := pmo.Approach{Recommended: string(r.Approach), RunnerUp: string(r.RunnerUp), Policy: p.Name(), LifeCycle: string(r.LifeCycle),
		PlannedPart: r.Planned, AgilePart: r.Agile, Mismatches: r.Mismatches[:min(len(r.Mismatches), mismatchesKept)], Sure: r.Stated}
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
	w := approach.Work{Approach: r.Approach, Size: &in.Content.Size, Start: in.At, Goal: pmo.Shorten(in.Content.Outcome, goalKept), Planned: r.Planned, Agile: r.Agile,
		Mismatches: r.Mismatches[:min(len(r.Mismatches), mismatchesKept)]}
	if in.Chosen != "" {
		w.Approach = approach.Approach(in.Chosen)
	}
	if w.Approach != r.Approach {
		w.Mismatches = append([]string{fmt.Sprintf("by the answers, %s was recommended: %s", r.Approach.Title(), r.Reasons[0].Text)}, w.Mismatches...)
	}
	if in.Portfolio != "" {
		days, finished, err := a.forecasts.CycleTime(ctx, in.Portfolio, approach.ExpectedShare, in.At)
		if err != nil {
			return pmo.Plan{}, fmt.Errorf("read cycle times: %w", err)
		}
		w.Cycles = approach.CycleTimes{Days: days, Finished: finished}
	}
	return approach.Skeleton(w), nil
}

// goalKept limits the goal of a drafted plan, in characters: a recommendation stays within 4 KB.
const goalKept = 500
