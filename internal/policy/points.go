package policy

import (
	"fmt"
	"slices"
	"strings"

	"leanpmo/internal/priority"
	"leanpmo/internal/strategy"
)

const (
	// mostPointHolders and mostPoints bound what a page shows and a sum holds.
	mostPointHolders = 200
	mostPoints       = 10_000
)

// points checks the points of stakeholders of a portfolio.
func (c *checker) points(path string, d PortfolioDoc) {
	if d.Points == nil {
		return
	}
	path += ".points"
	c.that(slices.Contains(strategy.PeriodKinds(), d.Points.Period), path+".period", "must be month, quarter, half_year or year")
	c.that(len(d.Points.Holders) > 0, path+".holders", "is empty")
	c.that(len(d.Points.Holders) <= mostPointHolders, path+".holders", "are more than %d", mostPointHolders)
	seen := map[string]bool{}
	for i, h := range d.Points.Holders {
		at := fmt.Sprintf("%s.holders[%d]", path, i)
		c.that((h.Person == "") != (h.Group == ""), at, "is a person or a group")
		id := holderOf(h).ID()
		c.that(!seen[id], at, "%q is listed twice", h.Person+h.Group)
		seen[id] = true
		c.that(h.Points >= 1 && h.Points <= mostPoints, at+".points", "must be between 1 and %d", mostPoints)
	}
}

func holderOf(h PointHolderDoc) strategy.Holder {
	return strategy.Holder{Person: h.Person, Group: h.Group}
}

// pointWeights checks how the points of stakeholders count: never more than everything else together.
func (c *checker) pointWeights() {
	s := c.doc.Scoring
	w, others, own := s.Weights, 0.0, 0.0
	path := "scoring.weights." + priority.PointsInput
	c.between(path, w.StakeholderPoints, 0, 100)
	c.that(w.StakeholderPoints <= w.BusinessValue+w.TimeCriticality+w.RiskReduction, path, "is more than the other weights together: points are an input and do not decide")
	c.that(w.StakeholderPoints == 0 || len(s.Scale) > 0, path, "needs a scale")
	for _, k := range s.Criteria {
		switch {
		case k.Input == priority.PointsInput:
			own = k.Weight
			c.that(own > 0, "scoring.criteria", "the weight of %s must not be negative", priority.PointsInput)
		case k.Weight > 0:
			others += k.Weight
		}
	}
	c.that(own <= others, "scoring.criteria", "the weight of %s is more than the other positive weights together: points are an input and do not decide", priority.PointsInput)
}

// Points are the points of stakeholders of a portfolio.
func (p *Policy) Points(portfolio string) strategy.PointRules {
	return p.portfolio(portfolio).points()
}

func (d PortfolioDoc) points() strategy.PointRules {
	if d.Points == nil {
		return strategy.PointRules{}
	}
	r := strategy.PointRules{Kind: d.Points.Period}
	for _, h := range d.Points.Holders {
		r.Holders = append(r.Holders, strategy.Allowance{Holder: holderOf(h), Points: h.Points})
	}
	return r
}

// checkPointGroups checks that the groups that have points are there.
func (p *Policy) checkPointGroups(group func(path, id string, least int)) {
	for i, d := range p.doc.Portfolios {
		for j, h := range d.points().Holders {
			if h.Group != "" {
				group(fmt.Sprintf("portfolios[%d].points.holders[%d].group", i, j), h.Group, 1)
			}
		}
	}
}

var periodWords = map[strategy.PeriodKind]string{strategy.Month: "month", strategy.Quarter: "quarter", strategy.HalfYear: "half year", strategy.Year: "year"}

// pointRules say in words who has points, and what they do.
func (p *Policy) pointRules() []Rule {
	var rules []Rule
	for _, d := range p.doc.Portfolios {
		r := d.points()
		if len(r.Holders) == 0 {
			continue
		}
		var who []string
		for _, h := range r.Holders {
			text := fmt.Sprintf("%s %d", h.Name(), h.Points)
			if h.Group != "" {
				text += " together"
			}
			who = append(who, text)
		}
		rules = append(rules, always("In each %s stakeholders may put points on requests of %s: %s. They come back when a request ends without being delivered; what is not spent lapses.",
			periodWords[r.Kind], d.Name, strings.Join(who, ", ")), always("%s", pointsCount(p.Scoring(d.ID), d.Name)))
	}
	return rules
}

func pointsCount(s priority.Policy, name string) string {
	if w := s.PointsWeight(); w > 0 {
		return fmt.Sprintf("In the scores of %s points count with the weight %g: all points of a period are as much as the largest value of another input, and a request has its share of them.", name, w)
	}
	return fmt.Sprintf("Points are seen by all who may read a request; in the scores of %s they do not count.", name)
}
