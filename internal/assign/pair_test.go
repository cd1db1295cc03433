package assign

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// partAt is what a team does of a request by a plan; takes is false where it does nothing of it.
func partAt(p Plan, r Request, team string) (part Request, takes bool) {
	for _, d := range p.Decisions {
		switch {
		case d.Request != r.ID:
		case d.Team == team:
			return r, true
		case d.Second != nil && d.Second.Team == team:
			return Request{ID: r.ID, Skills: r.Second.Skills, Levels: r.Second.Levels, Size: r.Second.Size, Excluded: r.Second.Excluded, Urgent: r.Urgent}, true
		}
	}
	return r, false
}

// requireBothTeams: a request that needs two teams has two different ones, or none.
func requireBothTeams(t require.TestingT, s scenario, d Decision) {
	for _, r := range s.requests {
		if r.ID != d.Request {
			continue
		}
		require.Equal(t, r.Second != nil && d.Team != "", d.Second != nil)
		if d.Second != nil {
			require.NotEmpty(t, d.Second.Team)
			require.NotEqual(t, d.Team, d.Second.Team)
		}
	}
}

// TestWeightedPlanOfPairsIsTheBestOfAllPlans, where requests may be left out for others.
func TestWeightedPlanOfPairsIsTheBestOfAllPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Filter(func(s scenario) bool { return len(s.requests) <= 5 && len(s.teams) > 0 }).Draw(t, "scenario")
		policy := policies().Draw(t, "policy")
		policy.Priority = Weighted
		plan, err := AssignWith(s.resources, s.requests, s.teams, policy)
		require.NoError(t, err)
		want, _ := brute(newBoard(s.requests, s.teams, policy, s.resources, 0).problem)
		require.True(t, plan.Exact)
		require.InDelta(t, want, plan.Value, 1e-6)
	})
}

var payments, design = Team{ID: "falcon", Name: "Falcon", Skills: skills("payments"), Capacity: 10, WIPLimit: 3}, Team{ID: "otter", Name: "Otter", Skills: skills("design"), Capacity: 10, WIPLimit: 3}

func both() Request {
	return Request{ID: "r1", Number: "R-1", Rank: 1, Skills: []string{"payments"}, Size: 2, Second: &Part{Skills: []string{"design"}, Size: 1}}
}

// TestARequestGetsBothItsTeamsOrNone: the load of each team is its part's, and the sentence names both.
func TestARequestGetsBothItsTeamsOrNone(t *testing.T) {
	plan, err := Assign([]Request{both()}, []Team{payments, design}, Policy{})
	require.NoError(t, err)
	d := plan.Decisions[0]
	require.Len(t, plan.Decisions, 1)
	require.Equal(t, "falcon", d.Team)
	require.Equal(t, "otter", d.Second.Team)
	require.Equal(t, "falcon", d.Plain)
	require.Contains(t, d.Sentence, "R-1 goes to Falcon: it covers payments")
	require.Contains(t, d.Second.Sentence, "R-1 (second team) goes to Otter: it covers design")
	require.Equal(t, "1 of 1 waiting requests have a team; no other plan fits better.", plan.Sentence)
	require.InDelta(t, .2, plan.Loads[0].After, 1e-9)
	require.InDelta(t, .1, plan.Loads[1].After, 1e-9)
	require.Equal(t, 1, plan.Loads[1].WIPAfter)
	require.Equal(t, "Falcon takes the other part of it, and two teams are needed", func() string {
		able := payments
		able.Skills = skills("payments", "design")
		plan, err := Assign([]Request{both()}, []Team{able, design}, Policy{})
		require.NoError(t, err)
		require.Equal(t, "otter", plan.Decisions[0].Second.Team, "the first team does not do both parts, though it could")
		return plan.Decisions[0].Second.Others[0].Reason
	}())
}

