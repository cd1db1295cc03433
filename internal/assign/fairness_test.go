package assign

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// batches plans one request a week, which its team has done before the next, and returns what each team carried over all of them.
func batches(t *testing.T, fairness float64, weeks int) (count map[string]int, last Plan) {
	t.Helper()
	policy := DefaultPolicy()
	policy.Fairness = fairness
	teams := []Team{{ID: "a", Name: "Falcon", Capacity: 4, Skills: map[string]int{"web": 5}}, {ID: "b", Name: "Otter", Capacity: 4, Skills: map[string]int{"web": 4}}}
	count = map[string]int{}
	var given []string
	for week := range weeks {
		for j := range teams {
			teams[j].Carried = 0
			for _, team := range given[max(0, week-int(Horizon)):] {
				if team == teams[j].ID {
					teams[j].Carried += 2.0 / 4 / Horizon
				}
			}
		}
		plan, err := Assign([]Request{{ID: fmt.Sprint(week), Rank: 1, Size: 2, Skills: []string{"web"}}}, teams, policy)
		require.NoError(t, err)
		require.True(t, plan.Exact)
		given, last = append(given, plan.Decisions[0].Team), plan
		count[plan.Decisions[0].Team]++
	}
	return count, last
}

// TestOverBatchesLoadEvens: by fit alone, one team gets everything; with fairness, what the teams carried comes closer to each other.
func TestOverBatchesLoadEvens(t *testing.T) {
	count, _ := batches(t, 0, 24)
	require.Equal(t, map[string]int{"a": 24}, count)
	some, _ := batches(t, 0.4, 24)
	count, last := batches(t, 1, 24)
	require.Less(t, some["a"], 24)
	require.Less(t, count["a"], some["a"], "the more it counts, the more load evens")
	require.LessOrEqual(t, count["a"]-count["b"], 6)
	require.Greater(t, count["a"], count["b"], "the better skill still counts")
	require.Greater(t, last.Loads[0].Carried, 0.0)
}

func TestCarryingMoreCountsUpToFairness(t *testing.T) {
	policy := DefaultPolicy()
	policy.Fairness = 0.4
	teams := []Team{{ID: "a", Name: "Falcon", Capacity: 10, Carried: 0.9, Skills: map[string]int{"web": 5}}, {ID: "b", Name: "Otter", Capacity: 10, Carried: 0.3, Skills: map[string]int{"web": 4}}}
	plan, err := Assign([]Request{{ID: "r", Number: "R-1", Size: 1, Skills: []string{"web"}}}, teams, policy)
	require.NoError(t, err)
	require.Equal(t, "b", plan.Decisions[0].Team)
	require.Contains(t, plan.Decisions[0].Others[0].Reason, "it carried 90 % of its capacity over the last weeks, more than the teams' mean of 60 %")
	require.InDelta(t, 0.4, Team{Carried: 1.3}.unfair(policy), 1e-9)
	require.InDelta(t, 0.12, Team{Carried: 0.3}.unfair(policy), 1e-9)
	require.Zero(t, Team{Carried: 1}.unfair(DefaultPolicy()))
	policy.Fairness = -1
	_, err = Assign(nil, nil, policy)
	require.ErrorIs(t, err, ErrInput)
}
