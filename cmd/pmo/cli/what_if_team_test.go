package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestWhatIfTeamPrintsBoth(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/what-if/assignment": wire.AssignmentAnswer{Policy: "1.0", Served: 2, ServedNow: 1, Waiting: 3, MoreLines: 4,
		Lines: []wire.AssignmentMove{{Ref: "R-1", Title: "Maps", Now: wire.AssignmentPlace{Team: "otter", From: "2027-03-15"}, Then: wire.AssignmentPlace{Team: "falcon", Now: true, P85: "2027-05-03"}}, {Ref: "R-2"}},
		Teams: []wire.TeamComparison{{Name: "Otter", Weeks: []wire.WeekComparison{{From: "2027-03-01", CapacityNow: 10, Capacity: 5, LoadNow: 5, Load: 4}}}}}}}
	got := run(t, f, "what-if", "team", "otter", "--capacity", "5", "--away", "2027-06-01..2027-06-30", "--amount", "1", "--wip", "3", "--skill", "web")
	require.NoError(t, got.err)
	for _, want := range []string{"Of 3 requests that wait for a team 2 would get one now, instead of 1", "now   otter from 2027-03-15; its end is unknown", "then  falcon now; finished by 2027-05-03 in 85 of 100 cases",
		"now   no team within eight weeks", "50%>80%", "4 more move"} {
		require.Contains(t, got.out, want)
	}
	require.ErrorContains(t, run(t, f, "what-if", "team", "otter", "--away", "june").err, "--away")
}
