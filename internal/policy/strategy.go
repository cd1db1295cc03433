package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
)

const (
	// defaultStrategyWindow is how far back delivered work counts where a portfolio names no window.
	defaultStrategyWindow = 26 * 7 * 24 * time.Hour
	// shortestWindow and longestWindow bound it: in a day too little is delivered to speak of shares.
	shortestWindow = 7 * 24 * time.Hour
	longestWindow  = 3 * 365 * 24 * time.Hour
	// mostGuardrails of a portfolio are stored with each run.
	mostGuardrails = 30
)

// strategy checks themes, horizons and guardrails of a portfolio.
func (c *checker) strategy(path string, d PortfolioDoc) {
	targets := 0.0
	for i, t := range d.Themes {
		at := fmt.Sprintf("%s.themes[%d]", path, i)
		c.between(at+".weight", t.Weight, 0, 100)
		c.share(at+".target", t.Target)
		if t.Target != nil {
			targets += *t.Target
		}
	}
	c.that(targets <= 1+1e-9, path+".themes", "have targets of %.0f %% together, more than all", targets*100)
	c.window(path+".strategy_window", d.StrategyWindow)
	if len(d.Horizons) > 0 {
		c.ids(path+".horizons", collect(d.Horizons, func(h HorizonDoc) string { return h.ID }))
		c.cascade(path+".horizons", collect(d.Horizons, func(h HorizonDoc) string { return h.When }), scopeContent)
	}
	for i, h := range d.Horizons {
		c.that(h.Name != "", fmt.Sprintf("%s.horizons[%d].name", path, i), "is missing")
	}
	if len(d.Guardrails) > 0 {
		c.ids(path+".guardrails", collect(d.Guardrails, func(g GuardrailDoc) string { return g.ID }))
	}
	c.that(len(d.Guardrails) <= mostGuardrails, path+".guardrails", "are more than %d", mostGuardrails)
	for i, g := range d.Guardrails {
		c.guardrail(fmt.Sprintf("%s.guardrails[%d]", path, i), d, g)
	}
}

func (c *checker) window(path string, d calendar.Duration) {
	if d.Zero() {
		return
	}
	c.elapsed(path, d)
	c.that(elapsed(d) >= shortestWindow && elapsed(d) <= longestWindow, path, "lies between 1w and 3 years")
}

func (c *checker) guardrail(path string, d PortfolioDoc, g GuardrailDoc) {
	of := 0
	for _, is := range []struct {
		field, name string
		known       []string
	}{
		{"theme", g.Theme, collect(d.Themes, func(t ThemeDoc) string { return t.ID })},
		{"kind", g.Kind, collect(c.doc.Intake.Kinds, func(k KindDoc) string { return k.ID })},
		{"horizon", g.Horizon, collect(d.Horizons, func(h HorizonDoc) string { return h.ID })},
	} {
		if is.name != "" {
			of++
			c.that(slices.Contains(is.known, is.name), path+"."+is.field, "%q is not one of the %ss", is.name, is.field)
		}
	}
	c.that(of == 1, path, "is on one theme, one kind or one horizon")
	c.that(g.AtLeast != nil || g.AtMost != nil, path, "has neither at_least nor at_most")
	c.share(path+".at_least", g.AtLeast)
	c.share(path+".at_most", g.AtMost)
	c.that(g.AtLeast == nil || g.AtMost == nil || *g.AtLeast <= *g.AtMost, path+".at_least", "is more than at_most")
	c.window(path+".window", g.Window)
}

func (c *checker) share(path string, share *float64) {
	if share != nil {
		c.between(path, *share, 0, 1)
	}
}

// Strategy is what the policy says about where a portfolio's capacity should go.
func (p *Policy) Strategy(portfolio string) strategy.Rules {
	return p.doc.strategy(p.portfolio(portfolio))
}

func (d Document) strategy(portfolio PortfolioDoc) strategy.Rules {
	r := strategy.Rules{Window: cmp.Or(elapsed(portfolio.StrategyWindow), defaultStrategyWindow)}
	for _, t := range portfolio.Themes {
		r.Themes = append(r.Themes, strategy.Theme{ID: t.ID, Name: cmp.Or(t.Name, t.ID), Weight: t.Weight, Target: t.Target})
	}
	for _, k := range d.Intake.Kinds {
		r.Kinds = append(r.Kinds, strategy.Named{ID: k.ID, Name: k.Name})
	}
	for _, h := range portfolio.Horizons {
		r.Horizons = append(r.Horizons, strategy.Named{ID: h.ID, Name: h.Name})
	}
	for _, g := range portfolio.Guardrails {
		of := strategy.Guardrail{ID: g.ID, AtLeast: g.AtLeast, AtMost: g.AtMost, Window: elapsed(g.Window)}
		switch {
		case g.Theme != "":
			of.By, of.Of = strategy.ByTheme, g.Theme
			for _, t := range r.Themes {
				if t.ID == g.Theme {
					of.Name = t.Name
				}
			}
		case g.Kind != "":
			of.By, of.Of, of.Name = strategy.ByKind, g.Kind, named(r.Kinds, g.Kind)
		default:
			of.By, of.Of, of.Name = strategy.ByHorizon, g.Horizon, named(r.Horizons, g.Horizon)
		}
		r.Guardrails = append(r.Guardrails, of)
	}
	return r
}

func named(list []strategy.Named, id string) string {
	for _, n := range list {
		if n.ID == id {
			return n.Name
		}
	}
	return id
}

// Horizon is that of a request of the portfolio; empty where the policy knows none. A condition that fails decides nothing: the last horizon is
// the request's.
func (p *Policy) Horizon(portfolio string, content pmo.Content) string {
	i := slices.IndexFunc(p.doc.Portfolios, func(d PortfolioDoc) bool { return d.ID == portfolio })
	if i < 0 || len(p.doc.Portfolios[i].Horizons) == 0 {
		return ""
	}
	horizons := p.doc.Portfolios[i].Horizons
	at, err := p.first(fmt.Sprintf("portfolios[%d].horizons", i), len(horizons), facts{content: content}.known())
	if err != nil {
		at = len(horizons) - 1
	}
	return horizons[at].ID
}

// strategyRules say in words where capacity should go.
func (p *Policy) strategyRules() []Rule {
	var rules []Rule
	for _, d := range p.doc.Portfolios {
		s := p.doc.strategy(d)
		var targets []string
		for _, t := range strategy.Targets(s.Themes) {
			if t.Target != nil {
				targets = append(targets, fmt.Sprintf("%s %.0f %%", t.Name, *t.Target*100))
			}
		}
		if len(targets) > 0 {
			rules = append(rules, always("The capacity of %s should go to: %s. What serves several themes counts for each in equal parts.", d.Name, strings.Join(targets, ", ")))
		}
		for _, h := range d.Horizons {
			rules = append(rules, conditional(h.When, otherwise, "In %s a request is of the horizon %q", d.Name, h.Name).end("."))
		}
		for _, g := range s.Guardrails {
			of := "the work in process"
			if g.Window > 0 {
				of = fmt.Sprintf("what was delivered in %d days", int(g.Window.Hours()/24))
			}
			rules = append(rules, always("Guardrail of %s: %s has %s of %s. Where it is not kept, runs, pulls, board and backlog say so; nothing is held back.", d.Name, g.Name,
				strategy.Bounds(g.AtLeast, g.AtMost), of))
		}
	}
	return rules
}
