package assign

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

func remediesOf(t *testing.T, requests []Request, teams []Team, id string) (texts []string) {
	t.Helper()
	list, err := Remedies(nil, requests, teams, DefaultPolicy(), id)
	require.NoError(t, err)
	for _, m := range list {
		texts = append(texts, m.Text)
	}
	return texts
}

func TestRemediesOfARequest(t *testing.T) {
	web := map[string]int{"web": 3}
	one := []Request{{ID: "r", Rank: 1, Size: 2, Skills: []string{"web"}, Levels: map[string]int{"web": 2}}}
	declined := []Request{{ID: "r", Rank: 1, Size: 2, Skills: []string{"web"}, Excluded: []string{"a"}}}
	both := []Request{{ID: "r", Rank: 1, Size: 2, Skills: []string{"web", "gis"}}}
	cases := map[string]struct {
		requests []Request
		teams    []Team
		want     []string
	}{
		"a slot":     {one, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10, WIPLimit: 3, WIP: 3, Load: 3}}, []string{"Raise the WIP limit of Falcon from 3 to 4."}},
		"over it":    {one, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10, WIPLimit: 3, WIP: 5, Load: 3}}, []string{"Raise the WIP limit of Falcon from 3 to 6."}},
		"a ceiling":  {one, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10, Load: 7}}, []string{"Raise the load ceiling of Falcon from 80 % to 90 %.", "Split it: Falcon has room for a part of at most 1 team-weeks now."}},
		"both":       {one, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10, Load: 7.9, WIPLimit: 2, WIP: 2}}, []string{"Raise the WIP limit of Falcon from 2 to 3, and raise the load ceiling of Falcon from 80 % to 99 %."}},
		"not enough": {one, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 2.2, Load: 0.5}}, []string{"Split it: Falcon has room for a part of at most 1.2 team-weeks now."}},
		"a level":    {one, []Team{{ID: "a", Name: "Falcon", Skills: map[string]int{"web": 1}, Capacity: 10}}, []string{"Let Falcon learn or borrow web:2."}},
		"a decline": {declined, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10}, {ID: "b", Name: "Otter", Capacity: 10}},
			[]string{"Let Otter learn or borrow web:1.", "Ask Falcon again, which declined."}},
		"two teams together": {both, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10}, {ID: "b", Name: "Otter", Skills: map[string]int{"gis": 5}, Capacity: 10}},
			[]string{"Let Falcon learn or borrow gis:1.", "Let Otter learn or borrow web:1.", "Let two teams do it together: Falcon, and Otter for gis:1.", "Split it: Falcon and Otter together have all skills."}},
		"two teams, one is full": {both, []Team{{ID: "a", Name: "Falcon", Skills: web, Capacity: 10}, {ID: "b", Name: "Otter", Skills: map[string]int{"gis": 5}, Capacity: 10, Load: 8}},
			[]string{"Let Falcon learn or borrow gis:1.", "Raise the load ceiling of Otter from 80 % to 100 %, and let Otter learn or borrow web:1.", "Split it: Falcon and Otter together have all skills."}},
		"it has a team": {one, []Team{{ID: "a", Skills: web, Capacity: 10}}, nil},
		"no team":       {one, nil, nil},
		"paused":        {one, []Team{{ID: "a", Skills: web, Capacity: 10, Paused: "rebuilding"}}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := remediesOf(t, c.requests, c.teams, "r")
			if name == "a decline" {
				require.ElementsMatch(t, c.want, got, "both are changes of one kind")
				return
			}
			require.Equal(t, c.want, got)
		})
	}
	list, err := Remedies(nil, one, nil, DefaultPolicy(), "other")
	require.NoError(t, err)
	require.Empty(t, list)
}

