package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func halfYear(value float64) *wire.SimulationOutcome {
	return &wire.SimulationOutcome{Value: wire.Confident{P50: value, P85: value - 20}, Dates: wire.SimulationDates{Due: 4, Kept: 3},
		Classes: []wire.SimulationClass{{Class: "standard", Started: 3, Start: wire.Confident{P50: 11, P85: 23}}, {Class: "intangible"}},
		Weeks:   []wire.SimulationWeek{{From: "2027-03-01", Backlog: wire.Confident{P50: 7, P85: 9}}, {From: "2027-03-08", Backlog: wire.Confident{P50: 8, P85: 12}}},
		Teams: []wire.SimulationTeam{{Team: "otter", Name: "<b>Otter", Weeks: []wire.SimulationTeamWeek{{From: "2027-03-01", Capacity: 10, Most: 8, Load: wire.Confident{P50: 5, P85: 7}},
			{From: "2027-03-08"}}}},
		Resources: []wire.SimulationResource{{Resource: "staging", Name: "<i>Staging", Weeks: []wire.SimulationResourceWeek{{From: "2027-03-01", Amount: 2, Used: wire.Confident{P50: 2, P85: 2}, Waiting: wire.Confident{P50: 1, P85: 3}},
			{From: "2027-03-08"}}}}}
}

func TestTheNextHalfYearAsksAndShowsBoth(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/assignments"] = wire.AssignmentPlan{Portfolio: "digital", Proposals: []wire.TeamProposal{}, Teams: []wire.TeamProposals{{Name: "Otter", TeamLoad: assign.TeamLoad{Team: "otter"}}}}
	answer := wire.PortfolioSimulation{Portfolio: "digital", Policy: "1.0", Weeks: 26, Runs: 200, Basis: wire.SimulationBasis{Weeks: 52, ImportedWeeks: 40, Arrivals: 104, PerWeek: 2, Finished: 90, LeftOut: 7},
		Now: halfYear(120), Then: halfYear(150), Difference: &wire.SimulationDifference{Value: wire.SimulationChange{Mean: 30, Low: 10, High: 50, More: 0.9}}}
	b.api.answers["POST /v1/what-if/portfolio"] = answer
	b = b.signIn("sam")
	text := b.text(b.do("GET", "/what-if/portfolio", nil))
	require.Contains(t, text, "The next half year")
	require.NotContains(t, text, "What comes out", "nothing was asked")
	require.Empty(t, b.api.sent["POST /v1/what-if/portfolio"], "an answer takes seconds")
	text = b.text(b.do("GET", "/what-if/portfolio?ask=1&slots=7&model=cd3&team=otter&capacity=5", nil))
	for _, want := range []string{"The next 26 weeks", "Played 200 times", "104 requests of 52 weeks (2 a week)", "7 more wait", "40 of the weeks are those of imported work", "30 on average, and between 10 and 50", "75 %", `class="then sure"`,
		`<td class="heat some">50 %<br><span class="small">70 %</span>`, "&lt;b&gt;Otter", `<td class="heat near">2 of 2<br><span class="small">3 wait`, "&lt;i&gt;Staging", "8 in half of the runs, 12 in 85 of 100", "/what-if/portfolio.csv?ask=1"} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "Intangible", "none of them comes")
	var sent wire.WhatIfPortfolio
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/what-if/portfolio"], &sent))
	require.Equal(t, 7, *sent.WIPLimit)
	require.Equal(t, "cd3", string(sent.Model))
	require.InDelta(t, 5, *sent.Changes[0].Capacity, 1e-9)

	require.Contains(t, b.text(b.do("GET", "/what-if/portfolio.csv?ask=1", nil)), "now,2027-03-08,,,,,8,12,0,0,0,0,,,,,,\n")
	b.do("GET", "/what-if/portfolio?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/what-if/portfolio?ask=1", nil)), "Das nächste halbe Jahr")
}

func TestTheNextHalfYearSaysWhatIsWrong(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/assignments"] = wire.AssignmentPlan{Portfolio: "digital", Proposals: []wire.TeamProposal{}}
	b.api.answers["POST /v1/what-if/portfolio"] = wire.PortfolioSimulation{CannotSimulate: true, Lacks: "finished", Have: 3, Needed: 10}
	b = b.signIn("sam")
	text := b.text(b.do("GET", "/what-if/portfolio?ask=1", nil))
	require.Contains(t, text, "Only 3 requests were finished in the past year; 10 are needed")
	for _, wrong := range []string{"weeks=many", "weeks=0", "slots=1.5", "capacity=3", "team=otter&capacity=many"} {
		require.Equal(t, http.StatusUnprocessableEntity, b.do("GET", "/what-if/portfolio?ask=1&"+wrong, nil).StatusCode, wrong)
		require.NotEqual(t, "text/csv; charset=utf-8", b.do("GET", "/what-if/portfolio.csv?ask=1&"+wrong, nil).Header.Get("Content-Type"), wrong)
	}
	for pointer, words := range map[string]string{"/weeks": "Is too long", "/wip_limit": "Is less than is reserved", "/changes/0/team": "Is no team", "/portfolio": "is no portfolio"} {
		b.api.refuse["POST /v1/what-if/portfolio"] = problem.InvalidField(pointer, "%s", "i"+words[1:])
		response := b.do("GET", "/what-if/portfolio?ask=1&weeks=5&team=otter", nil)
		require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
		require.Contains(t, b.text(response), words)
	}
}
