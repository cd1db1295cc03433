package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestSimulatePrintsBoth(t *testing.T) {
	outcome := func(value float64) *wire.SimulationOutcome {
		return &wire.SimulationOutcome{Value: wire.Confident{P50: value, P85: value - 20}, Dates: wire.SimulationDates{Due: 4, Kept: 3},
			Classes:   []wire.SimulationClass{{Class: "fixed_date", Started: 3, Start: wire.Confident{P50: 11, P85: 23}}, {Class: "intangible"}},
			Teams:     []wire.SimulationTeam{{Team: "otter", Name: "Otter", Weeks: []wire.SimulationTeamWeek{{From: "2027-03-01", Capacity: 10, Load: wire.Confident{P50: 5}}}}},
			Resources: []wire.SimulationResource{{Resource: "staging", Name: "Staging", Weeks: []wire.SimulationResourceWeek{{From: "2027-03-01", Amount: 2, Used: wire.Confident{P50: 1.5}, Waiting: wire.Confident{P85: 3}}}}}}
	}
	f := &fake{answers: map[string]any{"POST /v1/what-if/portfolio": wire.PortfolioSimulation{Policy: "1.0", Weeks: 26, Runs: 200, Basis: wire.SimulationBasis{Weeks: 52, ImportedWeeks: 40, Arrivals: 104, PerWeek: 2, Finished: 90, LeftOut: 7},
		Now: outcome(120), Then: outcome(150), Difference: &wire.SimulationDifference{Value: wire.SimulationChange{Mean: 30, Low: 10, High: 50, More: 0.9}}}}}
	got := run(t, f, "simulate", "otter", "--weeks", "26", "--capacity", "5", "--slots", "7", "--model", "cd3")
	require.NoError(t, got.err)
	for _, want := range []string{"26 weeks, played 200 times", "104 requests, 2.0 a week", "7 more wait and are left out", "drawn from 40 weeks of imported work", "THEN P50", "150", "75% of 4", "fixed date: days to begin", "+30.0 on average", "more in 90 of 100", "Otter    50%", "Staging   1.5/2         0    3"} {
		require.Contains(t, got.out, want)
	}
	require.NotContains(t, got.out, "intangible", "none of them comes")
	table := run(t, f, "simulate", "--csv")
	require.NoError(t, table.err)
	require.Contains(t, table.out, "scenario,week,team,capacity,")
	require.Contains(t, table.out, "then,2027-03-01,otter,10,5,0,,,,,,,,,,,,\n")
	require.Contains(t, table.out, "then,2027-03-01,,,,,,,,,,,staging,2,1.5,0,0,3\n")
	require.ErrorContains(t, run(t, f, "simulate", "--away", "june").err, "--away")
	require.Error(t, run(t, f, "simulate", "--policy", "no-such-file.yaml").err)

	thin := &fake{answers: map[string]any{"POST /v1/what-if/portfolio": wire.PortfolioSimulation{CannotSimulate: true, Why: "only 3 requests were finished"}}}
	got = run(t, thin, "simulate")
	require.NoError(t, got.err)
	require.NotContains(t, thin.bodies[0], "changes", "no other team is asked about")
	require.Contains(t, got.out, "It cannot be simulated: only 3 requests were finished.")
}
