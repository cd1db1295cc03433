package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/wire"
)

func TestAssignmentsPrintsThePlanBesideThePlainOrder(t *testing.T) {
	weeks := []wire.AssignmentWeek{{From: "2027-03-01", Capacity: 10, Most: 8, Firm: 4, Held: 1, Proposed: 2}, {From: "2027-03-08"}, {From: "2027-03-15", Firm: 4}}
	f := &fake{answers: map[string]any{"GET /v1/assignments": wire.AssignmentPlan{Name: "Digital", Value: 16, Gap: 0.012, Served: 2, Plain: assign.Plain{Served: 1, Value: 10},
		Proposals: []wire.TeamProposal{{Ref: "R-1", Title: "Maps", Team: "otter", Plain: "falcon", Why: "R-1 goes to Otter.", Others: []string{}}},
		Hidden:    1, Teams: []wire.TeamProposals{{Name: "Otter", TeamLoad: assign.TeamLoad{Team: "otter", Ceiling: 0.8}, Weeks: weeks}}}}}
	got := run(t, f, "assignments", "--portfolio", "digital")
	require.NoError(t, got.err)
	for _, want := range []string{"Digital: 2 of 2 requests that wait for a team would get one; one after the other 1.", "at most 1.20 % below the best", "R-1  Maps", "One after the other it would go to falcon.",
		"03-08", "70%", "away", "over"} {
		require.Contains(t, got.out, want)
	}
	f.answers["GET /v1/assignments"] = wire.AssignmentPlan{Name: "Digital", Exact: true, Proposals: []wire.TeamProposal{}, Teams: []wire.TeamProposals{}}
	require.Equal(t, "Digital: 0 of 0 requests that wait for a team would get one; one after the other 0.\n", run(t, f, "assignments").out)
}
