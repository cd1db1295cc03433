package cli

import (
	"strings"
	"testing"
	"time"

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
		"GET /v1/backlog": wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{{Ref: "R-1", Rank: 1, IfPulled: []strategy.GuardrailEffect{{GuardrailFlag: strategy.GuardrailFlag{Words: "against a guardrail: Support then has 80 %"}}}}}}, Guardrails: []strategy.GuardrailFlag{broken}}}}
	got := run(t, f, "strategy", "--portfolio", "digital")
	require.NoError(t, got.err)
	require.Equal(t, "portfolio=digital", f.queries[0])
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"Digital: 8.0 team-weeks in process, 0.0 delivered in 182 days.", "size of 2 requests", "Service 40 % 25 % 2.0 0 % 0.0", "(none) - 75 % 6.0", "KIND",
		"Guardrail support, NOT KEPT: Support has 75 %", "Guardrail safe, kept: Safety has 20 %.", "Guardrail new, nothing yet"} {
		require.Contains(t, shown, want)
	}
	listed := strings.Join(strings.Fields(run(t, f, "backlog").out), " ")
	require.Contains(t, listed, "if pulled,")
	require.Contains(t, listed, "Guardrail support, NOT KEPT: Support has 75 % of the work in process.")
}

func TestKeyResultIsSaidAndShown(t *testing.T) {
	half := 0.5
	now := strategy.ObjectiveNow{ID: "permits", Name: "Permits in days", KeyResults: []strategy.KeyResultNow{{KeyResult: strategy.KeyResult{ID: "days", Name: "Days", Unit: "days", Start: 30, Target: 10}, Progress: &half, Stale: true,
		Said: &strategy.Said{Value: 20, By: "petra", At: time.Now()}}, {KeyResult: strategy.KeyResult{ID: "online", Name: "Online", Target: 80}}}}
	f := &fake{answers: map[string]any{"POST /v1/key-results": strategy.Said{Objective: "permits", KeyResult: "days", Value: 20},
		"GET /v1/strategy": wire.Strategy{Name: "Digital", Objectives: []wire.Objective{{ObjectiveNow: now, Requests: []wire.ServingRequest{{Ref: "R-7"}}}}}}}
	got := run(t, f, "key-result", "permits", "days", "20", "--request", "R-7", "--note", "counted")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"objective":"permits","key_result":"days","value":20,"note":"counted","request":"R-7"}`, f.bodies[0])
	require.Contains(t, got.out, "days of permits is 20.")
	require.Equal(t, ExitUsage, run(t, f, "key-result", "permits", "days", "many").code)
	shown := strings.Join(strings.Fields(run(t, f, "strategy").out), " ")
	for _, want := range []string{"Objective permits: Permits in days (how far is unknown)", "from 30 to 10; now 20 days, said by petra", "STALE (50 % of the way)", "unknown: nobody has said it", "served by R-7"} {
		require.Contains(t, shown, want)
	}
}
