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
