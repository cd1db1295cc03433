package activities

import (
	"context"
	"time"

	"leanpmo/internal/approach"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Recommend recommends an approach for a request and drafts a plan for it; if an approach was chosen already, it only drafts the plan.
func (a *Activities) Recommend(_ context.Context, in contract.RecommendInput) (contract.Recommended, error) {
	p := a.Policy.Now()
	rules := recommending(p)
	work := workContext(in.Content, in.Lane)
	if in.Chosen != "" {
		return contract.Recommended{Plan: plan(approach.Approach(in.Chosen), work.JobSize, in.At, rules.Plan)}, nil
	}
	r := approach.Recommend(work, rules)
	recommended := pmo.Approach{Recommended: string(r.Approach), RunnerUp: string(r.RunnerUp), Policy: p.Name()}
	for _, reason := range r.Reasons {
		recommended.Reasons = append(recommended.Reasons, reason.Text)
	}
	for _, s := range r.Sensitivities[:min(len(r.Sensitivities), 3)] {
		recommended.Sensitivity = append(recommended.Sensitivity, s.Text)
	}
	return contract.Recommended{Approach: recommended, Plan: plan(r.Approach, work.JobSize, in.At, rules.Plan)}, nil
}

// workContext converts the content of a request to the input of the recommender. What is not given stays unknown.
func workContext(c pmo.Content, lane pmo.Lane) approach.Context {
	w := c.Context
	work := approach.Context{
		Lane: string(lane), Kind: c.Kind, ChangePerMonth: w.ChangePerMonth, Criticality: losses[w.Criticality],
		IncrementalDelivery: yesNo(w.Incremental), Separable: yesNo(w.Separable), UnknownProblem: yesNo(w.UnknownProblem),
		InterruptDriven: yesNo(w.InterruptDriven), FixedPriceScope: yesNo(w.FixedPrice), ManyReleasesPerDay: yesNo(w.ManyReleasesPerDay),
		Dependencies: yesNo(w.ManyDependencies), ProductOwnerAvailable: yesNo(w.ProductOwner),
	}
	if w.People > 0 {
		people := float64(w.People)
		work.People = &people
	}
	if w.UnplannedShare != nil {
		share := *w.UnplannedShare / 100
		work.UnplannedShare = &share
	}
	if c.Size > 0 {
		size := c.Size
		work.JobSize = &size
	}
	return work
}

var losses = map[string]approach.Criticality{
	"comfort": approach.LossTime, "discretionary": approach.LossDiscretionary, "essential": approach.LossEssential,
	"life": approach.LossLife, "lives": approach.LossManyLives,
}

func yesNo(b *bool) approach.Answer {
	switch {
	case b == nil:
		return approach.Unknown
	case *b:
		return approach.Yes
	}
	return approach.No
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
