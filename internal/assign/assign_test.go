package assign

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func skills(names ...string) map[string]int {
	out := map[string]int{}
	for _, n := range names {
		out[n] = 3
	}
	return out
}

func one(t *testing.T, r Request, teams ...Team) Decision {
	t.Helper()
	plan, err := Assign([]Request{r}, teams, Policy{})
	require.NoError(t, err)
	return plan.Decisions[0]
}

func TestEveryTeamThatIsNotChosenHasAReason(t *testing.T) {
	d := one(t, Request{ID: "r1", Number: "R-42", Rank: 1, Skills: []string{"gis"}, Size: 2, Excluded: []string{"kite"}},
		Team{ID: "falcon", Name: "Falcon", Skills: skills("gis"), Capacity: 10, WIP: 3, WIPLimit: 3},
		Team{ID: "otter", Name: "Otter", Skills: skills("web"), Capacity: 10},
		Team{ID: "heron", Name: "Heron", Skills: skills("gis"), Capacity: 10, Load: 7.2},
		Team{ID: "kite", Name: "Kite", Skills: skills("gis"), Capacity: 10},
		Team{ID: "wren", Name: "Wren", Skills: skills("gis"), Capacity: 10, Paused: "moves office"},
		Team{ID: "lynx", Name: "Lynx", Skills: skills("gis"), Capacity: 10, Load: 4},
		Team{ID: "ibis", Name: "Ibis", Skills: skills("gis"), Capacity: 10},
	)
	require.Equal(t, "ibis", d.Team)
	require.Equal(t, "lynx", d.RunnerUp)
	reasons := map[string]string{}
	for _, c := range d.Others {
		reasons[c.Team] = c.Reason
	}
	require.Equal(t, map[string]string{
		"falcon": "Falcon at WIP limit 3/3",
		"otter":  "Otter lacks skill gis",
		"heron":  "Heron would be at 92 % of capacity, ceiling 80 %",
		"kite":   "Kite declined this request",
		"wren":   "Wren takes no new work: moves office",
		"lynx":   "Lynx fits less: 0.35",
	}, reasons)
	require.Equal(t, "R-42 goes to Ibis: it covers gis and goes to 20 % of capacity by this request, ceiling 80 % (fit 0.45).", d.Sentence)
	require.Equal(t, "lynx", d.Others[0].Team, "the able come first")
}

