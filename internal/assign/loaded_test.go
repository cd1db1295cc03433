package assign

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func equalRequests(n int, size float64) []Request {
	var list []Request
	for i := range n {
		list = append(list, Request{ID: fmt.Sprintf("r%d", i), Rank: i + 1, Size: size})
	}
	return list
}

func served(p Plan) map[string]int {
	count := map[string]int{}
	for _, d := range p.Decisions {
		count[d.Team]++
	}
	return count
}

// TestAPlanSeesTheLoadItCreates: equal requests are spread over idle teams in proportion to what these can hold.
func TestAPlanSeesTheLoadItCreates(t *testing.T) {
	for _, priority := range []Priority{Strict, Weighted} {
		plan, err := Assign(equalRequests(6, 1), []Team{{ID: "a", Capacity: 12}, {ID: "b", Capacity: 12}}, Policy{Priority: priority})
		require.NoError(t, err)
		require.Equal(t, map[string]int{"a": 3, "b": 3}, served(plan))
		require.True(t, plan.Exact)
		require.Equal(t, 6, plan.Plain.Served)
		require.Less(t, plan.Plain.Value, plan.Value, "one after the other, all would go to the first")

		plan, err = Assign(equalRequests(6, 1), []Team{{ID: "a", Capacity: 20}, {ID: "b", Capacity: 10}}, Policy{Priority: priority})
		require.NoError(t, err)
		require.Equal(t, map[string]int{"a": 4, "b": 2}, served(plan))
	}
}

// TestPlanningTogetherBeatsOneAfterTheOther is the example of two requests and two teams with places for one each: one after the other they gain 9 and 1,
// together 8 and 8.
func TestPlanningTogetherBeatsOneAfterTheOther(t *testing.T) {
	requests := []Request{{ID: "r1", Rank: 1, Skills: []string{"x"}, Size: 1}, {ID: "r2", Rank: 2, Skills: []string{"x", "y"}, Size: 1}}
	teams := []Team{{ID: "a", Skills: map[string]int{"x": 5, "y": 4}, Capacity: 10, WIPLimit: 1}, {ID: "b", Skills: map[string]int{"x": 4, "y": 1}, Capacity: 10, WIPLimit: 1}}
	plan, err := Assign(requests, teams, Policy{})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "a"}, teamsOf(plan))
	require.Equal(t, "a", plan.Decisions[0].Plain)
	require.Equal(t, "b", plan.Decisions[1].Plain)
	require.Greater(t, plan.Value, plan.Plain.Value)
	require.Contains(t, plan.Decisions[0].Sentence, "all requests together gain more this way")
}

func TestLatenessAndSwitchingCount(t *testing.T) {
	quick, slow := Team{ID: "quick", Capacity: 10, Load: 2}, Team{ID: "slow", Capacity: 100, Load: 20}
	require.Equal(t, "slow", one(t, Request{ID: "r", Size: 1}, quick, slow).Team, "both are as full, and the larger has more room")
	require.Equal(t, "quick", one(t, Request{ID: "r", Size: 1, Due: 4}, quick, slow).Team, "the other would be done in 21 weeks")
	require.InDelta(t, 4, finish(Team{Capacity: 1, Load: 1, Absent: .5, Weeks: []Week{{Capacity: .5}, {Capacity: 1}}}, 2), 1e-9, "half a week, half a week, and two whole ones")

	busy, idle := Team{ID: "a", Capacity: 10, WIP: 3, Parallel: 3}, Team{ID: "b", Capacity: 9.9, Parallel: 3}
	require.Equal(t, "b", one(t, Request{ID: "r", Size: 1}, busy, idle).Team, "a fourth request at once costs a team of three time")
	busy.Parallel = 4
	require.Equal(t, "a", one(t, Request{ID: "r", Size: 1}, busy, idle).Team)
}

