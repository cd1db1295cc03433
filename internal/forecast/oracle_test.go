package forecast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// free allows the short histories of the published examples despite their few active days.
var free = Options{MinActive: 1, Seed: 42}

var weekly = History{Counts: []int{2, 3, 0, 5, 4, 1, 3, 6, 2, 4, 3, 3}, PeriodDays: 7}

func pmf(d Distribution) []float64 {
	out := make([]float64, len(d.cdf))
	for i := range out {
		out[i] = d.Within(i) - d.Within(i-1)
	}
	return out
}

func days(r Result) []int { return []int{r.P50.Days, r.P70.Days, r.P85.Days, r.P95.Days} }

func TestExactExamples(t *testing.T) {
	one := When(History{Counts: []int{1, 3}}, 3, free)
	require.InDeltaSlice(t, []float64{0, .5, .25, .25}, pmf(one.dist), 1e-12)
	both := Joint(free, one, one)
	require.InDeltaSlice(t, []float64{0, .25, .3125, .4375}, pmf(both.dist), 1e-12)
	require.Equal(t, 1, one.P50.Days)
	require.Equal(t, 2, both.P50.Days)

	r := When(History{Counts: []int{0, 1, 2}}, 3, free)
	require.InDeltaSlice(t, []float64{0, 0, .3333, .2963, .1852, .0988}, pmf(r.dist)[:6], 5e-5)
	require.Equal(t, []int{3, 4, 5, 6}, days(r))
	mean, ok := r.dist.Mean()
	require.True(t, ok)
	require.InDelta(t, 3.375, mean, 1e-6)

	ten := History{Counts: []int{0, 0, 1, 2, 2}}
	r = When(ten, 10, free)
	require.Equal(t, []int{10, 12, 13, 16}, days(r))
	mean, _ = r.dist.Mean()
	require.InDelta(t, 10.39, mean, 0.005)
	n := HowMany(ten, 10, free)
	require.Equal(t, []int{10, 8, 7, 5}, []int{n.P50, n.P70, n.P85, n.P95})
}

func TestWeeklyExamples(t *testing.T) {
	r := When(weekly, 30, Options{})
	require.Equal(t, []int{70, 77, 84, 91}, days(r))
	require.InDelta(t, .5397, r.dist.Within(70), 5e-5)
	require.InDelta(t, .8822, r.dist.Within(84), 5e-5)
	require.Equal(t, Exact, r.Basis.Method)
	n := HowMany(weekly, 42, Options{})
	require.Equal(t, []int{18, 16, 14, 12}, []int{n.P50, n.P70, n.P85, n.P95})
	require.Equal(t, []int{77, 84, 91, 98}, days(Joint(Options{}, r, r)))
}

func TestSamplingAgreesWithExact(t *testing.T) {
	sampled := free
	sampled.Method = MonteCarlo
	for _, tt := range []struct {
		h History
		s Scope
	}{{History{Counts: []int{0, 0, 1, 2, 2}}, Scope{10, 10}}, {weekly, Scope{30, 30}}, {weekly, Scope{20, 35}}, {History{Counts: []int{1, 3}}, Scope{3, 3}}} {
		want, got := WhenRange(tt.h, tt.s, free), WhenRange(tt.h, tt.s, sampled)
		require.Equal(t, DefaultTrials, got.Basis.Trials)
		for d := range want.dist.cdf {
			require.InDelta(t, want.dist.Within(d), got.dist.Within(d), 0.02)
		}
		a, b := HowMany(tt.h, 42, free), HowMany(tt.h, 42, sampled)
		for n := range a.atLeast {
			p, _ := b.ChanceAtLeast(n)
			require.InDelta(t, a.atLeast[n], p, 0.02)
		}
	}
}

func TestTeamsMultiply(t *testing.T) {
	for _, p := range []struct{ one, two float64 }{{.95, .9025}, {.85, .7225}, {.7, .49}, {.5, .25}} {
		d := Distribution{[]float64{0, p.one}}
		require.InDelta(t, p.two, d.and(d).Within(1), 1e-12)
	}
	d := Distribution{[]float64{0, .85}}
	three := d.and(d).and(d)
	require.InDelta(t, .6141, three.Within(1), 5e-5)
	require.InDelta(t, .4437, three.and(d).and(d).Within(1), 5e-5)
}