func TestNobody(t *testing.T) {
	base := Request{ID: "r", Number: "R-1", Skills: []string{"gis", "sql"}, Size: 3}
	tests := []struct {
		name     string
		edit     func(*Request)
		teams    []Team
		code     LimitCode
		sentence string
	}{
		{"no team at all", nil, nil, LimitCapacity, "R-1 has no team yet: there is no team. A team with the needed skills would."},
		{"one skill short, two teams together", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis"), Capacity: 9}, {ID: "b", Name: "Otter", Skills: skills("sql"), Capacity: 9}},
			LimitSkill, "R-1 has no team yet: no team covers gis and sql. Falcon lacks only sql: learning or lending it would do; Falcon and Otter together cover all, so a split or a second team would fit."},
		{"skills nobody has", nil, []Team{{ID: "a", Capacity: 9}},
			LimitSkill, "R-1 has no team yet: no team covers gis and sql. A team with gis and sql would."},
		{"a level that nobody has", func(r *Request) { r.Skills, r.Levels = []string{"payments"}, map[string]int{"payments": 3} },
			[]Team{{ID: "a", Name: "Falcon", Skills: map[string]int{"payments": 1}, Capacity: 9}, {ID: "b", Name: "Otter", Skills: map[string]int{"payments": 2}, Capacity: 9}},
			LimitSkill, "R-1 has no team yet: no team covers payments at level 3. Otter lacks only payments at level 3 (it has level 2): learning or lending it would do."},
		{"WIP limit", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 9, WIP: 2, WIPLimit: 2}},
			LimitWIP, "R-1 has no team yet: Falcon at WIP limit 2/2. One request finishing at Falcon would free a slot."},
		{"over the WIP limit", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 9, WIP: 4, WIPLimit: 2}},
			LimitWIP, "R-1 has no team yet: Falcon at WIP limit 4/2. 3 requests finishing at Falcon would free a slot."},
		{"capacity", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 10, Load: 6}},
			LimitCapacity, "R-1 has no team yet: Falcon would be at 90 % of capacity, ceiling 80 %. 1 more free capacity at Falcon, or a request smaller by as much, would do."},
		{"too big for any period", func(r *Request) { r.Size = 9 }, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 10}},
			LimitCapacity, "R-1 has no team yet: Falcon would be at 90 % of capacity, ceiling 80 %. Even empty, Falcon can carry 8 at its ceiling and this needs 9: a smaller request or a split would fit."},
		{"both", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 10, Load: 6, WIP: 2, WIPLimit: 2}},
			LimitCapacity, "R-1 has no team yet: Falcon would be at 90 % of capacity, ceiling 80 %, and is at its WIP limit. 1 more free capacity at Falcon, or a request smaller by as much, would do, and one request finishing at Falcon would free a slot."},
		{"declined", func(r *Request) { r.Excluded = []string{"a"} }, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 10}},
			LimitDeclined, "R-1 has no team yet: Falcon declined, and nobody else has the skills. A changed request, or a talk with Falcon, would."},
		{"paused", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 10, Paused: "audit"}},
			LimitPaused, "R-1 has no team yet: Falcon takes no new work now. The end of the pause would free a place."},
		{"nobody there", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql"), Capacity: 10, Paused: NobodyThere}},
			LimitPaused, "R-1 has no team yet: Falcon takes no new work now. Somebody who has a part of the week for it would free a place."},
		{"no capacity", nil, []Team{{ID: "a", Name: "Falcon", Skills: skills("gis", "sql")}},
			LimitCapacity, "R-1 has no team yet: Falcon has no capacity. Even empty, Falcon can carry 0 at its ceiling and this needs 3: a smaller request or a split would fit."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := base
			if tt.edit != nil {
				tt.edit(&r)
			}
			d := one(t, r, tt.teams...)
			require.Empty(t, d.Team)
			require.Equal(t, tt.code, d.Binding.Code)
			require.Equal(t, tt.sentence, d.Sentence)
		})
	}
}

func TestRankDecidesWhoFitDecidesByWhom(t *testing.T) {
	teams := []Team{{ID: "falcon", Name: "Falcon", Skills: skills("gis"), Capacity: 10}}
	requests := []Request{
		{ID: "big", Number: "R-1", Rank: 1, Skills: []string{"gis"}, Size: 8},
		{ID: "s1", Number: "R-2", Rank: 2, Skills: []string{"gis"}, Size: 4},
		{ID: "s2", Number: "R-3", Rank: 3, Skills: []string{"gis"}, Size: 4},
	}
	plan, err := Assign(requests, teams, Policy{})
	require.NoError(t, err)
	require.Equal(t, []string{"falcon", "", ""}, teamsOf(plan))
	require.Equal(t, "R-2 has no team yet: the room of Falcon goes to R-1, ranked before it. A better rank, or any of these finishing or declined, would free a place.", plan.Decisions[1].Sentence)
	require.Equal(t, "1 of 3 waiting requests have a team; no other plan fits better.", plan.Sentence)

	plan, err = Assign(requests, teams, Policy{Priority: Weighted})
	require.NoError(t, err)
	require.Equal(t, []string{"", "falcon", "falcon"}, teamsOf(plan), "two small ones are worth more together")
}

func TestServingMovesOthersToMakeRoom(t *testing.T) {
	plan, err := Assign([]Request{
		{ID: "any", Rank: 1, Skills: []string{"web"}, Size: 1, Preferred: "falcon"},
		{ID: "gis", Rank: 2, Skills: []string{"gis"}, Size: 1},
	}, []Team{
		{ID: "falcon", Name: "Falcon", Skills: map[string]int{"web": 5, "gis": 5}, Capacity: 10, WIPLimit: 1},
		{ID: "otter", Name: "Otter", Skills: map[string]int{"web": 1}, Capacity: 10, WIPLimit: 1},
	}, Policy{})
	require.NoError(t, err)
	require.Equal(t, []string{"otter", "falcon"}, teamsOf(plan))
	require.Contains(t, plan.Decisions[0].Sentence, "Falcon fits better by itself, but all requests together gain more this way.")
	require.Equal(t, "Falcon: the room goes to gis", plan.Decisions[0].Others[0].Reason)
	require.True(t, plan.Exact)
}

