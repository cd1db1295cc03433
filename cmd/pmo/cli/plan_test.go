package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func TestAPlanIsShownWrittenAndApplied(t *testing.T) {
	index := 0.8
	view := wire.PlanView{Agreed: true, Version: 2, Plan: pmo.Plan{Approach: "predictive", Summary: "phases", Version: 2, AgreedAt: noon, Milestones: []pmo.Milestone{{Name: "built", Due: "2027-03-12", Gate: true}},
		Budget: &pmo.Budget{Unit: pmo.BudgetTeamWeeks, Total: 20, Change: 3}},
		Schedule: &wire.PlanSchedule{Critical: []string{"build"}, Duration: 10, Deviation: 1.5, Expected: "2027-03-12", P85: "2027-03-16", Packages: []wire.PlanPackage{{ID: "build", Name: "Build", Mean: 10, Deviation: 1.5, Critical: true}}},
		Measured: &wire.PlanEarnedValue{EarnedValue: pmo.EarnedValue{Planned: 10, Earned: 8, Spent: 10}, Unit: pmo.BudgetTeamWeeks, Budget: 20, CostIndex: &index},
		Changes:  []wire.PlanChange{{What: "milestone", Name: "built", Was: "2027-03-05", Is: "2027-03-12", Days: 7}},
		Signs:    []wire.PlanSign{{Kind: "unplanned", Says: "half comes unplanned", Suggests: "scrumban"}},
		Lacks:    []wire.PlanFault{{Pointer: "/goal", Detail: "says what the iterations lead to"}},
		Proposed: &wire.ProposedPlan{By: "theo", At: noon, Reason: "we learned", Plan: pmo.Plan{Approach: "hybrid", Summary: "both", Version: 3}, Changes: []wire.PlanChange{{What: "approach", Was: "predictive", Is: "hybrid"}}}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4/plan": view, "GET /v1/requests/R-4/plan/draft": wire.PlanDraft{Version: 3, Plan: pmo.Plan{Approach: "scrum", Summary: "s"}},
		"POST /v1/requests/R-4/plan": pmo.Receipt{Number: 4, Result: "plan_proposed"}}}
	got := run(t, f, "plan", "R-4")
	require.NoError(t, got.err)
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"agreed: phases", "milestone built (gate), 2027-03-12", "budget 20 team-weeks, 3 of it for changes", "package build Build: 10.0 ± 1.5 working days, critical", "in 85 % of all cases until 2027-03-16",
		"planned 10, earned 8, spent 10 of 20 team-weeks; CPI 0.80", "milestone built: 2027-03-05 → 2027-03-12 (7 days later)", "would change approach: predictive → hybrid", "lacks goal: says what the iterations lead to", "sign half comes unplanned; it speaks for scrumban: pmo plan REF --draft scrumban"} {
		require.Contains(t, shown, want)
	}

	got = run(t, f, "plan", "R-4", "--draft", "scrum")
	require.NoError(t, got.err)
	require.Equal(t, "approach: scrum\nsummary: s\nversion: 3\n", got.out)
	got = run(t, f, "plan", "R-4", "--yaml")
	require.NoError(t, got.err)
	require.Equal(t, "approach: hybrid\nsummary: both\nversion: 3\n", got.out, "the one that is proposed")
	require.Equal(t, ExitUsage, run(t, f, "plan", "R-4", "--yaml", "--draft", "scrum").code)

	file := filepath.Join(t.TempDir(), "plan.yaml")
	require.NoError(t, os.WriteFile(file, []byte(got.out), 0o600))
	require.Equal(t, ExitUsage, run(t, f, "plan", "apply", "R-4", "-f", file).code, "a reason is needed")
	got = run(t, f, "plan", "apply", "R-4", "-f", file, "--reason", "we learned")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"version":3,"approach":"hybrid","plan":{"approach":"hybrid","summary":"both","version":3},"reason":"we learned"}`, f.lastBody())
}

func TestAPlanFileThatDoesNotAddUpNamesItsLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.yaml")
	require.NoError(t, os.WriteFile(file, []byte("summary: s\nmilestones:\n  - name: m\n    due: 2020-01-01\ncolour: red\n"), 0o600))
	got := run(t, &fake{}, "plan", "apply", "R-4", "-f", file, "--reason", "r")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, "plan.yaml:5: colour")
}

func TestEarnedValueIsReportedWhole(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/requests/R-4/progress": pmo.Receipt{Number: 4}}}
	require.Equal(t, ExitUsage, run(t, f, "progress", "R-4", "--earned", "3").code)
	require.NoError(t, run(t, f, "progress", "R-4", "--earned", "3", "--planned", "4", "--spent", "0").err)
	require.JSONEq(t, `{"earned_value":{"planned":4,"earned":3,"spent":0}}`, f.lastBody())
}
