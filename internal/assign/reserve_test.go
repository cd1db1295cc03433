package assign

import (
	"cmp"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireReserveKept adds up anew what ordinary requests take of each team: a plan adds nothing above what the reserve leaves them.
func requireReserveKept(t require.TestingT, s scenario, plan Plan, p Policy) {
	added := map[string]float64{}
	for _, team := range s.teams {
		for _, r := range s.requests {
			if part, takes := partAt(plan, r, team.ID); takes && !r.Urgent {
				added[team.ID] += part.Size / cmp.Or(team.Pace, 1)
			}
		}
		if added[team.ID] > 0 {
			require.LessOrEqual(t, team.Load-team.UrgentLoad+added[team.ID], team.Capacity*(p.LoadCeiling-p.Reserve)+1e-9)
		}
	}
}

// TestTheReserveIsForUrgentRequests: an ordinary request stops below the reserve, an urgent one uses it, and nobody passes the ceiling.
func TestTheReserveIsForUrgentRequests(t *testing.T) {
	policy := DefaultPolicy()
	policy.Reserve = 0.2
	team := Team{ID: "a", Name: "Falcon", Capacity: 10, Load: 5}
	plan, err := Assign([]Request{{ID: "r1", Number: "R-1", Rank: 1, Size: 2}, {ID: "r2", Rank: 2, Size: 2, Urgent: true}, {ID: "r3", Rank: 3, Size: 1}}, []Team{team}, policy)
	require.NoError(t, err)
	require.Equal(t, []string{"", "a", "a"}, teamsOf(plan))
	require.True(t, plan.Exact)
	require.Equal(t, "R-1 has no team yet: Falcon would be at 70 % of capacity, ceiling 80 %, of which 20 % is kept for expedite and improvement work. "+
		"1 more free capacity at Falcon, or a request smaller by as much, would do.", plan.Decisions[0].Sentence)

	team.UrgentLoad = 2
	plan, err = Assign([]Request{{ID: "r1", Rank: 1, Size: 2}, {ID: "r2", Rank: 2, Size: 2, Urgent: true}}, []Team{team}, policy)
	require.NoError(t, err)
	require.Equal(t, []string{"a", ""}, teamsOf(plan), "urgent work under way uses the reserve, and takes nothing from ordinary work; the ceiling holds for both")

	policy.Reserve = 1.5
	_, err = Assign(nil, nil, policy)
	require.ErrorIs(t, err, ErrInput)
}

// TestTheReserveInLaterWeeks: what urgent work holds then counts as it does now.
func TestTheReserveInLaterWeeks(t *testing.T) {
	policy := DefaultPolicy()
	policy.Reserve = 0.2
	weeks := []Week{{From: "2027-03-08", Capacity: 10, Load: 6, UrgentLoad: 1}, {From: "2027-03-15", Capacity: 10, Load: 6, UrgentLoad: 2}}
	plan, err := Assign([]Request{{ID: "r", Rank: 1, Size: 2}}, []Team{{ID: "a", Capacity: 10, Load: 6, Weeks: weeks}}, policy)
	require.NoError(t, err)
	require.Equal(t, 2, plan.Decisions[0].Later.Week)
}
