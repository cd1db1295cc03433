package forecast

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// cycles are the cycle times of the published example: 13 days are kept by 85 of 100.
var cycles = []float64{1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 11, 13, 15, 21, 34}

// TestSeveralTeamsMultiply: n requests that n teams work on since the same day are all finished with the chance of one to the power of n, never
// with the chance of the worst.
func TestSeveralTeamsMultiply(t *testing.T) {
	m := Learn(steadyDays(200, 2), Options{})
	for _, age := range []int{0, 5, 8} {
		one := m.Split(Queue{Pulled: true, InProgress: 5, Age: age}, Work{Days: cycles})
		require.True(t, one.Shared.Done)
		one.Queue = "core"
		p := one.Finish(Options{}).Distribution()
		for n := 1; n <= 5; n++ {
			var parts []Part
			for range n {
				parts = append(parts, one)
			}
			all := All(Options{}, parts...).Distribution()
			for day := range 40 {
				require.InDelta(t, math.Pow(p.Within(day), float64(n)), all.Within(day), 1e-12, "age %d, %d teams, day %d", age, n, day)
			}
		}
	}
	part := m.Split(Queue{Pulled: true, InProgress: 5}, Work{Days: cycles})
	require.InDelta(t, .85, part.Finish(Options{}).Distribution().Within(13), 1e-12)
	require.InDelta(t, .6141, All(Options{}, part, part, part).Distribution().Within(13), 5e-5)
	require.InDelta(t, .4437, All(Options{}, part, part, part, part, part).Distribution().Within(13), 5e-5)
}

func steadyDays(days, each int) History {
	h := History{Counts: make([]int, days)}
	for i := range h.Counts {
		h.Counts[i] = each * (i % 2)
	}
	return h
}

// TestOneQueueKeepsOnePace against the definition: two that wait for the same pace are pulled at the same chance of it, and worked on independently.
func TestOneQueueKeepsOnePace(t *testing.T) {
	result := func(pmf ...float64) Result {
		sum, cdf := 0.0, []float64{}
		for _, p := range pmf {
			sum += p
			cdf = append(cdf, snapToOne(sum))
		}
		return resultOf(Distribution{cdf}, Basis{}, Options{})
	}
	// Pulled on day 1 and day 2, or on day 2 and day 4, with even odds; then one or two days, with even odds.
	work := result(0, .5, .5)
	a, b := Part{Queue: "core", Shared: result(0, .5, .5), Own: work}, Part{Queue: "core", Shared: result(0, 0, .5, 0, .5), Own: work}
	all := All(Options{}, a, b)
	// quick: a is finished on 2 or 3, b on 3 or 4; slow: a on 3 or 4, b on 5 or 6.
	require.InDeltaSlice(t, []float64{0, 0, 0, .25, .25, .25, .25}, pmf(all.Distribution()), 1e-12)
	other := b
	other.Queue = "other"
	independent := All(Options{}, a, other)
	for day := range 8 {
		require.InDelta(t, a.Finish(Options{}).Distribution().Within(day)*b.Finish(Options{}).Distribution().Within(day), independent.Distribution().Within(day), 1e-12)
	}
}

// TestAllIsNeverSoonerThanOne: nor are more of them ever finished sooner; and one alone is forecast as ever.
func TestAllIsNeverSoonerThanOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Learn(steadyDays(rapid.IntRange(40, 120).Draw(t, "days"), rapid.IntRange(1, 3).Draw(t, "each")), Options{})
		known := cycles[:rapid.SampledFrom([]int{4, 20}).Draw(t, "cycle times")]
		var parts []Part
		last := All(Options{})
		require.True(t, last.Done)
		for range rapid.IntRange(1, 6).Draw(t, "requests") {
			q := Queue{InProgress: 4, WIPLimit: 4, Ahead: rapid.IntRange(0, 30).Draw(t, "ahead"), Pulled: rapid.Bool().Draw(t, "pulled"), Age: rapid.IntRange(0, 12).Draw(t, "age")}
			part := m.Split(q, Work{Days: known})
			part.Queue = rapid.SampledFrom([]string{"core", "digital"}).Draw(t, "portfolio")
			part.People = rapid.SliceOfN(rapid.SampledFrom([]string{"ann", "bo", "cy", "di"}), 0, 2).Draw(t, "people")
			require.Equal(t, m.Finish(q, known), part.Finish(m.options))
			parts = append(parts, part)
			all := All(Options{}, parts...)
			for day := range 400 {
				require.LessOrEqual(t, all.dist.Within(day), part.Finish(Options{}).dist.Within(day)+1e-9)
				require.LessOrEqual(t, all.dist.Within(day), last.dist.Within(day)+1e-9)
				require.GreaterOrEqual(t, all.dist.Within(day)+1e-12, all.dist.Within(day-1))
			}
			last = all
		}
	})
}

// TestSharedPeopleAreNotIndependent: where the same people work on two, nothing better than Bonferroni's bound is said.
func TestSharedPeopleAreNotIndependent(t *testing.T) {
	m := Learn(steadyDays(200, 2), Options{})
	part := func(people ...string) Part {
		p := m.Split(Queue{Pulled: true, InProgress: 5}, Work{Days: cycles})
		p.People = people
		return p
	}
	within := func(parts ...Part) float64 { return All(Options{}, parts...).Distribution().Within(13) }
	require.InDelta(t, .85*.85, within(part("ann"), part("bo")), 1e-12)
	require.InDelta(t, .70, within(part("ann"), part("ann", "bo")), 1e-12)
	require.InDelta(t, .55, within(part("ann"), part("bo"), part("ann", "bo")), 1e-12, "connected by the third")
	require.InDelta(t, .70*.85, within(part("ann"), part("ann"), part("cy")), 1e-12)
	require.Zero(t, within(slices.Repeat([]Part{part("ann")}, 8)...), "never below zero")
	require.True(t, SharePeople(part("ann"), part("bo"), part("bo")))
	require.False(t, SharePeople(part("ann", "ann"), part("bo"), part()))
	waiting := m.Split(Queue{Ahead: 3}, Work{Days: cycles})
	waiting.People = []string{"ann"}
	require.False(t, SharePeople(part("ann"), waiting), "who will work on it is not known before the pull")
}

func TestOneUnknownMakesAllUnknown(t *testing.T) {
	m, short := Learn(steadyDays(60, 2), Options{}), Learn(steadyDays(3, 1), Options{})
	a, b := m.Split(Queue{Ahead: 3}, Work{Days: cycles}), short.Split(Queue{Ahead: 3}, Work{Days: cycles})
	for _, queue := range []string{"", "other"} {
		b.Queue = queue
		all := All(Options{}, a, b)
		require.True(t, all.CannotForecast)
		require.Contains(t, all.Why, "are needed")
	}
}

// TestDaysOfAnotherTimeZone: where it is a day later already, the same days from now are a date later.
func TestDaysOfAnotherTimeZone(t *testing.T) {
	here, there := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC)
	in := func(day time.Time) Result {
		return resultOf(Distribution{[]float64{0, 0, 0, 1}}, Basis{}, Options{Start: day})
	}
	require.Equal(t, "2027-03-05", string(Joint(Options{Start: here}, in(there)).P85.Day()))
	require.Equal(t, "2027-03-05", string(Joint(Options{Start: there}, in(here), in(there)).P85.Day()))
	require.Equal(t, "2027-03-04", string(Joint(Options{Start: there}, in(here)).P85.Day()))
}
