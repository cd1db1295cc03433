package backlog

import (
	"context"
	"math"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// readCarried reads what the teams carried over the last weeks, where the policy counts it. They end with the day before yesterday, wherever the
// portfolio is: what is given today changes nothing of them, so a plan holds while its places are taken.
func readCarried(ctx context.Context, tx *store.PortfolioTx, rules policy.AssignPolicy) (map[string]float64, error) {
	if rules.Fairness == 0 || !rules.Today.Valid() {
		return nil, nil
	}
	until := rules.Today.EndUTC().AddDate(0, 0, -2)
	return tx.Carried(ctx, until.AddDate(0, 0, -7*policy.WeeksBack), until)
}

// CarriedBy is what a team carried over the last weeks, as a share of the capacity that it has now.
func (p *Placement) CarriedBy(team pmo.Team) float64 {
	if team.Capacity <= 0 {
		return 0
	}
	return math.Round(p.Carried[team.ID]/team.Capacity/policy.WeeksBack*1e4) / 1e4
}
