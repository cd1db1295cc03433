package policy

import (
	"encoding/json"
	"fmt"
	"slices"

	"leanpmo/internal/priority"
)

// Patch is other numbers for one portfolio, to ask what they would do. What is nil or empty stays as it is.
type Patch struct {
	Model             priority.Model
	Value, Time, Risk *float64 // weights
	Points            *float64 // weight of the points of stakeholders
	WIPLimit          *int
}

// With is the policy with other numbers for a portfolio. It is checked as any policy is, and takes no force.
func (p *Policy) With(portfolio string, patch Patch) (*Policy, error) {
	doc := p.doc
	doc.Portfolios = slices.Clone(doc.Portfolios)
	i := slices.IndexFunc(doc.Portfolios, func(d PortfolioDoc) bool { return d.ID == portfolio })
	if i < 0 {
		return nil, Faults{{Path: "portfolio", Problem: fmt.Sprintf("%q is no portfolio of the policy", portfolio)}}
	}
	if patch.Model != "" {
		doc.Portfolios[i].ScoringModel = patch.Model
	}
	for _, w := range []struct{ given, into *float64 }{{patch.Value, &doc.Scoring.Weights.BusinessValue}, {patch.Time, &doc.Scoring.Weights.TimeCriticality}, {patch.Risk, &doc.Scoring.Weights.RiskReduction},
		{patch.Points, &doc.Scoring.Weights.StakeholderPoints}} {
		if w.given != nil {
			*w.into = *w.given
		}
	}
	if patch.WIPLimit != nil {
		doc.Portfolios[i].WIPLimit = *patch.WIPLimit
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write the policy with other numbers: %w", err)
	}
	return Parse(text)
}
