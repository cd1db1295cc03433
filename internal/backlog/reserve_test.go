package backlog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// TestTheReserveCountsWhatUrgentWorkHolds: expedite requests and those of the policy's kinds use the reserve, until their plans end.
func TestTheReserveCountsWhatUrgentWorkHolds(t *testing.T) {
	rules := policy.Default().AssignPolicyAt("digital", time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC))
	rules.Reserve, rules.ReserveKinds = 0.1, []string{"bug"}
	p := Placement{Rules: rules, Teams: []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Capacity: 10}, Held: []store.HeldWork{{Size: 3, Kind: "bug"}, {Size: 2, Kind: "support"}}}},
		Holds: []store.TeamHold{{RequestID: "a", Team: "falcon", Size: 3, Kind: "bug", Until: rules.Weeks[0].From}, {RequestID: "b", Team: "falcon", Size: 1, Class: pmo.ClassExpedite}, {RequestID: "c", Team: "falcon", Size: 2}}}
	team := p.candidates(nil)[0]
	require.InDelta(t, 6, team.Load, 1e-9)
	require.InDelta(t, 4, team.UrgentLoad, 1e-9)
	require.InDelta(t, 1, team.Weeks[1].UrgentLoad, 1e-9, "the other ends in the week before")
	require.InDelta(t, 3, Candidates(p.Teams, rules)[0].UrgentLoad, 1e-9)

	row := store.Row{Request: pmo.Request{ID: "r", Content: pmo.Content{Kind: "bug"}}}
	require.True(t, AssignRequest(row, rules).Urgent)
	before := p.Digest()
	p.Rules.Reserve = 0.2
	require.NotEqual(t, before, p.Digest(), "a plan follows from the reserve")
	require.InDelta(t, 0.2, Assigning(p.Rules).Reserve, 1e-9)
}
