package backlog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// TestWhyAnOfferIsLostNamesTheLimitsThatThereAre: no limit of requests is not one of 0.
func TestWhyAnOfferIsLostNamesTheLimitsThatThereAre(t *testing.T) {
	rules := policy.Default().AssignPolicyAt("digital", time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC))
	p := Placement{Rules: rules, Teams: []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon", Capacity: 5}}},
		Holds: []store.TeamHold{{RequestID: "a", Team: "falcon", Size: 6, Offered: true}}}
	for limit, want := range map[int]string{0: "and can hold 4", 3: "and can hold 4 and 3"} {
		p.Rules.WIPLimit = limit
		lost := p.LostPlaces()
		require.Len(t, lost, 1)
		require.Equal(t, "Falcon holds 6 team-weeks and 1 requests with it, "+want, lost[0].Says)
	}
	p.Teams[0].Capacity = 0
	require.Contains(t, p.LostPlaces()[0].Says, "can hold 0", "nothing is nothing")
}
