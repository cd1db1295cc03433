package flow

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// at is a moment so many days after a Monday.
func at(days float64) time.Time {
	return time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(days * float64(day)))
}

func p(days float64) *time.Time {
	t := at(days)
	return &t
}

func span(from, to float64) Span { return Span{at(from), p(to)} }

func TestNearestRank(t *testing.T) {
	cycle := []float64{21, 1, 2, 2, 3, 34, 3, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 11, 13, 15}
	s := Summarise(cycle)
	require.InDelta(t, 8.2, s.Mean, 1e-9)
	s.Mean = 0
	require.Equal(t, Stats{N: 20, Min: 1, P50: 5, P70: 8, P85: 13, P95: 21, Max: 34}, s)
	require.Equal(t, 34.0, Percentile(cycle, 1))
	require.Equal(t, 1.0, Percentile(cycle, 0))
	require.True(t, math.IsNaN(Percentile(nil, .5)))
	require.Equal(t, Stats{}, Summarise(nil))
}

func TestTimes(t *testing.T) {
	item := Item{ID: "a", Kind: "feature", Submitted: p(0.5), Pulled: p(2), Done: p(6.25), Held: []Span{span(3, 4.5), span(4, 5)}}
	tests := []struct {
		name        string
		o           Options
		cycle, lead float64
	}{
		{"elapsed", Options{}, 4.25, 5.75},
		{"both ends included", Options{PlusOneDay: true}, 5, 7},
		{"without hold", Options{ExcludeHeld: true}, 2.25, 3.75},
		{"both", Options{PlusOneDay: true, ExcludeHeld: true}, 3, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cycle, skipped := CycleTimes([]Item{item}, tt.o)
			require.Empty(t, skipped)
			require.Equal(t, []Sample{{"a", "feature", at(6.25), tt.cycle}}, cycle)
			lead, _ := LeadTimes([]Item{item}, tt.o)
			require.Equal(t, []float64{tt.lead}, Days(lead))
		})
	}
}

func TestOddItemsAreNamedNotRepaired(t *testing.T) {
	items := []Item{{ID: "back", Pulled: p(3), Done: p(2)}, {ID: "never", Done: p(2)}, {ID: "open", Pulled: p(1)}, {ID: "same", Pulled: p(2), Done: p(2)}}
	out, skipped := CycleTimes(items, Options{})
	require.Equal(t, []float64{0}, Days(out))
	require.Equal(t, []Skipped{{"back", "done before it started"}, {"never", "never pulled"}}, skipped)
}

// counts are the bare counts.
func counts(buckets []Bucket) []int {
	out := make([]int, len(buckets))
	for i, b := range buckets {
		out[i] = b.Count
	}
	return out
}

func TestThroughput(t *testing.T) {
	items := []Item{{Done: p(0)}, {Done: p(0.99)}, {Done: p(3)}, {Done: p(9)}, {Done: p(30)}, {Dropped: p(3)}, {}}
	daily := Throughput(items, at(0), at(9), Options{})
	require.Equal(t, []int{2, 0, 0, 1, 0, 0, 0, 0, 0, 1}, counts(daily))
	weeks := WeeklyThroughput(items, at(-2), at(9), Options{})
	require.Equal(t, []int{0, 3, 1}, counts(weeks))
	require.Equal(t, []int{2, 7, 3}, []int{weeks[0].Days, weeks[1].Days, weeks[2].Days})
	require.Equal(t, at(0), weeks[1].Start)
	require.Nil(t, Throughput(items, at(5), at(4), Options{}))
}

func TestDaysFollowTheTimeZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	// Late evening in UTC is the next day in Berlin; the night of 29 March 2026 has 23 hours.
	from := time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC)
	to := time.Date(2026, 3, 30, 22, 30, 0, 0, time.UTC)
	out, _ := CycleTimes([]Item{{Pulled: &from, Done: &to}}, Options{Location: berlin, PlusOneDay: true})
	require.Equal(t, []float64{3}, Days(out))
	buckets := Throughput([]Item{{Done: &to}}, from, to, Options{Location: berlin})
	require.Equal(t, []int{0, 0, 1}, counts(buckets))
	require.Equal(t, 23*time.Hour, buckets[1].Start.Sub(buckets[0].Start))
}

