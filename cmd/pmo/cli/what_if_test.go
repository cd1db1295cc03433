package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestWhatIfAsksAndShows(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/what-if/prioritization": wire.WhatIfAnswer{Portfolio: "digital", Policy: "2 (abc)", Scenarios: []wire.ScenarioAnswer{{Name: "Scenario 1",
		Effect: wire.BacklogEffect{Portfolio: "digital", Count: 3, Moved: 1, Lines: []wire.EffectLine{{Ref: "R-7", Title: "Ledger", Now: wire.EffectPlace{Rank: 2}, Then: wire.EffectPlace{Rank: 1}}}}}}}}}
	got := run(t, f, "what-if", "--weight", "time=5", "--model", "wsjf", "--wip", "8", "--without", "R-9", "--more", "business_value=13", "--more", "job_size=2", "--class", "standard")
	require.NoError(t, got.err)
	shown := strings.Join(strings.Fields(got.out), " ")
	require.Contains(t, shown, "1 of 3 requests")
	require.Contains(t, shown, "R-7 2 1")
	require.Contains(t, shown, "Nothing was changed.")
	sent, err := json.Marshal(f.bodies[0])
	require.NoError(t, err)
	for _, want := range []string{`"time":5`, `"wip_limit":8`, `"without":["R-9"]`, `"business_value":13`, `"job_size":2`} {
		require.Contains(t, strings.ReplaceAll(string(sent), `\`, ""), want)
	}
	for _, args := range [][]string{{"--weight", "time"}, {"--weight", "colour=3"}, {"--more", "business_value=x"}, {"--more", "colour=1"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"what-if"}, args...)...).code, args)
	}
}
