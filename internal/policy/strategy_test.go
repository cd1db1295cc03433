package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/strategy"
)

func TestStrategyOfAPortfolio(t *testing.T) {
	p := policy.Default()
	s := p.Strategy("digital")
	require.Equal(t, 26*7*24*time.Hour, s.Window)
	require.Equal(t, s.Window, s.LongestWindow())
	targets := 0.0
	for _, theme := range strategy.Targets(s.Themes) {
		targets += *theme.Target
	}
	require.InDelta(t, 1, targets, 1e-9, "those by weight share what the others leave")
	require.Equal(t, "Support", s.Guardrails[0].Name)
	require.Equal(t, "Safety and compliance", s.Guardrails[1].Name)
	require.Equal(t, "Create what is new", s.Guardrails[2].Name)
	for kind, horizon := range map[string]string{"bug": "run", "data": "renew", "programme": "create"} {
		require.Equal(t, horizon, p.Horizon("digital", pmo.Content{Kind: kind}))
	}
	require.Empty(t, p.Horizon("other", pmo.Content{Kind: "bug"}))
	words := strings.Join(p.Words(), "\n")
	for _, want := range []string{"Safety and compliance 20 %", "Better service for the public 30 %", `In Digital services a request is of the horizon "Keep things running" when kind in`,
		"Guardrail of Digital services: Support has at most 30 % of the work in process.", "Create what is new has at least 15 % of what was delivered in 182 days", "nothing is held back"} {
		require.Contains(t, words, want)
	}
}

// A policy before 0.9 has themes without weights: it sets no targets, and says nothing of them.
func TestThemesWithoutTargets(t *testing.T) {
	p, err := policy.Parse(edit(t, ", weight: 2}", "}", ", weight: 1}", "}", ", target: 0.2}", "}", ", target: 0.1}", "}", ", target: 0.25}", "}"))
	require.NoError(t, err)
	for _, theme := range strategy.Targets(p.Strategy("digital").Themes) {
		require.Nil(t, theme.Target)
	}
	require.NotContains(t, strings.Join(p.Words(), "\n"), "should go to")
}

func TestFaultsOfAStrategyAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ old, new, path, problem string }{
		"targets beyond all":           {"target: 0.2}", "target: 0.7}", "portfolios[0].themes", "have targets of 105 % together"},
		"target of more than all":      {"target: 0.2}", "target: 20}", "portfolios[0].themes[2].target", "between 0 and 1"},
		"guardrail of an unknown kind": {"kind: support, at_most", "kind: supprt, at_most", "portfolios[0].guardrails[0].kind", "\"supprt\" is not one of the kinds"},
		"guardrail of two things":      {"kind: support, at_most", "kind: support, theme: safety, at_most", "portfolios[0].guardrails[0]", "one theme, one kind or one horizon"},
		"guardrail without a bound":    {"kind: support, at_most: 0.3", "kind: support", "portfolios[0].guardrails[0]", "neither at_least nor at_most"},
		"guardrail upside down":        {"kind: support, at_most: 0.3", "kind: support, at_least: 0.5, at_most: 0.3", "portfolios[0].guardrails[0].at_least", "more than at_most"},
		"guardrail of a day":           {"at_least: 0.1, window: 26w", "at_least: 0.1, window: 1d", "portfolios[0].guardrails[1].window", "between 1w and"},
		"horizons without a last one":  {"{id: create, name: Create what is new}", "{id: create, name: Create what is new, when: size > 1}", "portfolios[0].horizons[2].when", "catch-all"},
	} {
		t.Run(name, func(t *testing.T) { requireFault(t, c.old, c.new, c.path, c.problem) })
	}
}
