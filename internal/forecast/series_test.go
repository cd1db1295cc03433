package forecast

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestSeriesAgreesWithExact: wherever the series is used, no chance of any day is off by more than half a percent.
func TestSeriesAgreesWithExact(t *testing.T) {
	used := 0
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]int{1, 1, 2, 5}).Draw(t, "step")
		counts := rapid.SliceOfN(rapid.IntRange(0, rapid.IntRange(1, 12).Draw(t, "most")), 20, 120).Draw(t, "counts")
		for i := range counts {
			counts[i] *= step
		}
		counts[0] += step
		m, n := momentsOf(counts), rapid.IntRange(20, 900).Draw(t, "items")
		if !m.fits(n) {
			return
		}
		used++
		o := Options{MinActive: 1, Method: Exact}
		exact := When(History{Counts: counts}, n, o)
		o.Method = Series
		series := When(History{Counts: counts}, n, o)
		for d := range max(len(exact.dist.cdf), len(series.dist.cdf)) {
			require.InDelta(t, exact.dist.Within(d), series.dist.Within(d), 0.005, "day %d", d)
		}
		require.InDelta(t, exact.P85.Days, series.P85.Days, 1)
	})
	require.Positive(t, used, "the property was never tried")
}

func TestFarForecastsAreComputedAndNotSampled(t *testing.T) {
	var counts []int
	for i := range 120 {
		counts = append(counts, 40+i%35)
	}
	r := When(History{Counts: counts}, 20_000, Options{Seed: 1})
	require.Equal(t, Series, r.Basis.Method)
	sampled := When(History{Counts: counts}, 20_000, Options{Seed: 1, Method: MonteCarlo})
	require.InDelta(t, sampled.P85.Days, r.P85.Days, 1)
	require.InDelta(t, sampled.P50.Days, r.P50.Days, 1)

	counts[7] = 20_000 // one day of cleaning up says little about the others
	require.Equal(t, MonteCarlo, When(History{Counts: counts}, 20_000, Options{Seed: 1}).Basis.Method)
}

func BenchmarkForecast(b *testing.B) {
	var counts []int
	for i := range 120 {
		counts = append(counts, 40+i%35)
	}
	for name, n := range map[string]int{"near": 30, "middle": 1_000, "far": 20_000} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				When(History{Counts: counts}, n, Options{Seed: 1})
			}
		})
	}
}
