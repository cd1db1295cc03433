package assign

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLatenessAndSwitchingAreThePolicys: at 0 neither counts, and the team with more room gets what it would get without a date and without members.
func TestLatenessAndSwitchingAreThePolicys(t *testing.T) {
	best := func(r Request, lateness, switching float64, teams ...Team) string {
		p := DefaultPolicy()
		p.Lateness, p.Switching = lateness, switching
		plan, err := Assign([]Request{r}, teams, p)
		require.NoError(t, err)
		return plan.Decisions[0].Team
	}
	late := Request{ID: "r", Size: 1, Due: 4}
	quick, slow := Team{ID: "quick", Capacity: 10, Load: 2}, Team{ID: "slow", Capacity: 100, Load: 20}
	require.Equal(t, "quick", best(late, .1, 0, quick, slow))
	require.Equal(t, "slow", best(late, 0, 0, quick, slow))
	busy, idle := Team{ID: "busy", Capacity: 10, WIP: 3, Parallel: 3}, Team{ID: "idle", Capacity: 9.9, Parallel: 3}
	require.Equal(t, "idle", best(Request{ID: "r", Size: 1}, 0, .2, busy, idle))
	require.Equal(t, "busy", best(Request{ID: "r", Size: 1}, 0, 0, busy, idle))
	require.Equal(t, DefaultPolicy(), Policy{}.withDefaults())
}
