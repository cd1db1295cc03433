package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

func TestAssignmentsPageShowsThePlanBesideThePlainOrderAndTheLoad(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/policy"] = wire.Policy{Data: policy.Default().Document()}
	twice := 2.0
	weeks := []wire.AssignmentWeek{{From: "2027-03-01", Capacity: 10, Most: 8, Firm: 5, Proposed: 2}, {From: "2027-03-08"}, {From: "2027-03-15", Capacity: 4, Most: 3, Firm: 4}, {From: "2027-03-22", Capacity: 10, Most: 8, Held: 1}}
	b.api.answers["GET /v1/assignments"] = wire.AssignmentPlan{Portfolio: "digital", Name: "Digital", Value: 16, Exact: true, Served: 1, Hidden: 1, Plain: assign.Plain{Served: 1, Value: 10},
		Proposals: []wire.TeamProposal{{ID: "a", Ref: "R-1", Title: "<b>Maps", Team: "otter", Plain: "falcon", Why: "R-1 goes to Otter.", Others: []string{"Falcon fits less: 0.35"}},
			{ID: "b", Ref: "R-2", Title: "Permits", Why: "R-2 has no team yet.", Others: []string{}, Later: &assign.Later{Team: "falcon", Week: 2, From: "2027-03-15"}}},
		Curve: []wire.WaitPoint{{Load: 0, Wait: new(float64)}, {Load: .5, Wait: &twice}},
		Teams: []wire.TeamProposals{{Name: "Otter", TeamLoad: assign.TeamLoad{Team: "otter", Ceiling: 0.8}, Weeks: weeks, Waits: wire.TeamWaits{Now: wire.WaitPoint{Load: .66, Wait: &twice}, Next: wire.WaitPoint{Load: 1.1}}}, {Name: "Falcon", TeamLoad: assign.TeamLoad{Team: "falcon", Ceiling: 0.75}, Weeks: weeks}}}
	b = b.signIn("sam")
	text := b.text(b.do("GET", "/assignments?portfolio=digital", nil))
	for _, want := range []string{"1 get a team", "It is proven", "1 would get another team", "&lt;b&gt;Maps", "<strong>Falcon</strong>", "Falcon fits less: 0.35", "no team yet", "Falcon from", `datetime="2027-03-15"`, "1 more wait",
		`<td class="heat near">70 %`, "+20 %", `<td class="heat away">away`, `<td class="heat over">100 %`, `<td class="heat some">10 %`, "2 × its work", "without end", "75 %", `<path class="wait-curve" d="M44 212L367 192.2"/>`, "Otter: 66 %, 2 × its work", "With one more: 110 %", "At the ceiling"} {
		require.Contains(t, text, want)
	}
	b.do("GET", "/assignments?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/assignments", nil)), "Zuordnungen und Last")
	b.api.answers["GET /v1/assignments"] = wire.AssignmentPlan{Portfolio: "digital", Proposals: []wire.TeamProposal{}, Teams: []wire.TeamProposals{}}
	b.do("GET", "/assignments?lang=en", nil)
	require.Contains(t, b.text(b.do("GET", "/assignments", nil)), "No request waits for a team.")
}