func TestContinuityAndPreference(t *testing.T) {
	teams := []Team{{ID: "a", Capacity: 10}, {ID: "b", Capacity: 10}, {ID: "c", Capacity: 10}}
	require.Equal(t, "a", one(t, Request{ID: "r", Size: 1}, teams...).Team, "ties go to the lower id")
	require.Equal(t, "b", one(t, Request{ID: "r", Size: 1, Keep: "b"}, teams...).Team)
	require.Equal(t, "c", one(t, Request{ID: "r", Size: 1, Preferred: "c"}, teams...).Team)
	teams[0].Load = 6
	require.Equal(t, "b", one(t, Request{ID: "r", Size: 1}, teams...).Team, "work goes to where there is room")
}

func TestLoads(t *testing.T) {
	plan, err := Assign([]Request{{ID: "r", Size: 2}}, []Team{
		{ID: "a", Capacity: 10, Absent: .5, Load: 1, WIPLimit: 3, WIP: 1},
		{ID: "b", Capacity: 1, Load: 1, LoadCeiling: .9},
	}, Policy{})
	require.NoError(t, err)
	require.InDelta(t, .6, plan.Loads[0].After, 1e-9)
	require.InDelta(t, .2, plan.Loads[0].Before, 1e-9)
	require.InDelta(t, 1.5, *plan.Loads[0].WaitFactor, 1e-9)
	require.Equal(t, 2, plan.Loads[0].WIPAfter)
	require.Nil(t, plan.Loads[1].WaitFactor)
	require.Equal(t, .9, plan.Loads[1].Ceiling)
	_, err = json.Marshal(plan)
	require.NoError(t, err)
}

func TestInvalidInput(t *testing.T) {
	ok := Team{ID: "a", Capacity: 1}
	tests := []struct {
		name     string
		requests []Request
		teams    []Team
		policy   Policy
	}{
		{"no id", []Request{{}}, []Team{ok}, Policy{}},
		{"repeated request", []Request{{ID: "r"}, {ID: "r"}}, []Team{ok}, Policy{}},
		{"repeated team", nil, []Team{ok, ok}, Policy{}},
		{"negative size", []Request{{ID: "r", Size: -1}}, []Team{ok}, Policy{}},
		{"value not a number", []Request{{ID: "r", Value: math.NaN()}}, []Team{ok}, Policy{}},
		{"endless capacity", nil, []Team{{ID: "a", Capacity: math.Inf(1)}}, Policy{}},
		{"negative weight", nil, []Team{ok}, Policy{Weights: Weights{Skill: -1}}},
		{"unknown priority", nil, []Team{ok}, Policy{Priority: "loudest"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Assign(tt.requests, tt.teams, tt.policy)
			require.ErrorIs(t, err, ErrInput)
		})
	}
	plan, err := Assign(nil, nil, Policy{})
	require.NoError(t, err)
	require.Equal(t, "0 of 0 waiting requests have a team; no other plan fits better.", plan.Sentence)
}

func teamsOf(p Plan) []string {
	var out []string
	for _, d := range p.Decisions {
		out = append(out, d.Team)
	}
	return out
}

type scenario struct {
	requests  []Request
	teams     []Team
	resources []Resource
}