func TestWIPAndAge(t *testing.T) {
	items := []Item{
		{ID: "a", Pulled: p(0), Held: []Span{{From: at(3)}}},
		{ID: "b", Pulled: p(1), Done: p(5), Blocked: []Span{span(2, 5)}},
		{ID: "c", Pulled: p(1), Dropped: p(3)},
		{ID: "d", Submitted: p(0)},
		{ID: "e", Pulled: p(9)},
	}
	require.Equal(t, WIPCount{InProgress: 2, Held: 1, Blocked: 1}, WIP(items, at(4)))
	require.Equal(t, WIPCount{InProgress: 3}, WIP(items, at(1)))
	age, ok := Age(items[0], at(4), Options{})
	require.True(t, ok)
	require.Equal(t, 4.0, age)
	age, _ = Age(items[0], at(4), Options{ExcludeHeld: true})
	require.Equal(t, 3.0, age)
	_, ok = Age(items[1], at(5), Options{})
	require.False(t, ok, "done is not in progress")
}

func TestAgingFlags(t *testing.T) {
	var items []Item
	for n := 1; n <= 10; n++ {
		items = append(items, Item{Pulled: p(0), Done: p(float64(2 * n)), Stages: []StageSpan{{Stage: "build", Span: span(0, float64(n))}, {Stage: "test", Span: span(float64(n), float64(2*n))}}})
	}
	open := func(id string, pulled float64, stage string) Item {
		return Item{ID: id, Pulled: p(pulled), Stages: []StageSpan{{Stage: "queue", Span: span(pulled, 19)}, {Stage: stage, Span: Span{From: at(19)}}}}
	}
	items = append(items, open("late", 10.5, "build"), open("same-age-later-stage", 10.5, "test"), open("six", 14, "build"), open("eight", 12, "build"), open("new", 19.5, "build"), open("odd", 1, "demo"))
	got := map[string]Aging{}
	for _, a := range AgingFlags(items, cyclesOf(items), at(20), Options{}) {
		got[a.ID] = a
	}
	require.Equal(t, LevelP85, got["late"].Level)
	require.Equal(t, "late is 9.5 days old, older than 85 % of finished items were when they left build.", got["late"].Sentence)
	require.Equal(t, LevelFine, got["same-age-later-stage"].Level)
	require.Equal(t, LevelP50, got["six"].Level)
	require.Equal(t, LevelP70, got["eight"].Level)
	require.Equal(t, "new is 0.5 days old, as usual.", got["new"].Sentence)
	require.Equal(t, "odd is 19.0 days old, older than 85 % of finished items took in all.", got["odd"].Sentence)
	quick := []float64{.01, .01, .02, .02, .03}
	hours := AgingFlags([]Item{{ID: "today", Pulled: p(19.5)}, {ID: "yesterday", Pulled: p(18.9)}}, quick, at(20), Options{})
	require.Equal(t, []Level{LevelP85, LevelFine}, []Level{hours[0].Level, hours[1].Level}, "nothing is old within a day")
	few := AgingFlags(items[10:11], nil, at(20), Options{})
	require.Equal(t, LevelUnknown, few[0].Level)
	require.Equal(t, "late is 9.5 days old; too few finished items to compare with.", few[0].Sentence)
}

