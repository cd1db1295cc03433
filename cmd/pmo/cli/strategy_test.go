package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

func TestStrategyShowsTargetsSharesAndGuardrails(t *testing.T) {
	target := 0.4
	broken := strategy.GuardrailFlag{ID: "support", Broken: true, Total: 8, Words: "Support has 75 % of the work in process."}
	f := &fake{answers: map[string]any{"GET /v1/strategy": wire.Strategy{Name: "Digital", Report: strategy.Report{WindowDays: 182, Assumed: 2,
		InProcess: strategy.Portion{Size: 8}, Themes: []strategy.ShareLine{{ID: "service", Name: "Service", Target: &target, InProcess: strategy.Portion{Size: 2, Share: 0.25}},
			{InProcess: strategy.Portion{Size: 6, Share: 0.75}}}, Kinds: []strategy.ShareLine{{ID: "support", Name: "Support"}},
		Guardrails: []strategy.GuardrailFlag{broken, {ID: "safe", Total: 8, Words: "Safety has 20 %."}, {ID: "new", Words: "Nothing."}}}},
		"GET /v1/backlog": wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{{Ref: "R-1", Rank: 1}}}, Guardrails: []strategy.GuardrailFlag{broken}}}}
	got := run(t, f, "strategy", "--portfolio", "digital")
	require.NoError(t, got.err)
	require.Equal(t, "portfolio=digital", f.queries[0])
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"Digital: 8.0 team-weeks in process, 0.0 delivered in 182 days.", "size of 2 requests", "Service 40 % 25 % 2.0 0 % 0.0", "(none) - 75 % 6.0", "KIND",
		"Guardrail support, NOT KEPT: Support has 75 %", "Guardrail safe, kept: Safety has 20 %.", "Guardrail new, nothing yet"} {
		require.Contains(t, shown, want)
	}
	require.Contains(t, strings.Join(strings.Fields(run(t, f, "backlog").out), " "), "Guardrail support, NOT KEPT: Support has 75 % of the work in process.")
}
