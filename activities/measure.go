package activities

import (
	"context"
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// measureEvery is how often what a team finished is measured anew.
const measureEvery = 7 * 24 * time.Hour

// measureTeams measures what the teams of a portfolio finished, where that is due: the run that follows plans with the capacity that follows from it.
func (a *Activities) measureTeams(ctx context.Context, p *policy.Policy, in contract.RankInput) error {
	rules, zone := p.AssignPolicy(), p.Calendar(in.Portfolio).Location()
	return a.Store.MeasureTeams(ctx, store.Measuring{Portfolio: in.Portfolio, At: in.At, Before: in.At.Add(-measureEvery), Assumed: rules.AssumeSize,
		Measure: func(team pmo.Team, work []pmo.FinishedWork) *pmo.Finished {
			return pmo.FinishedOf(team, work, in.At, zone, rules.LoadCeiling)
		}})
}