func scenarios() *rapid.Generator[scenario] {
	names := []string{"gis", "sql", "web", "ml"}
	subset := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 4, rapid.ID[string])
	return rapid.Custom(func(t *rapid.T) scenario {
		var s scenario
		for i := range rapid.IntRange(0, 10).Draw(t, "requests") {
			need := subset.Draw(t, "need")
			s.requests = append(s.requests, Request{ID: string(rune('a' + i)), Rank: rapid.IntRange(0, 12).Draw(t, "rank"), Skills: need[:min(len(need), 2)],
				Size: float64(rapid.IntRange(0, 6).Draw(t, "size")), Value: float64(rapid.IntRange(0, 9).Draw(t, "value")), Urgent: rapid.IntRange(0, 3).Draw(t, "urgent") == 0})
			if rapid.IntRange(0, 3).Draw(t, "needs two teams") == 0 {
				other := subset.Draw(t, "second need")
				s.requests[i].Second = &Part{Skills: other[:min(len(other), 1)], Size: float64(rapid.IntRange(0, 4).Draw(t, "second size"))}
			}
		}
		for k := range rapid.IntRange(0, 2).Draw(t, "resources") {
			r := Resource{ID: string(rune('x' + k))}
			for range rapid.IntRange(1, 3).Draw(t, "weeks") {
				r.Weeks = append(r.Weeks, ResourceWeek{Free: float64(rapid.IntRange(-1, 6).Draw(t, "free"))})
			}
			s.resources = append(s.resources, r)
			for i := range s.requests {
				if amount := rapid.IntRange(-4, 4).Draw(t, "amount"); amount > 0 {
					if s.requests[i].Resources == nil {
						s.requests[i].Resources = map[string]float64{}
					}
					s.requests[i].Resources[r.ID] = float64(amount)
				}
			}
		}
		for j := range rapid.IntRange(0, 4).Draw(t, "teams") {
			load := rapid.IntRange(0, 10).Draw(t, "load")
			s.teams = append(s.teams, Team{ID: string(rune('A' + j)), Skills: skills(subset.Draw(t, "have")...), Capacity: float64(rapid.IntRange(0, 20).Draw(t, "capacity")),
				Load: float64(load), UrgentLoad: float64(rapid.IntRange(0, load).Draw(t, "urgent load")), Carried: float64(rapid.IntRange(0, 9).Draw(t, "carried")) / 10, Pace: rapid.SampledFrom([]float64{0, 0.5, 1, 2}).Draw(t, "pace"), WIPLimit: rapid.IntRange(0, 4).Draw(t, "limit"), WIP: rapid.IntRange(0, 4).Draw(t, "wip")})
		}
		return s
	})
}

// policies have every limit that a policy may set, or none of them.
func policies() *rapid.Generator[Policy] {
	return rapid.Custom(func(t *rapid.T) Policy {
		p := DefaultPolicy()
		p.Reserve = float64(rapid.IntRange(0, 3).Draw(t, "reserve")) / 10
		p.Fairness = float64(rapid.IntRange(0, 5).Draw(t, "fairness")) / 10
		return p
	})
}

func TestPlanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		policy := policies().Draw(t, "policy")
		plan, err := AssignWith(s.resources, s.requests, s.teams, policy)
		require.NoError(t, err)
		requireResourcesKept(t, s, plan)
		require.LessOrEqual(t, plan.Value, plan.Bound+1e-9)
		requireReserveKept(t, s, plan, policy)
		for _, l := range plan.Loads {
			if l.After > l.Before {
				require.LessOrEqual(t, l.After, l.Ceiling+1e-9, "nobody is pushed over the ceiling")
			}
			if l.WIPLimit > 0 && l.WIPAfter > l.WIPBefore {
				require.LessOrEqual(t, l.WIPAfter, l.WIPLimit)
			}
		}
		for _, d := range plan.Decisions {
			require.NotEmpty(t, d.Sentence)
			require.Equal(t, d.Team == "", d.Binding != nil)
			requireBothTeams(t, s, d)
			for _, c := range d.Others {
				require.NotEmpty(t, c.Reason)
			}
		}
		// The order of arrival changes nothing.
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(s.requests), func(i, j int) { s.requests[i], s.requests[j] = s.requests[j], s.requests[i] })
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(s.teams), func(i, j int) { s.teams[i], s.teams[j] = s.teams[j], s.teams[i] })
		slices.Reverse(s.resources)
		again, err := AssignWith(s.resources, s.requests, s.teams, policy)
		require.NoError(t, err)
		require.Equal(t, plan, again)
	})
}

func TestBetterRankIsNeverServedLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Filter(func(s scenario) bool { return len(s.requests) > 0 }).Draw(t, "scenario")
		for i := range s.requests {
			s.requests[i].Rank = i + 2
		}
		policy := policies().Draw(t, "policy")
		before, err := AssignWith(s.resources, s.requests, s.teams, policy)
		require.NoError(t, err)
		pick := rapid.IntRange(0, len(s.requests)-1).Draw(t, "pick")
		s.requests[pick].Rank = 1
		after, err := AssignWith(s.resources, s.requests, s.teams, policy)
		require.NoError(t, err)
		if teamFor(before, s.requests[pick].ID) != "" {
			require.NotEmpty(t, teamFor(after, s.requests[pick].ID))
		}
	})
}

