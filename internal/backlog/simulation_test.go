package backlog

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/simulate"
	"leanpmo/internal/store"
)

// TestASimulationHasTheResourcesThatRequestsNeed: as much for each week as there is in every week that an assignment in it looks at.
func TestASimulationHasTheResourcesThatRequestsNeed(t *testing.T) {
	at := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	less := at.AddDate(0, 0, 7*(policy.WeeksAhead+1)).Format(time.DateOnly) // the first day of a week
	s := Simulation{Portfolio: "digital", Input: simulate.Input{At: at}, Resources: []pmo.Resource{
		{ID: "staging", Name: "Staging", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Until: pmo.Date(less).Plus(-1), Amount: 3}, {From: pmo.Date(less), Amount: 1}}},
		{ID: "idle", Name: "Idle", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 3}}}}}
	row := store.Row{Request: pmo.Request{ID: "r", Content: pmo.Content{Kind: "bug", Resources: []string{"staging:2"}}}}
	s.Input.Past.Requests = []simulate.Request{simulated(row, priority.Item{}, at)}
	require.Equal(t, []simulate.Resource{{ID: "staging", Name: "Staging", Weeks: []float64{3, 3, 1, 1}}}, s.resources(4), "from the third week on the assignment sees that there will be less")
	s.Input.Past.Requests = nil
	require.Empty(t, s.resources(4))
}

// TestASimulationHasTheKindsOfTheReserve of each policy that it compares.
func TestASimulationHasTheKindsOfTheReserve(t *testing.T) {
	s := Simulation{Portfolio: "digital", Input: simulate.Input{At: time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)}}
	raw, err := os.ReadFile("../policy/default.yaml")
	require.NoError(t, err)
	p, err := policy.Parse([]byte(strings.Replace(string(raw), "  reserve: 0 #", "  reserve_kinds: [bug]\n  reserve: 0.1 #", 1)))
	require.NoError(t, err)
	require.Empty(t, s.scenario(policy.Default(), nil, 4).ReserveKinds)
	require.Equal(t, []string{"bug"}, s.scenario(p, nil, 4).ReserveKinds)
	row := store.Row{Request: pmo.Request{ID: "r", Content: pmo.Content{Kind: "bug", Class: pmo.ClassExpedite}}}
	require.True(t, simulated(row, priority.Item{}, time.Time{}).Work.Urgent, "under every policy")
}

// TestASimulationHasBothTeamsOfARequest: what each holds, whichever of them is read first, and the share of a size that is not known.
func TestASimulationHasBothTeamsOfARequest(t *testing.T) {
	row := store.Row{Request: pmo.Request{ID: "r", Content: pmo.Content{SecondTeam: pmo.SecondTeam{Skills: []string{"design:3"}, Share: 0.4}, Resources: []string{"staging:2"}}}}
	r := simulated(row, priority.Item{ID: "r"}, time.Time{})
	require.InDelta(t, 0.4, r.Share, 1e-9)
	require.Equal(t, []string{"design"}, r.Work.Second.Skills)
	require.Zero(t, r.Work.Size+r.Work.Second.Size, "the policy assumes it")

	first, second := store.TeamHold{RequestID: "r", Team: "falcon", Size: 3, Resources: []string{"staging:2"}}, store.TeamHold{RequestID: "r", Team: "otter", Size: 2, Second: true}
	for _, holds := range [][]store.TeamHold{{first, second}, {second, first}} {
		held := heldBy(holds)["r"].work(r, time.Time{})
		require.Equal(t, []string{"falcon", "otter"}, []string{held.Team, held.Second})
		require.Equal(t, []float64{3, 2}, []float64{held.Work.Size, held.Work.Second.Size})
		require.Equal(t, map[string]float64{"staging": 2}, held.Work.Resources)
	}
	require.Nil(t, heldBy([]store.TeamHold{first})["r"].work(r, time.Time{}).Work.Second, "it is asked anew, with another team")
}
