package policy

import (
	"fmt"
	"slices"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
)

// scoring checks how requests are scored.
func (c *checker) scoring() {
	s := c.doc.Scoring
	for i, value := range s.Scale {
		path := fmt.Sprintf("scoring.scale[%d]", i)
		c.between(path, value, pmo.LeastJobSize, maxScore)
		c.that(i == 0 || value > s.Scale[i-1], path, "must be more than the value before")
	}
	w := s.Weights
	c.between("scoring.weights.business_value", w.BusinessValue, 0, 100)
	c.between("scoring.weights.time_criticality", w.TimeCriticality, 0, 100)
	c.between("scoring.weights.risk_reduction", w.RiskReduction, 0, 100)
	c.that(w != priority.Weights{}, "scoring.weights", "are all zero")
	c.between("scoring.ageing_per_week", s.AgeingPerWeek, 0, 100)
	c.between("scoring.near_tie", s.NearTie, 0, 0.5)
	c.elapsed("scoring.unknown_lead", s.UnknownLead)
	c.that(s.AgeingPerWeek == 0 || s.LongestWait.Zero(), "scoring.longest_wait", "stands beside ageing_per_week; one rule says how waiting counts")
	for path, d := range map[string]calendar.Duration{"scoring.longest_wait": s.LongestWait, "scoring.stale_after": s.StaleAfter} {
		if !d.Zero() {
			c.elapsed(path, d)
			c.that(elapsed(d) >= leastWait, path, "must be at least 4w")
		}
	}
	c.that(s.Spread == 0 || s.Spread > 1 && s.Spread <= 1e9, "scoring.spread", "must be more than 1 and at most 1000000000")
	c.models()
	c.pointWeights()
}

// leastWait keeps ageing from deciding all by itself.
const leastWait = 4 * 7 * 24 * 3600 * 1e9

func (c *checker) models() {
	s := c.doc.Scoring
	c.model("scoring.model", s.Model)
	weighted := s.Model == priority.Weighted
	for i, d := range c.doc.Portfolios {
		c.model(fmt.Sprintf("portfolios[%d].scoring_model", i), d.ScoringModel)
		weighted = weighted || d.ScoringModel == priority.Weighted
	}
	c.that(s.Normalise == "" || s.Normalise == priority.NormaliseScale || s.Normalise == priority.NormaliseBacklog, "scoring.normalise", "must be scale or backlog")
	gains, seen := 0, map[string]bool{}
	for i, k := range s.Criteria {
		path := fmt.Sprintf("scoring.criteria[%d]", i)
		numbers := pmo.Inputs{}.Each()
		points := k.Input == priority.PointsInput
		c.that(points || slices.ContainsFunc(numbers, func(in pmo.Input) bool { return in.Name == k.Input }), path+".input", "is no input with a number")
		c.that(!seen[k.Input], path+".input", "stands twice")
		seen[k.Input] = true
		c.between(path+".weight", k.Weight, -100, 100)
		c.that(k.Weight != 0, path+".weight", "is zero")
		c.that(points || s.Normalise == priority.NormaliseBacklog || slices.Contains(pmo.ScoreInputs(), k.Input), path+".input", "is not on the scale; normalise: backlog takes any input")
		if k.Weight > 0 {
			gains++
		}
	}
	c.that(!weighted || gains > 0, "scoring.criteria", "must have a positive weight")
	c.that(!weighted || s.Normalise == priority.NormaliseBacklog || len(s.Scale) > 0, "scoring.normalise", "needs a scale")
}

func (c *checker) model(path string, m priority.Model) {
	c.that(m == "" || slices.Contains(priority.Models(), m), path, "%q is no scoring model", m)
}
