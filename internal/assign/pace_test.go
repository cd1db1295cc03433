package assign

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheSizeForATeamFollowsItsPace: what a fast team would take counts in its room, its load and when it would finish, and the reason says it.
func TestTheSizeForATeamFollowsItsPace(t *testing.T) {
	fast, slow := Team{ID: "fast", Name: "Falcon", Capacity: 10, Load: 6, Pace: 2}, Team{ID: "slow", Capacity: 10, Load: 6, Pace: 0.5}
	d := one(t, Request{ID: "r", Number: "R-1", Size: 4}, slow, fast)
	require.Equal(t, "fast", d.Team, "it takes 2 of the 2 that are left under its ceiling; the other would need 8")
	require.Contains(t, d.Sentence, "it needs 2 of its team-weeks for the size of 4, at its pace of 2 and goes to 80 % of capacity")
	require.Contains(t, d.Others[0].Reason, "slow would be at 140 % of capacity")

	plan, err := Assign([]Request{{ID: "r", Size: 4}}, []Team{fast}, Policy{})
	require.NoError(t, err)
	require.InDelta(t, .8, plan.Loads[0].After, 1e-9)

	late := Request{ID: "r", Size: 4, Due: 5}
	require.Zero(t, lateness(late, Team{Capacity: 1, Pace: 1, Load: 1}))
	require.InDelta(t, 4/Horizon, lateness(late, Team{Capacity: 1, Pace: 0.5, Load: 1}), 1e-9)
	_, err = Assign(nil, []Team{{ID: "a", Pace: -1}}, Policy{})
	require.ErrorIs(t, err, ErrInput)
}

// TestWorkOfASlowTeamIsPlannedInLaterWeeks: what it takes then follows from its pace too.
func TestWorkOfASlowTeamIsPlannedInLaterWeeks(t *testing.T) {
	weeks := []Week{{From: "2027-03-08", Capacity: 10, Load: 4}, {From: "2027-03-15", Capacity: 10}}
	plan, err := Assign([]Request{{ID: "r", Size: 4}}, []Team{{ID: "a", Capacity: 10, Load: 8, Pace: 0.5, Weeks: weeks}}, Policy{})
	require.NoError(t, err)
	require.Equal(t, 2, plan.Decisions[0].Later.Week)
}