// TestWhoWaitsLearnsFromWhenThereIsRoom: work that ends by its plan makes room in a later week, for one request each.
func TestWhoWaitsLearnsFromWhenThereIsRoom(t *testing.T) {
	weeks := []Week{{From: "2027-03-08", Capacity: 10, Load: 8, WIP: 2}, {From: "2027-03-15", Capacity: 10, Load: 4, WIP: 1}, {From: "2027-03-22", Capacity: 5, Load: 0, WIP: 0}, {From: "2027-03-29", Capacity: 10}}
	plan, err := Assign(equalRequests(3, 4), []Team{{ID: "a", Name: "Falcon", Capacity: 10, Load: 8, WIP: 2, WIPLimit: 2, Weeks: weeks}}, Policy{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"": 3}, served(plan))
	require.Equal(t, &Later{Team: "a", Week: 2, From: "2027-03-15", Text: "If work ends by its plans, Falcon has room from 2027-03-15 on"}, plan.Decisions[0].Later)
	require.Equal(t, 4, plan.Decisions[1].Later.Week, "in the third week half of the team is away")
	require.Nil(t, plan.Decisions[2].Later)
	require.Contains(t, plan.Decisions[0].Sentence, "Falcon has room from 2027-03-15 on.")
}

// TestMoreCapacityIsNeverWorse: with a team that can hold more, or one team more, those served are the same or better ranked, and if they are the same,
// the plan gains as much or more.
func TestMoreCapacityIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Filter(func(s scenario) bool { return len(s.requests) <= 7 && len(s.teams) > 0 }).Draw(t, "scenario")
		for i := range s.requests {
			s.requests[i].Rank = i + 1
		}
		policy := policies().Draw(t, "policy")
		for _, priority := range []Priority{Strict, Weighted} {
			policy.Priority = priority
			before, err := AssignWith(s.resources, s.requests, s.teams, policy)
			require.NoError(t, err)
			teams := slices.Clone(s.teams)
			if rapid.Bool().Draw(t, "one team more") {
				teams = append(teams, Team{ID: "Z", Capacity: float64(rapid.IntRange(0, 9).Draw(t, "its capacity"))})
			} else {
				teams[0].Capacity += float64(rapid.IntRange(0, 9).Draw(t, "more"))
			}
			after, err := AssignWith(s.resources, s.requests, teams, policy)
			require.NoError(t, err)
			require.True(t, before.Exact && after.Exact)
			c := compareServed(servedOf(after), servedOf(before))
			require.True(t, priority == Weighted || c >= 0)
			if priority == Weighted || c == 0 {
				require.GreaterOrEqual(t, after.Value, before.Value-1e-6*max(1, before.Value))
			}
		}
	})
}

func servedOf(p Plan) []bool {
	out := make([]bool, len(p.Decisions))
	for i, d := range p.Decisions {
		out[i] = d.Team != ""
	}
	return out
}

// TestTheBoundHoldsUnderTheCostOfLoad compares with every plan, without the search of all plans that proves small ones.
func TestTheBoundHoldsUnderTheCostOfLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems().Draw(t, "problem")
		for range p.agents() {
			p.costs = append(p.costs, loadCost{load: float64(rapid.IntRange(0, 9).Draw(t, "load")), full: float64(rapid.IntRange(1, 20).Draw(t, "full")),
				price: float64(rapid.IntRange(0, 9).Draw(t, "price")), count: rapid.IntRange(0, 3).Draw(t, "count"), parallel: rapid.IntRange(0, 3).Draw(t, "parallel"),
				switching: float64(rapid.IntRange(0, 5).Draw(t, "switching"))})
		}
		want, ok := brute(p)
		added, count := p.spread()
		linear, constant := p.tangent(added, count)
		sol := solveLinear(linear, nil, 20_000_000)
		got := solve(p, nil, 20_000_000)
		require.Equal(t, ok, got.agent != nil)
		if ok {
			require.GreaterOrEqual(t, sol.bound+constant, want-1e-6)
			require.InDelta(t, want, got.gain, 1e-5)
			require.True(t, got.exact)
		}
	})
}
