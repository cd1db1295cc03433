package backlog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// both is a request that needs one team for web and another for design, with those that accepted it.
func both(id string) store.Row {
	return store.Row{Request: pmo.Request{ID: id, Number: 1, Content: pmo.Content{Size: 2, Skills: []string{"web"}, SecondTeam: pmo.SecondTeam{Skills: []string{"design"}}},
		Assignment: &pmo.Assignment{Team: "falcon", Size: 1, Second: &pmo.TeamPart{Team: "otter", Size: 1}}}}
}

// TestAPlaceOfTwoTeamsNamesBoth, now and in a later week.
func TestAPlaceOfTwoTeamsNamesBoth(t *testing.T) {
	p := ahead(0, pmo.Team{ID: "falcon", Name: "Falcon", Skills: []string{"web"}, Capacity: 10}, pmo.Team{ID: "otter", Name: "Otter", Skills: []string{"design"}, Capacity: 10})
	row := both("x")
	p.Waiting = []assign.Request{backlog.AssignRequest(row, p.Rules)}
	for days, holds := range map[int][]store.TeamHold{0: nil, 14: {{RequestID: "h", Team: "otter", Size: 8, Firm: true, Until: dayAfter(13)}}} {
		p.Holds = holds
		for i := range p.Teams {
			p.Teams[i].Load = 0
			for _, h := range holds {
				if h.Team == p.Teams[i].ID {
					p.Teams[i].Load += h.Size
				}
			}
		}
		plan, err := backlog.ProposalsOf(*p, monday)
		require.NoError(t, err)
		pair, from, known := backlog.StartOf(plan.Plan.Decisions[0])
		require.True(t, known)
		require.Equal(t, assign.Pair{Team: "falcon", Second: "otter"}, pair)
		require.Equal(t, days, from)
		require.Equal(t, "Otter", plan.TeamsOf(pair)[1].Name)
		require.Contains(t, plan.MoveText(plan.Plan.Decisions[0], ""), "Falcon and Otter could take it")
	}
}

// TestWhatLosesItsSecondTeamKeepsTheFirst in the plan of a move: the one that has no room gets neither part.
func TestWhatLosesItsSecondTeamKeepsTheFirst(t *testing.T) {
	p := ahead(0)
	for _, team := range []pmo.Team{{ID: "falcon", Skills: []string{"web"}}, {ID: "heron", Skills: []string{"web", "design"}}, {ID: "otter", Skills: []string{"design"}}} {
		team.Capacity = 10
		p.Teams = append(p.Teams, store.TeamLoad{Team: team})
	}
	for lost, want := range map[string]assign.Pair{"otter": {Team: "falcon", Second: "heron"}, "falcon": {Team: "heron", Second: "otter"}} {
		plan, decisions, err := p.Moves([]store.Row{both("x")}, map[string]string{"x": lost}, monday)
		require.NoError(t, err)
		pair, _, placed := backlog.StartOf(decisions["x"])
		require.True(t, placed, plan.Plan)
		require.Equal(t, want, pair, "%s has no room for it", lost)
	}
}
