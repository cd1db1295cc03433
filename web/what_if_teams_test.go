package web

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func TestWhatIfATeamChangesAsksAndShowsBoth(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/assignments"] = wire.AssignmentPlan{Portfolio: "digital", Proposals: []wire.TeamProposal{},
		Teams: []wire.TeamProposals{{Name: "Otter", TeamLoad: assign.TeamLoad{Team: "otter"}}}}
	b.api.answers["POST /v1/what-if/assignment"] = wire.AssignmentAnswer{Portfolio: "digital", Policy: "1.0", Weeks: 18, Served: 2, ServedNow: 1, Waiting: 3, Moved: 1, UnknownSkills: []string{"<i>paymnts", "wbe"},
		Lines: []wire.AssignmentMove{{ID: "a", Ref: "R-1", Title: "<b>Maps", Rank: 1, Then: wire.AssignmentPlace{Team: "otter", Second: "falcon", Now: true, P85: "2027-05-03"}}},
		Waits: []wire.AssignmentMove{{ID: "c", Ref: "R-3", Title: "<i>Ports", Why: "it needs 1 of Staging and 0 is free"}}, MoreWaits: 5,
		Teams: []wire.TeamComparison{{Team: "otter", Name: "Otter", Weeks: []wire.WeekComparison{{From: "2027-03-01", CapacityNow: 10, Capacity: 5, MostNow: 8, Most: 4, LoadNow: 5, Load: 5}}},
			{Team: "falcon", Name: "Falcon", Weeks: []wire.WeekComparison{{From: "2027-03-01"}}}}}
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{{Team: pmo.Team{ID: "otter", Name: "Otter", Leads: []string{"lena"}, Members: []string{"mia"}}},
		{Team: pmo.Team{ID: "elsewhere", Name: "Elsewhere", Members: []string{"zoe"}}}}}
	b = b.signIn("sam")
	text := b.text(b.do("GET", "/what-if/teams", nil))
	require.Contains(t, text, "What if a team changes")
	require.NotContains(t, text, "What would change", "nothing was asked")
	text = b.text(b.do("GET", "/what-if/teams?team=otter&capacity=5&ceiling=75&pace=1.25&skills=web,%20payments:3&from=2027-06-01&until=2027-06-30", nil))
	for _, want := range []string{"2 instead of 1", "&lt;b&gt;Maps", "Otter &#43; Falcon", "Wait as before", "&lt;i&gt;Ports", "it needs 1 of Staging and 0 is free", "5 more wait", "No team has &lt;i&gt;paymnts, wbe, and no waiting request", "no team within 18 weeks", `datetime="2027-05-03"`, `<td class="heat over">100 %`, "was 50 %"} {
		require.Contains(t, text, want)
	}
	var sent wire.WhatIfAssignment
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/what-if/assignment"], &sent))
	require.Equal(t, []string{"web", "payments:3"}, sent.Changes[0].Skills)
	require.InDelta(t, .75, *sent.Changes[0].LoadCeiling, 1e-9)
	require.InDelta(t, 1.25, *sent.Changes[0].Pace, 1e-9)
	require.True(t, sent.Changes[0].Absences[0].WholeTeam)
	text = b.text(b.do("GET", "/what-if/teams?team=otter&from=2027-06-01&until=2027-06-30&who=mia", nil))
	require.Contains(t, text, `<option value="mia" selected>`)
	require.NotContains(t, text, `value="zoe"`, "of a team of another portfolio")
	sent = wire.WhatIfAssignment{}
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/what-if/assignment"], &sent))
	require.Equal(t, []pmo.Absence{{From: "2027-06-01", Until: "2027-06-30", Who: "mia"}}, sent.Changes[0].Absences, "what this person holds, and not the whole team")
	require.Equal(t, 422, b.do("GET", "/what-if/teams?team=otter&capacity=many", nil).StatusCode)
	require.Equal(t, 422, b.do("GET", "/what-if/teams?capacity=3", nil).StatusCode)
	b.do("GET", "/what-if/teams?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/what-if/teams", nil)), "Was wäre mit einem anderen Team")
}