// TestWithoutASecondTeamTheFirstIsNotTaken: its room goes to who is ranked after, and what binds is said of the part that has no team.
func TestWithoutASecondTeamTheFirstIsNotTaken(t *testing.T) {
	full := design
	full.WIP = 3
	full.Load = 3
	next := Request{ID: "r2", Number: "R-2", Rank: 2, Skills: []string{"payments"}, Size: 8}
	plan, err := Assign([]Request{both(), next}, []Team{payments, full}, Policy{})
	require.NoError(t, err)
	require.Equal(t, []string{"", "falcon"}, teamsOf(plan))
	binding := plan.Decisions[0].Binding
	require.Equal(t, LimitWIP, binding.Code)
	require.Equal(t, "of its second team: Otter at WIP limit 3/3", binding.Why)
	require.Nil(t, plan.Decisions[0].Second)
	require.Empty(t, plan.Decisions[0].Plain)
}

// TestOneTeamCannotBeBoth: the only team with the skills of both parts is not taken for both.
func TestOneTeamCannotBeBoth(t *testing.T) {
	d := one(t, both(), Team{ID: "falcon", Name: "Falcon", Skills: skills("payments", "design"), Capacity: 10}, Team{ID: "kite", Name: "Kite", Capacity: 10})
	require.Empty(t, d.Team)
	require.Equal(t, LimitOtherPart, d.Binding.Code)
	require.Equal(t, "it needs two teams at once and only Falcon could take a part of it", d.Binding.Why)
}

// TestBothTeamsAreFreeLater says from when on both have room, not one of them.
func TestBothTeamsAreFreeLater(t *testing.T) {
	first, second := payments, design
	first.Load, second.Load = 8, 8
	for k, from := range []string{"2027-03-08", "2027-03-15"} {
		first.Weeks = append(first.Weeks, Week{From: from, Capacity: 10})
		second.Weeks = append(second.Weeks, Week{From: from, Capacity: 10, Load: float64(8 * (1 - k))})
	}
	d := one(t, both(), first, second)
	require.Equal(t, &Later{Team: "falcon", Second: "otter", Week: 2, From: "2027-03-15", Text: "If work ends by its plans, Falcon and Otter have room from 2027-03-15 on"}, d.Later)
}

// TestARemedyForTheSecondTeam is about the part that has no team.
func TestARemedyForTheSecondTeam(t *testing.T) {
	full := design
	full.WIP, full.Load = 3, 3
	require.Equal(t, []string{"Raise the WIP limit of Otter from 3 to 4."}, remediesOf(t, []Request{both()}, []Team{payments, full}, "r1")[:1])
	require.False(t, CouldEver(both(), []Team{payments}, Policy{}))
	require.True(t, CouldEver(both(), []Team{payments, full}, Policy{}))
}

func TestASecondPartIsChecked(t *testing.T) {
	for _, part := range []Part{{Size: -1}, {Levels: map[string]int{"web": 6}}} {
		_, err := Assign([]Request{{ID: "r", Second: &part}}, []Team{payments}, Policy{})
		require.ErrorIs(t, err, ErrInput)
	}
}

// TestPlaceSaysBothTeams of a request that needs two, and one of a request that needs one.
func TestPlaceSaysBothTeams(t *testing.T) {
	one := Request{ID: "r2", Rank: 2, Skills: []string{"design"}, Size: 1}
	places, err := Place(nil, []Request{both(), one}, []Team{payments, design}, Policy{})
	require.NoError(t, err)
	require.Equal(t, map[string]Pair{"r1": {Team: "falcon", Second: "otter"}, "r2": {Team: "otter"}}, places)
	places, err = Place(nil, []Request{both()}, []Team{payments}, Policy{})
	require.NoError(t, err)
	require.Empty(t, places)
}

// TestTheSecondTeamThatIsPreferred gets the part where it is as good as another.
func TestTheSecondTeamThatIsPreferred(t *testing.T) {
	lynx := design
	lynx.ID, lynx.Name = "zebra", "Zebra"
	for preferred, want := range map[string]string{"": "otter", "zebra": "zebra", "otter": "otter", "falcon": "otter"} {
		r := both()
		r.Second.Preferred = preferred
		plan, err := Assign([]Request{r}, []Team{payments, design, lynx}, Policy{})
		require.NoError(t, err)
		require.Equal(t, "falcon", plan.Decisions[0].Team)
		require.Equal(t, want, plan.Decisions[0].Second.Team, preferred)
	}
}
