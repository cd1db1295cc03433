package simulate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

// twoTeams is a portfolio with two teams, to which nothing comes in the weeks: a takes 10 days for all, and b 20.
func twoTeams(waiting ...Request) Input {
	a, b := team("a", 8, 10, map[string]int{"web": 3}), team("b", 8, 10, map[string]int{"data": 3})
	in := Input{At: at, Weeks: 8, Runs: 10, Backlog: waiting, Past: Past{From: at.AddDate(-1, 0, 0), Until: at}, Now: scenario(10, a, b)}
	for range 20 {
		in.Past.Cycles = append(in.Past.Cycles, Cycle{Team: "a", Days: 10}, Cycle{Team: "b", Days: 20})
	}
	return in
}

// both needs a for web and b for data.
func both(id string, size, second float64) Request {
	r := request(id, priority.Standard, 5, size, -10, "web")
	r.Work.Second = &assign.Part{Skills: []string{"data"}, Size: second}
	return r
}

// alone plays one run without arrivals.
func alone(t *testing.T, in Input) *run {
	t.Helper()
	in = in.normal()
	scenarios := in.scenarios()
	jobs := in.drawn(arrivals{counts: []int{0}}, 1, 0)
	r := in.newRun(&scenarios[0], in.Past.paces(), jobs, map[suit][]int{}, newTally(&in, &scenarios[0]))
	require.NoError(t, r.all())
	return r
}

// TestWorkOfTwoTeamsEndsWithTheSlowerPart, and both have its load and it in their WIP until then.
func TestWorkOfTwoTeamsEndsWithTheSlowerPart(t *testing.T) {
	r := alone(t, twoTeams(both("x", 2, 3)))
	x := r.byID["x"]
	require.Equal(t, delivered, x.at)
	require.InDelta(t, 20, x.end, 1e-9, "a is done after 10 days, b after 20")
	for team, size := range []float64{2, 3} {
		require.Equal(t, []float64{size, size, size, 0}, []float64{r.out.teams[team].Weeks[0].loads[0], r.out.teams[team].Weeks[1].loads[0], r.out.teams[team].Weeks[2].loads[0], r.out.teams[team].Weeks[3].loads[0]})
		require.Zero(t, r.teams[team].WIP)
	}
	require.InDelta(t, 20, r.out.busy, 1e-9, "one request is worked on, whatever number of teams it has")
}

// TestASecondTeamThatIsFullLetsTheRequestWait until that team has room, although the first one has it all the time.
func TestASecondTeamThatIsFullLetsTheRequestWait(t *testing.T) {
	in := twoTeams(both("x", 2, 3))
	full := Held{Request: request("h", priority.Standard, 5, 7, -30, "data"), Team: "b", Since: at}
	in.Held = []Held{full}
	r := alone(t, in)
	require.InDelta(t, 20, r.byID["h"].end, 1e-9)
	require.InDelta(t, 20, r.byID["x"].since, 1, "b may take 8 of its 10, and holds 7")
	require.InDelta(t, r.byID["x"].since+20, r.byID["x"].end, 1e-9)

	in.Held = nil
	require.Zero(t, alone(t, in).byID["x"].since)
}

// TestOneTeamIsNotEnoughForTwoParts: where one team alone suits both, nobody begins, and a slot that it had is given back.
func TestOneTeamIsNotEnoughForTwoParts(t *testing.T) {
	r := both("x", 1, 1)
	r.Work.Second.Skills = []string{"web"}
	in := twoTeams()
	in.ForTeam = []Request{r}
	require.Equal(t, waiting, alone(t, in).byID["x"].at)
}

// TestHeldWorkOfTwoTeams has of each what it takes of it, and goes on with the slower one.
func TestHeldWorkOfTwoTeams(t *testing.T) {
	in := twoTeams()
	in.Held = []Held{{Request: both("x", 2, 3), Team: "a", Second: "b", Since: at.AddDate(0, 0, -5)}}
	r := alone(t, in)
	require.InDelta(t, 15, r.byID["x"].end, 1e-9, "b has 15 of 20 days left")
	require.Equal(t, []float64{2, 3}, []float64{r.out.teams[0].Weeks[0].loads[0], r.out.teams[1].Weeks[0].loads[0]})
}

// TestAnUnknownSizeIsDividedByTheShare of the second team, as the policy assumes it.
func TestAnUnknownSizeIsDividedByTheShare(t *testing.T) {
	r := both("x", 0, 0)
	r.Share = 0.25
	x := alone(t, twoTeams(r)).byID["x"]
	require.Equal(t, []float64{1.5, 0.5}, []float64{x.parts[0].size, x.parts[1].size}, "of the two team-weeks assumed")
}

// TestLimitsHoldWithPairs: whatever is drawn, no team has more than it may take, and requests of two teams have both or none.
func TestLimitsHoldWithPairs(t *testing.T) {
	in := portfolio(60, 5, 12, 5, 11)
	in.Runs = 3
	for _, list := range [][]Request{in.Backlog, in.Past.Requests} {
		for i := range list {
			if i%3 == 0 {
				list[i].Work.Second = &assign.Part{Skills: []string{"ops"}, Size: 1}
			}
		}
	}
	in = in.normal()
	past := in.Past.arrivals()
	r := in.newRun(&in.Now, in.Past.paces(), in.drawn(past, 3, 0), map[suit][]int{}, newTally(&in, &in.Now))
	pairs := 0
	for ; r.day < 7*in.Weeks; r.day++ {
		before := append([]assign.Team(nil), r.teams...)
		require.NoError(t, r.today())
		limitsKept(t, r, before)
	}
	for i := range r.jobs {
		j := &r.jobs[i]
		if len(j.parts) == 2 && (j.at == inWork || j.at == delivered) {
			pairs++
			require.NotEqual(t, nobody, j.parts[1].team)
			require.NotEqual(t, j.parts[0].team, j.parts[1].team)
		}
	}
	require.Greater(t, pairs, 5)
}