func teamFor(p Plan, id string) string {
	for _, d := range p.Decisions {
		if d.Request == id {
			return d.Team
		}
	}
	return ""
}

func BenchmarkAssign200(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 7))
	names := []string{"gis", "sql", "web", "ml", "ops", "ux"}
	var requests []Request
	for i := range 200 {
		requests = append(requests, Request{ID: string(rune(0x4e00 + i)), Rank: i + 1, Skills: []string{names[rng.IntN(6)]}, Size: 1 + 3*rng.Float64(), Value: 1 + 9*rng.Float64()})
	}
	var teams []Team
	for j := range 20 {
		teams = append(teams, Team{ID: string(rune('A' + j)), Skills: skills(names[rng.IntN(6)], names[rng.IntN(6)], names[rng.IntN(6)]), Capacity: 20, WIPLimit: 6})
	}
	for b.Loop() {
		plan, err := Assign(requests, teams, Policy{})
		require.NoError(b, err)
		b.ReportMetric(100*plan.Gap(), "%gap")
	}
}

// TestAnAbsentTeamGetsNothing: with no capacity left it is not taken for one with all of it.
func TestAnAbsentTeamGetsNothing(t *testing.T) {
	away, half := Team{ID: "a", Capacity: 10, Absent: 1}, Team{ID: "b", Capacity: 10, Absent: .5}
	d := one(t, Request{ID: "r", Size: 1}, away)
	require.Empty(t, d.Team)
	require.Equal(t, "a is absent", d.Binding.Why)
	require.Equal(t, "b", one(t, Request{ID: "r", Size: 4}, away, half).Team)
	d = one(t, Request{ID: "r", Size: 5}, half)
	require.Empty(t, d.Team, "5 of the 5 that are left are over the ceiling of 80 %")
	require.Contains(t, d.Binding.Why, "b would be at 100 % of capacity, ceiling 80 %; 50 % of it is absent now")
	_, err := Assign([]Request{{ID: "r", Size: 1}}, []Team{{ID: "a", Capacity: 1, Absent: 1.5}}, Policy{})
	require.ErrorIs(t, err, ErrInput)
}

// TestALevelThatIsNeededIsALimit: one team has the skill at the level that is needed, the other a lower one.
func TestALevelThatIsNeededIsALimit(t *testing.T) {
	d := one(t, Request{ID: "r", Number: "R-1", Skills: []string{"payments"}, Levels: map[string]int{"payments": 3}, Size: 1}, Team{ID: "falcon", Name: "Falcon", Skills: map[string]int{"payments": 2}, Capacity: 20},
		Team{ID: "otter", Name: "Otter", Skills: map[string]int{"payments": 3}, Capacity: 10, Load: 6})
	require.Equal(t, "otter", d.Team)
	require.Equal(t, "Falcon lacks skill payments at level 3 (it has level 2)", d.Others[0].Reason)
	require.Contains(t, d.Sentence, "it covers payments at level 3")
	_, err := Assign([]Request{{ID: "r", Skills: []string{"x"}, Levels: map[string]int{"x": 6}}}, nil, Policy{})
	require.ErrorIs(t, err, ErrInput)
}

func TestATeamThatWorksWellInTheWayOfWorkingComesFirst(t *testing.T) {
	teams := []Team{{ID: "kite", Capacity: 10, Approaches: []string{"predictive"}}, {ID: "lynx", Name: "Lynx", Capacity: 10, Approaches: []string{"kanban", "scrum"}}, {ID: "ibis", Capacity: 10}}
	d := one(t, Request{ID: "r1", Size: 2, Approach: "kanban"}, teams...)
	require.Equal(t, "lynx", d.Team)
	require.Contains(t, d.Sentence, "works well in kanban")
	require.Equal(t, "ibis", d.RunnerUp, "who says nothing is neither better nor worse by it")
	fit := map[string]float64{}
	for _, c := range d.Others {
		fit[c.Team] = c.Fit
	}
	require.Less(t, fit["kite"], fit["ibis"])
	d = one(t, Request{ID: "r1", Size: 2}, teams...)
	require.Nil(t, d.Parts.Approach, "no way of working is chosen yet")
	require.InDelta(t, d.Fit, d.Others[0].Fit, 1e-9)
}
