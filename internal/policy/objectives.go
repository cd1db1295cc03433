package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
)

// ObjectiveDoc is what a portfolio wants to reach, with the numbers that say how far it is.
type ObjectiveDoc struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Theme      string         `json:"theme,omitempty"`
	Until      pmo.Date       `json:"until,omitempty"`
	KeyResults []KeyResultDoc `json:"key_results"`
}

// KeyResultDoc is one of these numbers. What it is now is said by people, and is no part of the policy.
type KeyResultDoc struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Unit   string  `json:"unit,omitempty"`
	Start  float64 `json:"start"`
	Target float64 `json:"target"`
}

const (
	// mostObjectives and mostKeyResults bound what one page shows.
	mostObjectives, mostKeyResults = 30, 10
	mostKeyResultValue             = 1e12
	// defaultKeyResultsStale is the age after which the value of a key result is marked.
	defaultKeyResultsStale = 35 * 24 * time.Hour
)

func (c *checker) objectives(path string, d PortfolioDoc) {
	if !d.KeyResultsStale.Zero() {
		c.elapsed(path+".key_results_stale_after", d.KeyResultsStale)
	}
	if len(d.Objectives) == 0 {
		return
	}
	c.that(len(d.Objectives) <= mostObjectives, path+".objectives", "are more than %d", mostObjectives)
	c.ids(path+".objectives", collect(d.Objectives, func(o ObjectiveDoc) string { return o.ID }))
	themes := collect(d.Themes, func(t ThemeDoc) string { return t.ID })
	for i, o := range d.Objectives {
		at := fmt.Sprintf("%s.objectives[%d]", path, i)
		c.that(o.Name != "", at+".name", "is missing")
		c.that(o.Theme == "" || slices.Contains(themes, o.Theme), at+".theme", "%q is not one of the themes", o.Theme)
		c.that(o.Until.Valid(), at+".until", "is not a date like 2027-03-31")
		c.that(len(o.KeyResults) <= mostKeyResults, at+".key_results", "are more than %d", mostKeyResults)
		c.ids(at+".key_results", collect(o.KeyResults, func(k KeyResultDoc) string { return k.ID }))
		for j, k := range o.KeyResults {
			here := fmt.Sprintf("%s.key_results[%d]", at, j)
			c.that(k.Name != "", here+".name", "is missing")
			c.between(here+".start", k.Start, -mostKeyResultValue, mostKeyResultValue)
			c.between(here+".target", k.Target, -mostKeyResultValue, mostKeyResultValue)
			c.that(k.Start != k.Target, here+".target", "is the start: there is nothing to reach")
		}
	}
}

// Objectives are those of a portfolio, and the age after which the value of a key result is stale.
func (p *Policy) Objectives(portfolio string) ([]strategy.Objective, time.Duration) {
	d := p.portfolio(portfolio)
	var list []strategy.Objective
	for _, o := range d.Objectives {
		out := strategy.Objective{ID: o.ID, Name: o.Name, Theme: o.Theme, Until: o.Until}
		for _, k := range o.KeyResults {
			out.KeyResults = append(out.KeyResults, strategy.KeyResult(k))
		}
		list = append(list, out)
	}
	return list, cmp.Or(elapsed(d.KeyResultsStale), defaultKeyResultsStale)
}

// ObjectiveIDs lists those of all portfolios.
func (p *Policy) ObjectiveIDs() []string {
	var ids []string
	for _, d := range p.doc.Portfolios {
		for _, o := range d.Objectives {
			if !slices.Contains(ids, o.ID) {
				ids = append(ids, o.ID)
			}
		}
	}
	return ids
}

// objectiveRules say in words what the portfolios want to reach.
func (p *Policy) objectiveRules() []Rule {
	var rules []Rule
	for _, d := range p.doc.Portfolios {
		for _, o := range d.Objectives {
			var numbers []string
			for _, k := range o.KeyResults {
				numbers = append(numbers, strings.TrimSpace(fmt.Sprintf("%s from %g to %g %s", k.Name, k.Start, k.Target, k.Unit)))
			}
			text := fmt.Sprintf("Objective of %s: %s (%s)", d.Name, o.Name, strings.Join(numbers, "; "))
			if o.Until != "" {
				text += " until " + string(o.Until)
			}
			rules = append(rules, always("%s.", text))
		}
		if len(d.Objectives) > 0 {
			_, stale := p.Objectives(d.ID)
			rules = append(rules, always("What a key result is now is said by the PMO; after %d days it is marked as stale.", int(stale.Hours()/24)))
		}
	}
	return rules
}
