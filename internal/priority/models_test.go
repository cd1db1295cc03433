package priority

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestModelsMatchPublishedNumbers(t *testing.T) {
	must := func(v float64, err error) float64 {
		t.Helper()
		require.NoError(t, err)
		return v
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"WSJF A", must(WSJF(8, 5, 3, 5)), 3.2},
		{"WSJF B", must(WSJF(13, 8, 2, 13)), 1.7692},
		{"WSJF C", must(WSJF(5, 13, 1, 3)), 6.3333},
		{"WSJF D", must(WSJF(3, 1, 8, 2)), 6.0},
		{"WSJF E", must(WSJF(20, 3, 1, 20)), 1.2},
		{"WSJF wide scale A", must(WSJF(100, 50, 20, 10)), 17},
		{"WSJF wide scale B", must(WSJF(80, 30, 10, 5)), 24},
		{"CD3 short", must(CD3(10, 1)), 10},
		{"CD3 even", must(CD3(3, 3)), 1},
		{"CD3 long", must(CD3(1, 10)), 0.1},
		{"RICE Intercom scale", must(RICE(2000, 2, 0.8, 4)), 800},
		{"RICE 1 to 5 scale", must(RICE(200, 4, 1, 5)), 160},
		{"ICE", must(ICE(8, 5, 3)), 120},
		{"value over effort", must(ValueEffort(8, 5)), 1.6},
	} {
		t.Run(c.name, func(t *testing.T) { require.InDelta(t, c.want, c.got, 0.00005) })
	}
}

func TestModelsNameTheInputTheyRefuse(t *testing.T) {
	of := func(_ float64, err error) error { return err }
	for _, c := range []struct {
		field string
		err   error
	}{
		{"job_size", of(WSJF(1, 1, 1, 0))},
		{"job_size", of(WSJF(1, 1, 1, -2))},
		{"job_size", of(WSJF(1, 1, 1, math.Inf(1)))},
		{"job_size", of(WSJF(1, 1, 1, 1e-300))},
		{"business_value", of(WSJF(1e300, 1, 1, 1))},
		{"risk_reduction", of(WSJF(1, 1, -1, 1))},
		{"time_criticality", of(WSJF(1, math.NaN(), 1, 1))},
		{"duration", of(CD3(1, 0))},
		{"cost_of_delay", of(CD3(-1, 1))},
		{"confidence", of(RICE(1, 1, 1.2, 1))},
		{"effort", of(RICE(1, 1, 1, 0))},
		{"ease", of(ICE(1, 1, 11))},
		{"impact", of(ICE(math.NaN(), 1, 1))},
		{"effort", of(ValueEffort(1, 0))},
	} {
		var in *InputError
		require.ErrorAs(t, c.err, &in)
		require.Equal(t, c.field, in.Field)
	}
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		name     string
		in, want []float64
	}{
		{"positive: share of the maximum", []float64{6, 3, 2}, []float64{100, 50, 100.0 / 3}},
		{"mixed: place between the extremes", []float64{5, 1, -5}, []float64{100, 60, 0}},
		{"all negative: linear, unlike the product's own example", []float64{-5, -2, -1}, []float64{0, 75, 100}},
		{"equal", []float64{4, 4}, []float64{100, 100}},
		{"equal and negative", []float64{-4, -4}, []float64{100, 100}},
		{"zeros", []float64{0, 0}, []float64{0, 0}},
		{"none", nil, []float64{}},
	} {
		t.Run(c.name, func(t *testing.T) { require.InDeltaSlice(t, c.want, Normalise(c.in), 1e-9) })
	}
}

func TestWeighted(t *testing.T) {
	value, reach, effort := Criterion{"value", 3}, Criterion{"reach", 1}, Criterion{"effort", -1}

	got, err := Weighted([]Criterion{value, reach}, [][]float64{{6, 10}, {3, 20}})
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{0.75*100 + 0.25*50, 0.75*50 + 0.25*100}, got, 1e-9)

	// Equal value, half the effort: twice the score, then scaled to 100 again.
	got, err = Weighted([]Criterion{value, effort}, [][]float64{{6, 10}, {6, 5}})
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{50, 100}, got, 1e-9)

	_, err = Weighted([]Criterion{effort}, [][]float64{{1}})
	require.ErrorContains(t, err, "positive weight")
	_, err = Weighted([]Criterion{value}, [][]float64{{1, 2}})
	require.ErrorContains(t, err, "one value per criterion")
	_, err = Weighted([]Criterion{value}, [][]float64{{math.NaN()}})
	require.ErrorContains(t, err, "finite")
}