// TestARemedyCountsThoseRankedBetter: one slot more would go to the first, so the second needs two.
func TestARemedyCountsThoseRankedBetter(t *testing.T) {
	requests := []Request{{ID: "first", Rank: 1, Size: 1}, {ID: "second", Rank: 2, Size: 1}, {ID: "third", Rank: 3, Size: 1}}
	teams := []Team{{ID: "a", Name: "Falcon", Capacity: 10, WIPLimit: 2, WIP: 2, Load: 2}}
	require.Equal(t, []string{"Raise the WIP limit of Falcon from 2 to 3."}, remediesOf(t, requests, teams, "first"))
	require.Equal(t, []string{"Raise the WIP limit of Falcon from 2 to 4."}, remediesOf(t, requests, teams, "second"))
	require.Equal(t, []string{"Raise the WIP limit of Falcon from 2 to 5."}, remediesOf(t, requests, teams, "third"))
}

// TestEveryRemedyHelps: with the change, and nothing else changed, the plan has a team for the request.
func TestEveryRemedyHelps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		for i := range s.requests {
			s.requests[i].Rank = i + 1
		}
		if len(s.requests) == 0 {
			return
		}
		at := rapid.IntRange(0, len(s.requests)-1).Draw(t, "request")
		list, err := Remedies(nil, s.requests, s.teams, Policy{}, s.requests[at].ID)
		require.NoError(t, err)
		again, err := Remedies(nil, slices.Clone(s.requests), slices.Clone(s.teams), Policy{}, s.requests[at].ID)
		require.NoError(t, err)
		require.Equal(t, list, again)
		for _, m := range list {
			require.NotEmpty(t, m.Text)
			if m.ID == pmo.RemedySplit {
				continue
			}
			requests, teams := slices.Clone(s.requests), slices.Clone(s.teams)
			if m.ID == pmo.RemedySecond {
				names, levels := pmo.SkillNames(m.Second), pmo.SkillLevels(m.Second, 1)
				requests[at].Skills = slices.DeleteFunc(slices.Clone(requests[at].Skills), func(s string) bool { return slices.Contains(names, s) })
				requests[at].Second = &Part{Skills: names, Levels: levels, Size: requests[at].Size / 2, Excluded: requests[at].Excluded}
				requests[at].Size /= 2
			}
			requests[at].Excluded = slices.DeleteFunc(slices.Clone(requests[at].Excluded), func(id string) bool { return id == m.Team })
			for j := range teams {
				if teams[j].ID == m.Team {
					teams[j] = changed(teams[j], m)
				}
			}
			plan, err := Assign(requests, teams, Policy{})
			require.NoError(t, err)
			for _, d := range plan.Decisions {
				if d.Request == s.requests[at].ID {
					require.NotEmpty(t, d.Team, m.Text)
				}
			}
		}
	})
}

func TestWhetherATeamCouldEver(t *testing.T) {
	r := Request{ID: "r", Size: 4, Skills: []string{"web"}}
	could := func(r Request, t Team) bool { return CouldEver(r, []Team{t}, DefaultPolicy()) }
	full := Team{ID: "a", Skills: map[string]int{"web": 1}, Capacity: 5, Absent: 1, Load: 9, WIP: 3, WIPLimit: 3}
	require.True(t, could(r, full), "it is only full now")
	r.Size = 4.1
	require.False(t, could(r, full), "it is too large for it even when it is empty")
	full.Weeks = []Week{{Capacity: 6}}
	require.True(t, could(r, full), "a person comes later")
	r.Excluded = []string{"a"}
	require.False(t, could(r, full))
	require.False(t, could(Request{ID: "r", Size: 1, Skills: []string{"cobol"}}, full))
}

// TestOnlyTheNamedTeam: no other takes the request, and what binds is that team's limit, or that there is none of its name.
func TestOnlyTheNamedTeam(t *testing.T) {
	teams := []Team{{ID: "a", Name: "Falcon", Capacity: 10}, {ID: "b", Name: "Otter", Capacity: 10, WIPLimit: 1, WIP: 1}}
	binding := func(only string) Decision {
		plan, err := Assign([]Request{{ID: "r", Size: 1, Only: only}}, teams, Policy{})
		require.NoError(t, err)
		return plan.Decisions[0]
	}
	require.Equal(t, "a", binding("a").Team)
	require.Equal(t, "Otter at WIP limit 1/1", binding("b").Binding.Why)
	require.Equal(t, LimitNamed, binding("c").Binding.Code)
	require.False(t, CouldEver(Request{ID: "r", Size: 1, Only: "c"}, teams, Policy{}))
}
