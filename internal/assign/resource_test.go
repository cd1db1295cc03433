package assign

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireResourcesKept adds up anew what a plan takes of each resource: never more than is free in any of its weeks, and nothing that there is not.
func requireResourcesKept(t require.TestingT, s scenario, plan Plan) {
	needs, taken := map[string]map[string]float64{}, map[string]float64{}
	for _, r := range s.requests {
		needs[r.ID] = r.Resources
	}
	for _, d := range plan.Decisions {
		if d.Team == "" {
			continue
		}
		for id, amount := range needs[d.Request] {
			taken[id] += amount
		}
	}
	for _, r := range s.resources {
		for _, w := range r.Weeks {
			if taken[r.ID] > 0 {
				require.LessOrEqual(t, taken[r.ID], w.Free+1e-9)
			}
		}
		delete(taken, r.ID)
	}
	require.Empty(t, taken)
}

func staging(free ...float64) []Resource {
	r := Resource{ID: "staging", Name: "Staging"}
	for k, f := range free {
		r.Weeks = append(r.Weeks, ResourceWeek{From: []string{"2027-03-01", "2027-03-08", "2027-03-15"}[k], Free: f})
	}
	return []Resource{r}
}

// TestASharedResourceIsNeverTakenTwice: two teams have room, and there is one environment.
func TestASharedResourceIsNeverTakenTwice(t *testing.T) {
	requests := []Request{{ID: "r1", Number: "R-1", Rank: 1, Size: 1, Resources: map[string]float64{"staging": 1}}, {ID: "r2", Number: "R-2", Rank: 2, Size: 1, Resources: map[string]float64{"staging": 1}}, {ID: "r3", Rank: 3, Size: 1}}
	teams := []Team{{ID: "a", Capacity: 10}, {ID: "b", Capacity: 10}}
	for _, priority := range []Priority{Strict, Weighted} {
		plan, err := AssignWith(staging(1, 1), requests, teams, Policy{Priority: priority})
		require.NoError(t, err)
		require.True(t, plan.Exact)
		served := teamsOf(plan)
		require.NotEmpty(t, served[0])
		require.Empty(t, served[1])
		require.NotEmpty(t, served[2], "who needs nothing of it does not wait")
		require.Equal(t, LimitResource, plan.Decisions[1].Binding.Code)
	}
	plan, err := AssignWith(staging(1, 1), requests, teams, Policy{})
	require.NoError(t, err)
	require.Equal(t, "R-2 has no team yet: it needs 1 of Staging and 0 is left: the rest goes to R-1, ranked before it. A better rank, or any of these finishing or declined, would free it.", plan.Decisions[1].Sentence)
}

// TestTheLimitNamesTheResourceAndUntilWhen, and the later week in which it is free is where the request could start.
func TestTheLimitNamesTheResourceAndUntilWhen(t *testing.T) {
	weeks := []Week{{From: "2027-03-08", Capacity: 10}, {From: "2027-03-15", Capacity: 10}}
	request := Request{ID: "r", Number: "R-1", Size: 1, Resources: map[string]float64{"staging": 2}}
	plan, err := AssignWith(staging(0, 1, 2), []Request{request}, []Team{{ID: "a", Name: "Falcon", Capacity: 10, Weeks: weeks}}, Policy{})
	require.NoError(t, err)
	d := plan.Decisions[0]
	require.Equal(t, "R-1 has no team yet: it needs 2 of Staging and 0 is free until 2027-03-15. 2 more of Staging, or a need smaller by as much, would do. If work ends by its plans, Falcon has room from 2027-03-15 on.", d.Sentence)
	require.Equal(t, "Falcon could take it, but a resource that it needs is not free", d.Others[0].Reason)

	plan, err = AssignWith(staging(2, 2, 1), []Request{request}, []Team{{ID: "a", Capacity: 10}}, Policy{})
	require.NoError(t, err)
	require.Equal(t, "it needs 2 of Staging and 1 is free", plan.Decisions[0].Binding.Why, "work that begins now has no known end")

	plan, err = AssignWith(nil, []Request{request}, []Team{{ID: "a", Capacity: 10}}, Policy{})
	require.NoError(t, err)
	require.Equal(t, "there is no resource staging", plan.Decisions[0].Binding.Why)
}

func TestWhatALaterWeekGivesIsNotGivenTwice(t *testing.T) {
	weeks := []Week{{From: "2027-03-08", Capacity: 10}, {From: "2027-03-15", Capacity: 10}}
	requests := []Request{{ID: "r1", Rank: 1, Size: 1, Resources: map[string]float64{"staging": 1}}, {ID: "r2", Rank: 2, Size: 1, Resources: map[string]float64{"staging": 1}}}
	plan, err := AssignWith(staging(0, 1, 1), requests, []Team{{ID: "a", Capacity: 10, Weeks: weeks}}, Policy{})
	require.NoError(t, err)
	require.Equal(t, 1, plan.Decisions[0].Later.Week)
	require.Nil(t, plan.Decisions[1].Later)
}

func TestResourcesAreChecked(t *testing.T) {
	for _, list := range [][]Resource{{{}}, {{ID: "x"}, {ID: "x"}}, {{ID: "x", Weeks: []ResourceWeek{{Free: math.NaN()}}}}} {
		_, err := AssignWith(list, nil, nil, Policy{})
		require.ErrorIs(t, err, ErrInput)
	}
	_, err := Assign([]Request{{ID: "r", Resources: map[string]float64{"x": -1}}}, nil, Policy{})
	require.ErrorIs(t, err, ErrInput)
}
