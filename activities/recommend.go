package activities

import (
	"context"
	"time"

	"leanpmo/internal/approach"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/recommend"
)

// mismatchesKept limits what a request keeps of what speaks against its approach; the rest is read when it is asked for.
const mismatchesKept = 4

// Recommend recommends an approach for a request and drafts a plan for it; if an approach was chosen already, it only drafts the plan.
func (a *Activities) Recommend(_ context.Context, in contract.RecommendInput) (contract.Recommended, error) {
	p := a.Policy.Now()
	rules, size := recommend.Rules(p), &in.Content.Size
	if in.Chosen != "" {
		return contract.Recommended{Plan: plan(approach.Approach(in.Chosen), size, in.At, rules.Plan)}, nil
	}
	work := recommend.Context(in.Content, in.Lane)
	r := approach.Recommend(work, rules)
	recommended := pmo.Approach{Recommended: string(r.Approach), RunnerUp: string(r.RunnerUp), Policy: p.Name(), LifeCycle: string(r.LifeCycle),
		PlannedPart: r.Planned, AgilePart: r.Agile, Mismatches: r.Mismatches[:min(len(r.Mismatches), mismatchesKept)], Sure: r.Stated}
	for _, reason := range r.Reasons {
		recommended.Reasons = append(recommended.Reasons, reason.Text)
	}
	for _, s := range r.Sensitivities[:min(len(r.Sensitivities), 3)] {
		recommended.Sensitivity = append(recommended.Sensitivity, s.Text)
	}
	return contract.Recommended{Approach: recommended, Plan: plan(r.Approach, size, in.At, rules.Plan)}, nil
}

func plan(a approach.Approach, size *float64, at time.Time, rules approach.PlanPolicy) pmo.Plan {
	s := approach.Skeleton(a, size, at, rules)
	p := pmo.Plan{Approach: string(a), Summary: s.Sentence(), Iterations: s.Iterations, WeeksEach: s.IterationWeeks}
	for _, m := range s.Milestones {
		p.Milestones = append(p.Milestones, pmo.Milestone{Name: m.Name, Due: pmo.Date(m.Due.UTC().Format(time.DateOnly))})
	}
	if s.SLE != nil {
		p.SLE = s.SLE.Sentence()
	}
	return p
}
