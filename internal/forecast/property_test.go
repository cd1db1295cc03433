package forecast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func histories() *rapid.Generator[History] {
	return rapid.Custom(func(t *rapid.T) History {
		h := History{Counts: rapid.SliceOfN(rapid.IntRange(0, 5), 5, 40).Draw(t, "counts"), PeriodDays: rapid.SampledFrom([]int{0, 1, 7}).Draw(t, "period")}
		for i := range 5 {
			h.Counts[i]++
		}
		return h
	})
}

func methods(t *rapid.T) Options {
	return Options{Method: rapid.SampledFrom([]Method{Exact, MonteCarlo}).Draw(t, "method"), Seed: rapid.Uint64().Draw(t, "seed"), Trials: 200}
}

// neverLater says that a is done by any day with at least the chance of b.
func neverLater(t *rapid.T, a, b Result) {
	for d := range max(len(a.dist.cdf), len(b.dist.cdf)) {
		require.GreaterOrEqual(t, a.dist.Within(d)+1e-9, b.dist.Within(d), "day %d", d)
	}
	require.LessOrEqual(t, a.P85.Days, b.P85.Days)
}

func TestMoreThroughputIsNeverLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, n, o := histories().Draw(t, "history"), rapid.IntRange(0, 60).Draw(t, "items"), methods(t)
		better := History{append([]int(nil), h.Counts...), h.PeriodDays}
		better.Counts[rapid.IntRange(0, len(h.Counts)-1).Draw(t, "day")] += rapid.IntRange(1, 4).Draw(t, "more")
		neverLater(t, When(better, n, o), When(h, n, o))
		require.GreaterOrEqual(t, HowMany(better, 30, o).P85, HowMany(h, 30, o).P85)
	})
}

func TestMoreItemsAreNeverEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, o := histories().Draw(t, "history"), methods(t)
		low := rapid.IntRange(0, 40).Draw(t, "low")
		s := Scope{low, low + rapid.IntRange(0, 20).Draw(t, "width")}
		more := Scope{s.Low + rapid.IntRange(0, 5).Draw(t, "more"), s.High + 5}
		neverLater(t, WhenRange(h, s, o), WhenRange(h, more, o))
	})
}

func TestContributorsMultiply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, o := histories().Draw(t, "history"), methods(t)
		r, n := When(h, rapid.IntRange(1, 30).Draw(t, "items"), o), rapid.IntRange(1, 6).Draw(t, "teams")
		parts := []Result{When(h, 0, o)} // what is finished is left out
		for range n {
			parts = append(parts, r)
		}
		joint := Joint(o, parts...)
		for d := range r.dist.cdf {
			require.InDelta(t, math.Pow(r.dist.Within(d), float64(n)), joint.dist.Within(d), 1e-9)
		}
		require.Equal(t, r.Basis, joint.Basis)
	})
}

func TestDistributionsAreProper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, o := histories().Draw(t, "history"), methods(t)
		r := When(h, rapid.IntRange(0, 60).Draw(t, "items"), o)
		for d := range r.dist.cdf {
			require.GreaterOrEqual(t, r.dist.Within(d)+1e-12, r.dist.Within(d-1))
		}
		require.InDelta(t, 1, r.dist.Within(DefaultHorizon), 1e-9)
		require.LessOrEqual(t, r.P50.Days, r.P70.Days)
		require.LessOrEqual(t, r.P70.Days, r.P85.Days)
		require.LessOrEqual(t, r.P85.Days, r.P95.Days)
		if !r.Done {
			require.Less(t, r.ChanceWithin(rapid.IntRange(0, 5000).Draw(t, "days")).P, 1.0)
		}
	})
}

// TestThenIsTheSumOfBoth against the definition, in either order.
func TestThenIsTheSumOfBoth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Distribution {
			days := rapid.SliceOfN(rapid.Float64Range(0, 12), 1, 6).Draw(t, name)
			d := fromDays(days)
			d.cdf[len(d.cdf)-1] *= rapid.SampledFrom([]float64{1, .9}).Draw(t, name+" ends")
			return d
		}
		a, b := draw("a"), draw("b")
		horizon := rapid.IntRange(1, 30).Draw(t, "horizon")
		sum := a.then(b, horizon)
		require.Len(t, sum.cdf, min(len(a.cdf)+len(b.cdf)-2, horizon)+1)
		for day := range sum.cdf {
			want := 0.0
			for x := range a.cdf {
				want += (a.Within(x) - a.Within(x-1)) * b.Within(day-x)
			}
			require.InDelta(t, want, sum.cdf[day], 1e-9)
			require.InDelta(t, want, b.then(a, horizon).cdf[day], 1e-9)
		}
	})
}