func TestFlowEfficiency(t *testing.T) {
	item := Item{Submitted: p(0), Pulled: p(0), Done: p(20), Stages: []StageSpan{
		{Stage: "queue", Span: span(0, 10), Waiting: true}, {Stage: "build", Span: span(10, 14)}, {Stage: "review", Span: span(13, 15)}},
		Blocked: []Span{span(11, 12)}, Held: []Span{span(11.5, 13)}}
	var e Efficiency
	e.Add(item, []Span{span(2, 4), span(3, 5), span(12.5, 16), {From: at(19)}})
	e.Add(Item{Submitted: p(1)}, nil)
	require.Equal(t, Efficiency{Items: 1, Active: 3, Blocked: 2, Deciding: 5, Waiting: 10, Share: .15}, e, "of 20 days 3 are active")
	var plain Efficiency
	plain.Add(Item{Submitted: p(0), Pulled: p(6), Done: p(10), Blocked: []Span{span(7, 8)}}, nil)
	require.Equal(t, Efficiency{Items: 1, Active: 3, Blocked: 1, Waiting: 6, Share: .3}, plain)
}

// TestEveryMomentCountsOnce: the four parts add up to the whole.
func TestEveryMomentCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := func(name string) (out []Span) {
			for range rapid.IntRange(0, 4).Draw(t, name) {
				from := rapid.Float64Range(-2, 12).Draw(t, name+" from")
				out = append(out, span(from, from+rapid.Float64Range(0, 6).Draw(t, name+" length")))
			}
			return out
		}
		i := Item{Submitted: p(0), Done: p(10), Held: spans("held"), Blocked: spans("blocked")}
		for k, s := range spans("stages") {
			i.Stages = append(i.Stages, StageSpan{Stage: "s", Span: s, Waiting: k%2 == 0})
		}
		i.Stages = append(i.Stages, StageSpan{Stage: "last", Span: span(0, 0), Waiting: true})
		var e Efficiency
		e.Add(i, spans("questions"))
		require.InDelta(t, 10, e.Active+e.Blocked+e.Deciding+e.Waiting, 1e-6)
		for _, part := range []float64{e.Active, e.Blocked, e.Deciding, e.Waiting} {
			require.GreaterOrEqual(t, part, -1e-9)
		}
	})
}

func TestExpectations(t *testing.T) {
	cycle := []float64{1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 11, 13, 15, 21, 34}
	require.Equal(t, Expectation{Items: 20, Share: .85, Days: 13, Least: 1, Most: 34, NextBetween: 19. / 21, Sentence: "85 % within 13 days, from 20 finished."}, Expect("", cycle))
	require.Equal(t, "85 % within 1 day, from 5 finished. They are few: with 67 % the next one takes from 0 to 1 days, as these did.", Expect("", []float64{.1, .2, .3, .4, .5}).Sentence)
	list := Expectations(map[string][]float64{"otter": cycle, "falcon": {1, 2, 3, 4}, "": cycle})
	require.Equal(t, []string{"otter", "falcon"}, []string{list[0].Name, list[1].Name})
	require.Equal(t, "No expectation yet: 4 finished, 5 are needed.", list[1].Sentence)
	require.Zero(t, list[1].Days)
	require.NotNil(t, Expectations(nil))
}

func TestWaitingForAGroupCostsWhatDelayCosts(t *testing.T) {
	questions := []Question{
		{Kind: "architecture", Opened: at(-7), Answered: p(7), CostOfDelay: 700}, // seven days of it in this time
		{Kind: "architecture", Opened: at(8), CostOfDelay: 70},                   // open: two days
		{Kind: "architecture", Opened: at(1), Answered: p(3)},
		{Kind: "security", Opened: at(1), Answered: p(2)}}
	g := GroupTimes(questions, at(0), at(10), Options{})
	require.Equal(t, "architecture", g[0].Group)
	require.InDelta(t, 11, g[0].Waited, 1e-9)
	require.InDelta(t, 720, g[0].Cost, 1e-9)
	require.Equal(t, 2, g[0].Costed)
	require.Zero(t, g[1].Cost)
}

