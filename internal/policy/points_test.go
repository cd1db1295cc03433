package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
	"leanpmo/internal/strategy"
)

func TestPointsOfStakeholders(t *testing.T) {
	p := policy.Default()
	rules := p.Points("digital")
	require.Equal(t, strategy.Quarter, rules.Kind)
	require.Equal(t, 80, rules.All())
	s := p.Scoring("digital")
	require.Equal(t, 80.0, s.AllPoints)
	require.Zero(t, s.PointsWeight(), "by default they do not count")
	words := strings.Join(p.Words(), "\n")
	require.Contains(t, words, "In each quarter stakeholders may put points on requests of Digital services: approvers 40 together, delivery-leads 20 together, finance 20 together.")
	require.Contains(t, words, "in the scores of Digital services they do not count")

	half := 0.5
	weighed, err := p.With("digital", policy.Patch{Points: &half})
	require.NoError(t, err)
	require.InDelta(t, 0.5, weighed.Scoring("digital").PointsWeight(), 0)
	require.Contains(t, strings.Join(weighed.Words(), "\n"), "points count with the weight 0.5: all points of a period are as much as the largest value of another input")
	changes := policy.Diff(p, weighed).Changes
	require.Len(t, changes, 1)
	require.Equal(t, "scoring.weights.stakeholder_points", changes[0].Path)
}

func TestFaultsOfPointsAreNamed(t *testing.T) {
	const weights = "weights: {business_value: 1, time_criticality: 1, risk_reduction: 1"
	for name, c := range map[string]struct{ old, new, path, problem string }{
		"unknown period":            {"period: quarter", "period: fortnight", "portfolios[0].points.period", "must be month, quarter, half_year or year"},
		"a person and a group":      {"group: finance, points: 20", "group: finance, person: bo, points: 20", "portfolios[0].points.holders[2]", "is a person or a group"},
		"nobody":                    {"{group: finance, points: 20}", "{points: 20}", "portfolios[0].points.holders[2]", "is a person or a group"},
		"twice":                     {"group: finance, points: 20", "group: approvers, points: 20", "portfolios[0].points.holders[2]", "listed twice"},
		"no points":                 {"group: finance, points: 20", "group: finance, points: 0", "portfolios[0].points.holders[2].points", "between 1 and"},
		"more than all others":      {weights, weights + ", stakeholder_points: 3.1", "scoring.weights.stakeholder_points", "do not decide"},
		"a weight without a scale":  {"scale: [1, 2, 3, 5, 8, 13, 20]", "scale: []", "scoring.weights.stakeholder_points", "needs a scale"},
		"the only criterion":        {"model: wsjf", "model: weighted\n  criteria: [{input: stakeholder_points, weight: 1}]", "scoring.criteria", "do not decide"},
		"a criterion against":       {"model: wsjf", "model: weighted\n  criteria: [{input: business_value, weight: 1}, {input: stakeholder_points, weight: -1}]", "scoring.criteria", "must not be negative"},
		"a group that is not there": {},
	} {
		t.Run(name, func(t *testing.T) {
			switch name {
			case "a group that is not there":
				p, err := policy.Parse(edit(t, "group: finance, points: 20", "group: nobody-here, points: 20"))
				require.NoError(t, err)
				dir, err := directory.Parse(directory.Local())
				require.NoError(t, err)
				require.ErrorContains(t, p.CheckDirectory(dir), `portfolios[0].points.holders[2].group`)
			case "a weight without a scale":
				_, err := policy.Parse(edit(t, c.old, c.new, weights, weights+", stakeholder_points: 1"))
				require.ErrorContains(t, err, c.path)
				require.ErrorContains(t, err, c.problem)
			default:
				requireFault(t, c.old, c.new, c.path, c.problem)
			}
		})
	}
}
