package cli

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func TestWhatIfTeamPrintsBoth(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/what-if/assignment": wire.AssignmentAnswer{Policy: "1.0", Weeks: 12, Served: 2, ServedNow: 1, Waiting: 3, MoreLines: 4, UnknownSkills: []string{"paymnts"},
		Lines: []wire.AssignmentMove{{Ref: "R-1", Title: "Maps", Now: wire.AssignmentPlace{Team: "otter", From: "2027-03-15"}, Then: wire.AssignmentPlace{Team: "falcon", Now: true, P85: "2027-05-03"}}, {Ref: "R-2", Then: wire.AssignmentPlace{Team: "falcon", Second: "otter", From: "2027-03-08"}}},
		Waits: []wire.AssignmentMove{{Ref: "R-3", Title: "Ports", Why: "R-3 has no team yet: it needs 1 of Staging and 0 is free."}}, MoreWaits: 5,
		Teams: []wire.TeamComparison{{Name: "Otter", Weeks: []wire.WeekComparison{{From: "2027-03-01", CapacityNow: 10, Capacity: 5, LoadNow: 5, Load: 4}}}}}}}
	got := run(t, f, "what-if", "team", "otter", "--capacity", "5", "--away", "2027-06-01..2027-06-30", "--amount", "1", "--wip", "3", "--pace", "1.25", "--skill", "web")
	require.NoError(t, got.err)
	for _, want := range []string{"Of 3 requests that wait for a team 2 would get one now, instead of 1", "now   otter from 2027-03-15; its end is unknown", "then  falcon now; finished by 2027-05-03 in 85 of 100 cases",
		"now   no team within 12 weeks", "then  falcon + otter from 2027-03-08; its end is unknown", "50%>80%", "No team has paymnts, and no waiting request that you may read needs it", "4 more move", "These wait as before:\nR-3  Ports\n  no team within 12 weeks\n  R-3 has no team yet: it needs 1 of Staging and 0 is free.\n5 more wait"} {
		require.Contains(t, got.out, want)
	}
	require.Contains(t, f.lastBody(), `"pace":1.25`)
	require.ErrorContains(t, run(t, f, "what-if", "team", "otter", "--away", "june").err, "--away")
}

// TestWhatIfTeamSaysWhoIsAway: without an amount the absence is what this person holds, and not the whole team.
func TestWhatIfTeamSaysWhoIsAway(t *testing.T) {
	for _, c := range []struct {
		args []string
		want pmo.Absence
	}{
		{[]string{"--who", "theo"}, pmo.Absence{Who: "theo"}},
		{[]string{"--who", "theo", "--amount", "1.5"}, pmo.Absence{Who: "theo", Amount: 1.5}},
		{nil, pmo.Absence{WholeTeam: true}},
	} {
		f := &fake{answers: map[string]any{"POST /v1/what-if/assignment": wire.AssignmentAnswer{Weeks: 8}}}
		require.NoError(t, run(t, f, append([]string{"what-if", "team", "otter", "--away", "2027-06-01..2027-06-30"}, c.args...)...).err)
		var sent wire.WhatIfAssignment
		require.NoError(t, json.Unmarshal([]byte(f.lastBody()), &sent))
		c.want.From, c.want.Until = "2027-06-01", "2027-06-30"
		require.Equal(t, []pmo.Absence{c.want}, sent.Changes[0].Absences)
	}
}
