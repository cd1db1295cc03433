package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func TestTheRaidLogIsShownAndKept(t *testing.T) {
	request := wire.Request{Ref: "R-4", State: wire.State{Number: 4, Stage: pmo.StageExecution, Raid: []pmo.RaidItem{
		{Number: 1, Kind: pmo.RaidRisk, Text: "New law", Probability: 4, Impact: 5, By: "sam", Since: noon, Cleared: "it did not", ClearedBy: "petra", ClearedAt: noon},
		{Number: 2, Kind: pmo.RaidBlocker, Text: "no licence", By: "theo", Since: noon, Owner: "dora", Due: "2027-03-19"}},
		Health: &pmo.Assessment{Health: pmo.HealthGreen, Rule: pmo.HealthRed, Since: noon, Because: []pmo.HealthReason{{Kind: "blocker", Health: pmo.HealthRed, Says: "blocked since 2027-03-01: no licence"}},
			Override: &pmo.HealthOverride{Health: pmo.HealthGreen, By: "theo", At: noon, Why: "we work on the rest", Rule: pmo.HealthRed}}}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": request, "POST /v1/requests/R-4/raid": pmo.Receipt{Number: 4, Result: "logged"}}}
	got := run(t, f, "raid", "R-4")
	require.NoError(t, got.err)
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"health green since", "override green by the word of theo", "where the rule gives red: we work on the rest", "because blocked since 2027-03-01: no licence (red)",
		"New law (probability 4,", "petra: it did not", "2 blocker", "dora 2027-03-19"} {
		require.Contains(t, shown, want)
	}
	status := strings.Join(strings.Fields(run(t, f, "status", "R-4").out), " ")
	require.Contains(t, status, "blocker 2: no licence; since")
	require.Contains(t, status, "dora can clear it; due 2027-03-19")
	require.NotContains(t, status, "New law", "what is cleared is in pmo raid")

	got = run(t, f, "raid", "add", "R-4", "Blocker", "no licence", "--owner", "dora", "--due", "2027-03-19")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"kind":"blocker","text":"no licence","owner":"dora","due":"2027-03-19"}`, f.lastBody())
	require.NoError(t, run(t, f, "raid", "clear", "R-4", "2", "bought").err)
	require.JSONEq(t, `{"clear":2,"how":"bought"}`, f.lastBody())
	require.Equal(t, ExitUsage, run(t, f, "raid", "clear", "R-4", "two", "bought").code)
}

func TestProgressIsReportedInTheMeasureOfThePlan(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/requests/R-4/progress": pmo.Receipt{Number: 4}}}
	require.NoError(t, run(t, f, "progress", "R-4", "--items", "12/40", "--milestone", "pilot runs").err)
	require.JSONEq(t, `{"measure":{"unit":"items","done":12,"total":40},"milestones":["pilot runs"]}`, f.lastBody())
	require.NoError(t, run(t, f, "progress", "R-4", "--points", "5/8").err)
	require.JSONEq(t, `{"measure":{"unit":"points","done":5,"total":8}}`, f.lastBody())
	require.Equal(t, ExitUsage, run(t, f, "progress", "R-4", "--items", "12").code)
	require.Equal(t, ExitUsage, run(t, f, "progress", "R-4", "--items", "1/2", "--points", "1/2").code)
}
