package forecast

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// steady is a history of so many days with the same count.
func steady(days, count int) History { return History{Counts: slices.Repeat([]int{count}, days)} }

func TestDaysBeforeTheFirstCompletionDoNotCount(t *testing.T) {
	late := History{Counts: append(make([]int, 110), steady(10, 2).Counts...)}
	r := Learn(late, Options{}).When(20)
	require.False(t, r.CannotForecast, r.Why)
	require.InDelta(t, 10, r.P50.Days, 1, "ten days at 2 a day, 20 ahead")
	require.Equal(t, 10, r.Basis.Window)
}

func TestSevenItemsAtOneADayAreSevenDays(t *testing.T) {
	require.Equal(t, 7, Learn(steady(60, 1), Options{}).When(7).P50.Days)
}

func TestASilenceRefusesAndSaysWhy(t *testing.T) {
	history := steady(100, 1)
	history.Counts = append(history.Counts, make([]int, 60)...)
	m := Learn(history, Options{})
	require.True(t, m.Pace().Refused)
	r := m.When(10)
	require.True(t, r.CannotForecast)
	require.Equal(t, "Cannot forecast: nothing was finished for 60 days, in which about 60 would have been usual; once work is finished again it can be.", r.Sentence)
}

func TestASilenceThatIsUsualRefusesNothing(t *testing.T) {
	var counts []int
	for range 10 {
		counts = append(counts, 9)
		counts = append(counts, make([]int, 20)...)
	}
	m := Learn(History{Counts: counts}, Options{})
	require.Equal(t, 20, m.Pace().Silent)
	require.False(t, m.Pace().Broken, m.Pace().Words)
	require.False(t, m.When(5).CannotForecast)
}

func TestAChangedPaceIsSaidAndWidens(t *testing.T) {
	steadily := append(slices.Repeat([]int{1, 3}, 70), slices.Repeat([]int{2}, 28)...)
	slower := append(slices.Repeat([]int{1, 3}, 70), slices.Repeat([]int{0, 1}, 14)...)
	usual, changed := Learn(History{Counts: steadily}, Options{}), Learn(History{Counts: slower}, Options{})
	require.Empty(t, usual.Pace().Words)
	require.Contains(t, changed.When(30).Sentence, "The pace has changed: 14 finished in the last 28 days, where about 56 were usual")
	spread := func(r Result) float64 { return float64(r.P95.Days) / float64(r.P50.Days) }
	require.Greater(t, spread(changed.When(30)), spread(usual.When(30)))
}

func TestTooLittleIsNoForecast(t *testing.T) {
	for name, h := range map[string]History{"none": {}, "empty days": {Counts: make([]int, 90)}, "four days": steady(4, 3), "negative": {Counts: []int{1, 1, -1, 1, 1, 1}}} {
		r := Learn(h, Options{}).When(3)
		require.True(t, r.CannotForecast, name)
		require.NotEmpty(t, r.Why, name)
		require.True(t, Learn(h, Options{}).When(0).Done, "%s: nothing left needs no history", name)
	}
}

// dailyCounts draws daily counts of a team that finishes something on at least five days.
func dailyCounts(t *rapid.T) []int {
	counts := rapid.SliceOfN(rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 5}), 6, 260).Draw(t, "counts")
	return append(counts, 1, 0, 1, 1, 0, 1, 1, 2)
}

func TestMoreItemsAreNeverSooner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Learn(History{Counts: dailyCounts(t)}, Options{Horizon: 2000})
		fewer := rapid.IntRange(0, 60).Draw(t, "fewer")
		more := fewer + rapid.IntRange(1, 40).Draw(t, "more")
		a, b := m.When(fewer), m.When(more)
		if a.CannotForecast || b.CannotForecast {
			return
		}
		for d := range b.dist.cdf {
			if b.dist.Within(d) > a.dist.Within(d)+1e-9 {
				t.Fatalf("%d items within %d days: %v, %d items: %v", fewer, d, a.dist.Within(d), more, b.dist.Within(d))
			}
		}
		if last := len(b.dist.cdf) - 1; last < 2000 && b.dist.cdf[last] != 1 {
			t.Fatalf("it ends at %v", b.dist.cdf[last])
		}
		if !slices.IsSorted(b.dist.cdf) || b.dist.Within(0) != 0 {
			t.Fatalf("no distribution: %v", b.dist.cdf)
		}
	})
}

func TestEmptyDaysInFrontChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := dailyCounts(t)
		later := append(make([]int, rapid.IntRange(1, 50).Draw(t, "days")), counts...)
		a, b := Learn(History{Counts: counts}, Options{}).When(12), Learn(History{Counts: later}, Options{}).When(12)
		if a.P50 != b.P50 || a.P95 != b.P95 || a.CannotForecast != b.CannotForecast {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

func TestAScopeLiesBetweenItsEnds(t *testing.T) {
	m := Learn(History{Counts: slices.Repeat([]int{0, 1, 2}, 40)}, Options{})
	low, wide, high := m.When(10), m.WhenRange(Scope{10, 30}), m.When(30)
	require.Less(t, low.P50.Days, wide.P50.Days)
	require.Less(t, wide.P50.Days, high.P50.Days)
	require.Less(t, wide.P50.Days-low.P50.Days, wide.P95.Days-low.P50.Days)
}

// TestPromisesAreKept on teams whose pace wanders by about 15 % a month, which a bootstrap of the recent past does not know of.
func TestPromisesAreKept(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	kept, forecasts := map[float64]int{}, 0
	for range 40 {
		pace, counts := 0.6, make([]int, 700)
		for d := range counts {
			if d%28 == 0 {
				pace = min(max(pace*(1+0.15*random.NormFloat64()), 0.15), 2.5)
			}
			for range 4 {
				if random.Float64() < pace/4 {
					counts[d]++
				}
			}
		}
		for origin := 200; origin < 600; origin += 50 {
			r, took, sum := Learn(History{Counts: counts[:origin]}, Options{}).When(25), 0, 0
			for sum < 25 && origin+took < len(counts) {
				sum += counts[origin+took]
				took++
			}
			if r.CannotForecast || sum < 25 {
				continue
			}
			forecasts++
			for _, level := range []float64{.5, .85, .95} {
				if at, _ := r.Percentile(level); took <= at.Days {
					kept[level]++
				}
			}
		}
	}
	require.Greater(t, forecasts, 250)
	share := func(level float64) float64 { return float64(kept[level]) / float64(forecasts) }
	require.InDelta(t, .85, share(.85), .07)
	require.InDelta(t, .95, share(.95), .05)
	require.InDelta(t, .50, share(.50), .15)
}

func TestAModelIsSafeForManyReaders(t *testing.T) {
	m := Learn(History{Counts: slices.Repeat([]int{0, 1, 2}, 60)}, Options{})
	want := Learn(History{Counts: slices.Repeat([]int{0, 1, 2}, 60)}, Options{}).When(40)
	var readers sync.WaitGroup
	for i := range 8 {
		readers.Go(func() {
			m.When(100 - i)
			if got := m.When(40); got.P85 != want.P85 {
				t.Errorf("%v, alone %v", got.P85, want.P85)
			}
		})
	}
	readers.Wait()
}

func BenchmarkModelOneBehindAThousand(b *testing.B) {
	history := History{Counts: slices.Repeat([]int{0, 1, 2, 0, 3, 1, 0}, 150)}
	for b.Loop() {
		Learn(history, Options{}).When(1001)
	}
}

func BenchmarkModelTenThousand(b *testing.B) {
	history := History{Counts: slices.Repeat([]int{0, 1, 2, 0, 3, 1, 0}, 150)}
	b.ReportAllocs()
	for b.Loop() {
		m := Learn(history, Options{})
		for n := range 10_000 {
			m.When(n + 1)
		}
	}
}