func TestIfAndWhen(t *testing.T) {
	require.InDelta(t, .5909, Laplace(12, 20), 5e-5)
	require.Equal(t, .5, Laplace(0, 0))
	r := resultOf(Distribution{[]float64{0, .85, 1}}, Basis{}, Options{})
	out := IfAndWhen(Laplace(12, 20), r.ChanceWithin(1))
	require.InDelta(t, .5023, out.Overall.P, 5e-5)
	require.Equal(t, "If it is approved: 85 % likely within 1 day. 50 % likely to be approved and done by then.", out.Sentence)
	require.Equal(t, .85, IfAndWhen(1, r.ChanceWithin(1)).Overall.P, "it is approved")
	out = IfAndWhen(Laplace(1, 2), unknown(Basis{}, "there is no history of finished work").ChanceWithin(5))
	require.False(t, out.Overall.Known)
	require.Contains(t, out.Sentence, "Cannot forecast")
}

func TestConditionalAge(t *testing.T) {
	cycle := []float64{1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 11, 13, 15, 21, 34}
	for age, want := range map[float64]float64{0: .85, 5: .7, 8: .5, 11: .25} {
		p, known := ChanceWithinLimit(cycle, age, 13)
		require.True(t, known)
		require.InDelta(t, want, p, 1e-9, "age %v", age)
		r := Remaining(cycle, age, Options{})
		require.InDelta(t, want, r.dist.Within(int(13-age)), 1e-9, "age %v", age)
	}
	_, known := ChanceWithinLimit(cycle, 34, 40)
	require.False(t, known)
	require.Equal(t, []int{5, 8, 13, 21}, days(Remaining(cycle, 0, Options{})))
	old := Remaining(cycle, 15, Options{})
	require.True(t, old.CannotForecast)
	require.Equal(t, "it is older than 18 of the 20 finished items; when 3 of them have taken longer, it can be", old.Why)
	require.True(t, Remaining(cycle[:4], 0, Options{}).CannotForecast)
	require.True(t, Remaining([]float64{1, 2, 3, 4, math.NaN()}, 0, Options{}).CannotForecast)
	require.Equal(t, 1, Remaining([]float64{0, 0, 0, 0, 0}, 0, Options{}).P85.Days)
}

func TestCalibrationFigures(t *testing.T) {
	s := Evaluate([]Checked{{.85, true}, {.85, true}, {.85, true}, {.85, false}})
	require.InDelta(t, .1975, s.Brier, 1e-9)
	require.InDelta(t, .5962, s.LogLoss, 5e-5)
	require.InDelta(t, .75, s.HitRate, 1e-9)
	require.InDelta(t, .25, Evaluate([]Checked{{.5, true}, {.5, false}}).Brier, 1e-9)
	require.Equal(t, Score{}, Evaluate(nil))
	for n, want := range map[int][2]int{10: {6, 10}, 20: {14, 20}, 40: {29, 38}, 100: {78, 92}} {
		low, high := Band(n, .85)
		require.Equal(t, want, [2]int{low, high}, "n = %d", n)
	}
	require.Equal(t, "12 of 20 forecasts at 85 % were met; correct ones give 14 to 20: too optimistic, dates were too early.", Judge(.85, 12, 20).Sentence)
	require.Contains(t, Judge(.5, 20, 20).Sentence, "too pessimistic")
	require.Contains(t, Judge(.85, 17, 20).Sentence, "as stated")
	require.Contains(t, Judge(.85, 3, 4).Sentence, "too few to judge")
}

// TestReplacePaymentProvider is the example of Magennis's forecaster: 50 to 58 stories, each split into one to two, at 3 to 6 a week.
func TestReplacePaymentProvider(t *testing.T) {
	pace := History{Counts: []int{3, 4, 5, 6}, PeriodDays: 7}
	mixed := Distribution{make([]float64, 60*7)}
	for stories := 50; stories <= 58; stories++ {
		r := WhenRange(pace, Scope{stories, stories}.Grow(1, 2), Options{MinActive: 1})
		require.Equal(t, Exact, r.Basis.Method)
		for day := range mixed.cdf {
			mixed.cdf[day] += r.dist.Within(day) / 9
		}
	}
	for p, weeks := range map[float64]int{.25: 16, .5: 19, .75: 22, .85: 23, .95: 25} {
		day, known := mixed.Percentile(p)
		require.True(t, known)
		require.InDelta(t, weeks, float64(day)/7, 1, "%v", p)
	}
}
