package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestArrivalsRankWhereTheyDid(t *testing.T) {
	a := ArrivalsOf(100, []Arrived{{Count: 10, Ranks: []int{1, 6}}, {Count: 4, Ranks: []int{2}}, {Count: 1, Ranks: []int{1}}, {Count: 20, Ranks: []int{20}}})
	require.Equal(t, []float64{.05, .375, .5, .55, .975}, a.Places)
	require.InDelta(t, 0, a.Above(.05), 1e-12, "none ranks above the first place but by being before it")
	require.InDelta(t, .01, a.Above(.1), 1e-12)
	require.InDelta(t, .03, a.Above(PlaceOf(11, 20)), 1e-12)
	require.InDelta(t, .05, a.Above(1), 1e-12)
	require.InDelta(t, .025, a.AboveUnranked(), 1e-12, "of two newcomers either ranks above the other")
	a.Days = arrivalDays - 1
	require.Zero(t, a.Above(1), "watched too shortly")
	require.Zero(t, Arrivals{Days: 100, Places: a.Places[:arrivalLeast-1]}.Above(1), "too few came")
	require.InDelta(t, .5, PlaceOf(1, 0), 1e-12)
}

// TestMoreArrivalsAreNeverSooner, nor are more ahead, whatever the history; without arrivals it is as ever.
func TestMoreArrivalsAreNeverSooner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Learn(History{Counts: dailyCounts(t)}, Options{Horizon: 1500})
		n, more := rapid.IntRange(0, 40).Draw(t, "ahead"), rapid.IntRange(0, 10).Draw(t, "more ahead")
		rate, faster := rapid.Float64Range(0, .6).Draw(t, "a day"), rapid.Float64Range(0, .3).Draw(t, "more a day")
		none, few, many := m.When(n), m.whenPushedBack(n, rate), m.whenPushedBack(n+more, rate+faster)
		if none.CannotForecast {
			require.True(t, few.CannotForecast)
			return
		}
		for d := range 1501 {
			require.LessOrEqual(t, few.dist.Within(d), none.dist.Within(d)+1e-4, "day %d", d)
			require.LessOrEqual(t, many.dist.Within(d), few.dist.Within(d)+1e-4, "day %d", d) // a chance above tailFrom counts as 1
			require.GreaterOrEqual(t, few.dist.Within(d), few.dist.Within(d-1))
		}
	})
}

// TestArrivalsAgreeWithSimulation: a team that finishes one of two a day, a request behind 20 others, and one arrival in four days on average.
func TestArrivalsAgreeWithSimulation(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	m := Learn(History{Counts: drawn(rng, 2000)}, Options{})
	const n, rate = 20, .25
	got := m.whenPushedBack(n, rate)
	plain := m.When(n)
	// Of the forecast's own distribution of n items at a fixed pace: with a pace v, n + rate·t are finished at n ÷ (v − rate).
	pace := m.rate(len(m.counts))
	want := plain.P50.Days * int(math.Round(100*pace/(pace-rate))) / 100
	require.InDelta(t, want, got.P50.Days, 3)
	require.Greater(t, float64(got.P95.Days)/float64(got.P50.Days), float64(plain.P95.Days)/float64(plain.P50.Days), "less is certain")
}

func drawn(rng *rand.Rand, days int) []int {
	counts := make([]int, days)
	for d := range counts {
		counts[d] = rng.IntN(3)
	}
	return counts
}

// TestWhereMoreComeThanAreFinishedItsTurnMayNeverCome: no day is named, and nothing is promised.
func TestWhereMoreComeThanAreFinishedItsTurnMayNeverCome(t *testing.T) {
	m := Learn(steadyDays(200, 2), Options{})
	r := m.Start(Queue{Ahead: 30, InProgress: 4, WIPLimit: 4, Above: 3})
	require.False(t, r.CannotForecast)
	require.True(t, r.P50.Beyond)
	require.Empty(t, r.P50.Day())
	require.Less(t, r.ChanceWithin(DefaultHorizon).P, .05)
	require.True(t, m.Start(Queue{Ahead: 0, InProgress: 3, WIPLimit: 4, Above: 3}).Done, "there is room for it now")
}