// TestTheNextOneLiesWithinTheRange with the chance of the published table, whatever the values are distributed like.
func TestTheNextOneLiesWithinTheRange(t *testing.T) {
	for n, want := range map[int]float64{0: 0, 1: 0, 5: .667, 7: .75, 11: .833, 20: .905, 30: .935} {
		require.InDelta(t, want, Within(n), 6e-4, "n = %d", n)
	}
	rng, inside := rand.New(rand.NewPCG(1, 2)), 0
	for range 20_000 {
		least, most := math.Inf(1), math.Inf(-1)
		for range 7 {
			v := rng.ExpFloat64()
			least, most = min(least, v), max(most, v)
		}
		if next := rng.ExpFloat64(); least <= next && next <= most {
			inside++
		}
	}
	require.InDelta(t, .75, float64(inside)/20_000, .01)
}

func TestLittlesLaw(t *testing.T) {
	require.Equal(t, 4.0, LittlesLaw(12, 3))
	require.True(t, math.IsInf(LittlesLaw(12, 0), 1))
	var steady []Item
	for n := -10; n < 40; n++ { // one starts each day and takes four
		steady = append(steady, Item{Pulled: p(float64(n)), Done: p(float64(n + 4))})
	}
	l := CheckLittle(steady, at(0), at(30))
	require.InDelta(t, 4, l.AvgWIP, 1e-9)
	require.InDelta(t, 1, l.Throughput, 1e-9)
	require.InDelta(t, 4, l.Expected, 1e-9)
	require.InDelta(t, 4, l.Measured, 1e-9)
	require.True(t, l.Holds)
	for _, c := range l.Conditions {
		require.True(t, c.Holds, "%+v", c)
	}
	flooded := append(steady, Item{Pulled: p(1), Dropped: p(3)})
	for range 40 {
		flooded = append(flooded, Item{Pulled: p(2)})
	}
	l = CheckLittle(flooded, at(0), at(30))
	require.False(t, l.Holds)
	for _, c := range l.Conditions {
		require.False(t, c.Holds, "%+v", c)
	}
	require.False(t, CheckLittle(nil, at(0), at(30)).Holds)
	require.Equal(t, Little{}, CheckLittle(steady, at(3), at(3)))
}

func TestDistribution(t *testing.T) {
	items := []Item{{Kind: "defect", Done: p(1)}, {Kind: "feature", Done: p(1)}, {Kind: "feature", Done: p(2)}, {Kind: "debt", Done: p(2)}, {Kind: "debt", Done: p(9)}, {Kind: "feature"}}
	require.Equal(t, []Share{{"feature", 2, .5}, {"debt", 1, .25}, {"defect", 1, .25}}, Distribution(items, at(0), at(3), Options{}))
}

// cyclesOf are the cycle times of items.
func cyclesOf(items []Item) []float64 {
	samples, _ := CycleTimes(items, Options{})
	return Days(samples)
}

// TestImportedWorkIsCompared: with imported work there is something to compare ages with on the first day; of too little of a part the whole is.
func TestImportedWorkIsCompared(t *testing.T) {
	imported := []Imported{}
	for _, days := range []float64{1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 11, 13, 15, 21, 34} {
		imported = append(imported, Imported{"bug", days})
	}
	whole := NewReference(nil, imported, nil)
	require.Equal(t, []float64{5, 8, 13, 21}, []float64{whole.Days.P50, whole.Days.P70, whole.Days.P85, whole.Days.P95})
	require.Equal(t, 13, whole.Expectation.Days)
	require.Equal(t, 20, whole.Imported)
	flags := AgingFlags([]Item{{ID: "R-1", Pulled: new(at(0))}}, whole.Cycles(), at(9), Options{})
	require.Equal(t, LevelP70, flags[0].Level)

	team := NewReference([]float64{7, 7, 7, 7}, nil, &whole)
	require.True(t, team.Whole)
	require.Equal(t, whole.Days, team.Days)
	require.False(t, whole.Whole)
	team = NewReference([]float64{7, 7, 7, 7, 9}, nil, &whole)
	require.False(t, team.Whole)
	require.Equal(t, 9, team.Expectation.Days)
	require.Zero(t, NewReference(nil, nil, nil).Days.N)
}
