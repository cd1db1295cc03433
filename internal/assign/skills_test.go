package assign

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func everyone(string) bool { return true }

// TestSkillDelays: two requests wait for a skill that nobody has, of 5 and 3 in value, and one for a skill of a full team. Eight weeks are looked at.
func TestSkillDelays(t *testing.T) {
	requests := []Request{{ID: "a", Rank: 1, Size: 2, Value: 5, Skills: []string{"cobol"}, Levels: map[string]int{"cobol": 3}}, {ID: "b", Rank: 2, Size: 2, Value: 3, Skills: []string{"cobol", "web"}},
		{ID: "c", Rank: 3, Size: 2, Value: 2, Skills: []string{"gis"}}, {ID: "d", Rank: 4, Size: 1, Skills: []string{"web"}}}
	teams := []Team{{ID: "falcon", Skills: map[string]int{"web": 4}, Capacity: 10, Load: 2, Parallel: 5, More: Person{Capacity: 2}}, {ID: "otter", Skills: map[string]int{"gis": 5}, Capacity: 10, Load: 8, Parallel: 5, More: Person{Capacity: 2}}}
	list, err := SkillDelays(requests, teams, DefaultPolicy(), Counting{Counts: everyone, Money: map[string]float64{"a": 1000}, Weeks: 8})
	require.NoError(t, err)
	require.Len(t, list, 2)
	cobol, gis := list[0], list[1]
	require.Equal(t, "cobol", cobol.Skill)
	require.Equal(t, 3, cobol.Level)
	require.Empty(t, cobol.Teams)
	require.Equal(t, Delay{Requests: 2, Weeks: 16, Value: 8 * (5 + 3), Money: 8000, Priced: 1}, cobol.Delay)
	require.Equal(t, "falcon", cobol.Taught.Team, "it has room, and web too")
	require.Equal(t, Delay{Requests: 2, Weeks: 16, Value: 64, Money: 8000, Priced: 1}, cobol.Taught.Less)
	require.Equal(t, "gis", gis.Skill)
	require.Equal(t, []string{"otter"}, gis.Teams)
	require.Equal(t, "falcon", gis.Taught.Team)
	require.Equal(t, 1, gis.Taught.Less.Requests)
	require.Equal(t, "falcon", gis.Person.Team, "one person more of two team-weeks leaves Otter at its ceiling of 9.6 with 8")
}

// TestAPersonMoreRaisesALimitForEachPerson: Otter has the skill and capacity, and two people who work on two requests.
func TestAPersonMoreRaisesALimitForEachPerson(t *testing.T) {
	otter := Team{ID: "otter", Skills: map[string]int{"gis": 5}, Capacity: 10, Load: 2, WIP: 2, WIPLimit: 2, More: Person{Capacity: 5, WIP: 1}}
	list, err := SkillDelays([]Request{{ID: "a", Size: 1, Skills: []string{"gis"}}}, []Team{otter}, DefaultPolicy(), Counting{Counts: everyone, Weeks: 8})
	require.NoError(t, err)
	require.Equal(t, Help{Team: "otter", Less: Delay{Requests: 1, Weeks: 8, Value: 8}}, list[0].Person)
	require.Empty(t, list[0].Taught.Team)
}

func TestSkillDelaysCountOnlyWhatCounts(t *testing.T) {
	requests := []Request{{ID: "a", Size: 1, Skills: []string{"cobol"}}, {ID: "b", Size: 1, Skills: []string{"gis"}}}
	list, err := SkillDelays(requests, []Team{{ID: "t", Capacity: 5}}, DefaultPolicy(), Counting{Counts: func(id string) bool { return id == "b" }, Weeks: 8})
	require.NoError(t, err)
	require.Len(t, list, 1, "nobody learns of the skill of what does not count")
	require.Equal(t, "gis", list[0].Skill)
	require.Zero(t, list[0].Delay.Priced)
}

// BenchmarkSkillDelays has 500 requests of ten skills and 20 teams with room for a part of them.
func BenchmarkSkillDelays(b *testing.B) {
	var requests []Request
	var teams []Team
	for i := range 500 {
		requests = append(requests, Request{ID: fmt.Sprint("r", i), Rank: i + 1, Size: 1 + float64(i%3), Value: 1 + float64(i%7), Skills: []string{fmt.Sprint("s", i%10)}})
	}
	for j := range 20 {
		teams = append(teams, Team{ID: fmt.Sprint("t", j), Skills: map[string]int{fmt.Sprint("s", j%7): 3, fmt.Sprint("s", j%5): 2}, Capacity: 20, Parallel: 5, More: Person{Capacity: 4}})
	}
	for b.Loop() {
		if _, err := SkillDelays(requests, teams, DefaultPolicy(), Counting{Counts: everyone, Weeks: 8}); err != nil {
			b.Fatal(err)
		}
	}
}
