package assign

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestNoLimitIsEverBroken counts again from the input alone, with levels, absences, ceilings, paces and declines, under both ways of serving.
func TestNoLimitIsEverBroken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		for i := range s.requests {
			for _, skill := range s.requests[i].Skills {
				s.requests[i].Levels = map[string]int{skill: rapid.IntRange(0, MaxLevel).Draw(t, "needed level")}
			}
			if rapid.Bool().Draw(t, "one declined") {
				s.requests[i].Excluded = []string{"A"}
				if s.requests[i].Second != nil {
					s.requests[i].Second.Excluded = []string{"A"}
				}
			}
		}
		for j := range s.teams {
			for skill := range s.teams[j].Skills {
				s.teams[j].Skills[skill] = 3 // some levels are enough, others are not
			}
			s.teams[j].Absent = rapid.SampledFrom([]float64{0, .25, 1}).Draw(t, "absent")
			s.teams[j].LoadCeiling = rapid.SampledFrom([]float64{0, .5, 1}).Draw(t, "ceiling")
		}
		for _, priority := range []Priority{Strict, Weighted} {
			plan, err := AssignWith(s.resources, s.requests, s.teams, Policy{Priority: priority})
			require.NoError(t, err)
			for _, team := range s.teams {
				requireWithinLimits(t, s.requests, plan, team)
			}
		}
	})
}

// requireWithinLimits: all that a plan gives to a team is what this team can take.
func requireWithinLimits(t require.TestingT, requests []Request, plan Plan, team Team) {
	load, count := team.Load, team.WIP
	for _, r := range requests {
		r, takes := partAt(plan, r, team.ID)
		if !takes {
			continue
		}
		size := r.Size
		if team.Pace > 0 {
			size /= team.Pace
		}
		load, count = load+size, count+1
		require.False(t, slices.Contains(r.Excluded, team.ID), "it declined %s", r.ID)
		for _, skill := range r.Skills {
			require.GreaterOrEqual(t, team.Skills[skill], max(1, r.Levels[skill]), "skill %s for %s", skill, r.ID)
		}
		ceiling := team.LoadCeiling
		if ceiling == 0 {
			ceiling = 0.8
		}
		if r.Size > 0 {
			require.LessOrEqual(t, load, team.Capacity*(1-team.Absent)*ceiling+1e-6, "ceiling of %s", team.ID)
		}
	}
	if team.WIPLimit > 0 && count > team.WIP {
		require.LessOrEqual(t, count, team.WIPLimit, "WIP limit of %s", team.ID)
	}
}

// TestAMeasuredCapacityIsSaidToBeOne where it is what binds.
func TestAMeasuredCapacityIsSaidToBeOne(t *testing.T) {
	d := one(t, Request{ID: "r", Size: 5}, Team{ID: "a", Capacity: 5, Measured: true})
	require.Contains(t, d.Binding.Why, "a would be at 100 % of capacity measured from what it finished, ceiling 80 %")
}
