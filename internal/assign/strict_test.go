package assign

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestStrictPlanIsTheBestOfAllPlans compares with every possible plan: first who is served in the order of rank, then
// the value of the fit.
func TestStrictPlanIsTheBestOfAllPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Filter(func(s scenario) bool { return len(s.requests) <= 7 && len(s.teams) > 0 }).Draw(t, "scenario")
		for i := range s.requests {
			s.requests[i].Rank = i + 1
		}
		policy := policies().Draw(t, "policy")
		b := newBoard(s.requests, s.teams, policy, s.resources, 0)
		served, value := bestPlan(b.problem)
		plan, err := AssignWith(s.resources, s.requests, s.teams, policy)
		require.NoError(t, err)
		require.True(t, plan.Exact)
		i := 0
		for _, d := range plan.Decisions {
			require.Equal(t, served[i], d.Team != "", "request %d", i)
			i += len(b.problem.together(i))
		}
		require.InDelta(t, value, plan.Value, 1e-6)
	})
}

// bestPlan tries all plans.
func bestPlan(p *problem) (served []bool, value float64) {
	s := newState(p)
	var dive func(i int)
	dive = func(i int) {
		if i == p.jobs() {
			if !p.complete(s.agent) {
				return
			}
			now := make([]bool, p.jobs())
			for k, j := range s.agent {
				now[k] = j != nobody
			}
			if c := compareServed(now, served); served == nil || c > 0 || (c == 0 && s.gain > value) {
				served, value = now, s.gain
			}
			return
		}
		for j := range p.agents() {
			if s.fits(i, j) {
				s.put(i, j)
				dive(i + 1)
				s.take(i)
			}
		}
		dive(i + 1)
	}
	dive(0)
	return served, value
}

// compareServed is positive when a serves a better ranked request at the first difference.
func compareServed(a, b []bool) int {
	for k := range b {
		switch {
		case a[k] && !b[k]:
			return 1
		case b[k] && !a[k]:
			return -1
		}
	}
	return 0
}
