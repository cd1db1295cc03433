package assign

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAConfidentialRequestIsNamedInItsOwnSentenceAlone: what is said of another request goes to that request's readers.
func TestAConfidentialRequestIsNamedInItsOwnSentenceAlone(t *testing.T) {
	team := []Team{{ID: "falcon", Name: "Falcon", Capacity: 10, WIPLimit: 2}}
	requests := []Request{{ID: "a", Number: "R-7", Rank: 1, Size: 1, Confidential: true}, {ID: "b", Number: "R-8", Rank: 2, Size: 1}, {ID: "c", Number: "R-9", Rank: 3, Size: 1}}
	plan, err := Assign(requests, team, Policy{})
	require.NoError(t, err)
	require.Equal(t, "the room of Falcon goes to R-8 and a confidential request, ranked before it", plan.Decisions[2].Binding.Why)
	raw, err := json.Marshal(plan.Decisions[1:])
	require.NoError(t, err)
	require.NotContains(t, string(raw), "R-7")
	require.Contains(t, plan.Decisions[0].Sentence, "R-7")

	for i := range requests {
		requests[i].Resources, requests[i].Confidential = map[string]float64{"staging": 1}, true
	}
	plan, err = AssignWith(staging(2, 2), requests, team, Policy{})
	require.NoError(t, err)
	require.Contains(t, plan.Decisions[2].Binding.Why, "the rest goes to 2 confidential requests")
}

// TestTheLoadThatIsSaidIsThatOfThePlan: each of three requests would take a team of ten to 20 %, and the ceiling is about all of them.
func TestTheLoadThatIsSaidIsThatOfThePlan(t *testing.T) {
	plan, err := Assign([]Request{{ID: "a", Size: 2}, {ID: "b", Size: 2}, {ID: "c", Size: 2}}, []Team{{ID: "falcon", Name: "Falcon", Capacity: 10}}, Policy{})
	require.NoError(t, err)
	for _, d := range plan.Decisions {
		require.Contains(t, d.Sentence, "goes to 20 % of capacity by this request and to 60 % by all of this plan, ceiling 80 %")
	}
	require.InDelta(t, 0.6, plan.Loads[0].After, 1e-9)
}
