package backlog

import (
	"leanpmo/internal/assign"
	"leanpmo/internal/policy"
)

// SkillDelays are the skills that requests wait for, with what would help. Only requests that count are in the sums.
func (p *Placement) SkillDelays(counts func(id string) bool) ([]assign.SkillDelay, error) {
	return assign.SkillDelays(p.Waiting, p.candidates(nil), Assigning(p.Rules), assign.Counting{Counts: counts, Money: p.moneyAWeek(), Weeks: policy.WeeksAhead, Resources: p.resources(nil)})
}

// moneyAWeek is what a week of delay costs, of the requests that say it.
func (p *Placement) moneyAWeek() map[string]float64 {
	money := map[string]float64{}
	for i := range p.Rows {
		if cost := p.Rows[i].Content.Inputs.CostOfDelay; cost != nil {
			money[p.Rows[i].ID] = *cost
		}
	}
	return money
}
