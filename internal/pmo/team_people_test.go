package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestCapacityFollowsFromThePeopleOfATeam(t *testing.T) {
	team := pmo.Team{Leads: []string{"theo"}, Members: []string{"ana", "bo", "cy"}, Shares: map[string]float64{"bo": 0.5, "theo": 0.25}, CapacityPerPerson: 2, OtherWork: 0.2}
	require.InDelta(t, 2.75, team.FullTime(), 1e-9, "two whole, a half and a quarter")
	team = team.WithCapacity()
	require.InDelta(t, 4.4, team.Capacity, 1e-9, "2.75 people, 2 team-weeks each, a fifth of it for other work")
	require.Zero(t, pmo.Team{CapacityPerPerson: 2, Leads: []string{"theo"}}.WithCapacity().Capacity, "a lead counts only with a share")
	require.Equal(t, 7.0, pmo.Team{Capacity: 7, Members: []string{"ana"}, OtherWork: 0.5}.WithCapacity().Capacity, "a stated capacity stays")

	week := over("2027-03-01", "2027-03-02", "2027-03-03", "2027-03-04", "2027-03-05")
	team.Absences = []pmo.Absence{{From: "2027-03-01", Until: "2027-03-05", Who: "bo"}}
	require.Empty(t, team.AbsenceFaults(nil))
	require.InDelta(t, 4.4-0.8, team.CapacityIn(week), 1e-9, "half a person of 1.6 team-weeks is away")
	require.Equal(t, "2027-03-01 to 2027-03-05: all of (bo)", team.Absences[0].Words())
	stated := pmo.Team{Capacity: 4, Members: []string{"bo"}, Absences: team.Absences}
	require.Len(t, stated.AbsenceFaults(nil), 1, "how much of a stated capacity is absent has to be said")
}

func limitOf(team pmo.Team, policy int) int {
	limit, _ := team.LimitOr(policy)
	return limit
}

func TestWIPLimitForEachPerson(t *testing.T) {
	team := pmo.Team{Members: []string{"ana", "bo"}, Shares: map[string]float64{"bo": 0.5}, WIPPerPerson: 2}
	require.Equal(t, 3, limitOf(team, 10))
	require.Equal(t, 3, limitOf(team, 0), "without another limit")
	require.Equal(t, 2, limitOf(team, 2), "the smaller one")
	team.WIPLimit = 1
	require.Equal(t, 1, limitOf(team, 10))
	require.Equal(t, 1, limitOf(pmo.Team{WIPPerPerson: 0.1, Members: []string{"ana"}}, 5), "whoever is there can do one")
	for name, nobody := range map[string]pmo.Team{"no members": {WIPPerPerson: 2, Leads: []string{"theo"}}, "a share of 0": {WIPPerPerson: 2, Members: []string{"ana"}, Shares: map[string]float64{"ana": 0}}} {
		limit, limited := nobody.LimitOr(5)
		require.True(t, limited, name)
		require.Zero(t, limit, name)
		require.True(t, nobody.NoPeople(), name)
	}
	require.False(t, pmo.Team{}.NoPeople(), "it states no limit by people")
}

func TestATeamWithAPersonMore(t *testing.T) {
	team := pmo.Team{Members: []string{"ana", "bo"}, Shares: map[string]float64{"bo": 0.5}, CapacityPerPerson: 2, OtherWork: 0.2, WIPPerPerson: 2}.WithCapacity()
	more := team.WithPerson()
	require.InDelta(t, 1.6, more.Capacity-team.Capacity, 1e-9, "with the whole week, whatever the others have")
	require.Equal(t, 5, limitOf(more, 0))
	require.Equal(t, 3, limitOf(team, 0))
	require.InDelta(t, 7, pmo.Team{Capacity: 5, Leads: []string{"theo"}, Members: []string{"ana", "bo", "cy"}, Shares: map[string]float64{"cy": 0.5}}.WithPerson().Capacity, 1e-9, "2.5 people hold 5")
	require.Zero(t, pmo.Team{}.WithPerson().Capacity)
}

func TestPeopleFaults(t *testing.T) {
	team := pmo.Team{Members: []string{"ana"}, Leads: []string{"theo"}}
	require.Empty(t, team.PeopleFaults())
	for field, edit := range map[string]func(*pmo.Team){
		"/shares/zoe":          func(t *pmo.Team) { t.Shares = map[string]float64{"zoe": 1} },
		"/shares/ana":          func(t *pmo.Team) { t.Shares = map[string]float64{"ana": 1.1} },
		"/capacity_per_person": func(t *pmo.Team) { t.CapacityPerPerson = -1 },
		"/other_work":          func(t *pmo.Team) { t.OtherWork = 1.5 },
		"/wip_per_person":      func(t *pmo.Team) { t.WIPPerPerson = -2 },
		"/pace":                func(t *pmo.Team) { t.Pace = 0.1 },
	} {
		wrong := team
		edit(&wrong)
		require.Contains(t, wrong.PeopleFaults(), field)
		require.Len(t, wrong.PeopleFaults(), 1, field)
	}
	many := pmo.Team{Members: []string{"a", "b", "c"}, CapacityPerPerson: 900}
	require.Contains(t, many.PeopleFaults()["/capacity_per_person"], "more than 1000")
}
