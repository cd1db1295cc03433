package forecast

import (
	"math"
	"slices"
)

// Within these bounds on skewness and excess kurtosis of the sum, what the series leaves out stays below half a percent of chance, the
// error of ten thousand trials; the property test holds it against the exact distribution.
const (
	seriesSkew     = 0.2
	seriesKurtosis = 0.1
	seriesPeriods  = 30
)

// moments are the cumulants of one period's count, and the lattice that counts lie on: least, least + span, least + 2·span, …
type moments struct {
	mean, variance, third, fourth float64
	least, span                   int
}

func momentsOf(counts []int) moments {
	m := moments{least: slices.Min(counts)}
	n := float64(len(counts))
	for _, c := range counts {
		m.mean += float64(c) / n
		m.span = gcd(m.span, c-m.least)
	}
	for _, c := range counts {
		off := float64(c) - m.mean
		m.variance += off * off / n
		m.third += off * off * off / n
		m.fourth += off * off * off * off / n
	}
	m.fourth -= 3 * m.variance * m.variance
	return m
}

// fits reports whether the series is good enough for a sum: already after half the periods that it takes on average, before which next to
// nothing is done.
func (m moments) fits(sum int) bool {
	if m.span == 0 {
		return false // every period is the same: exact at once
	}
	periods := float64(sum) / m.mean / 2
	skew, kurtosis := m.third/math.Pow(m.variance, 1.5)/math.Sqrt(periods), m.fourth/(m.variance*m.variance)/periods
	return periods >= seriesPeriods && math.Abs(skew) <= seriesSkew && math.Abs(kurtosis) <= seriesKurtosis
}

// done is P(S ≥ sum) for the sum S of so many periods, by the Edgeworth series of second order. S lies on a lattice; spread evenly over
// its span it is continuous, and the same beyond the middle between two points.
func (m moments) done(sum, periods int) float64 {
	n, span := float64(periods), float64(m.span)
	low := periods * m.least
	steps := math.Ceil(float64(sum-low) / span)
	variance := n*m.variance + span*span/12
	deviation := math.Sqrt(variance)
	x := (float64(low) + (steps-0.5)*span - n*m.mean) / deviation
	skew := n * m.third / (variance * deviation)
	kurtosis := (n*m.fourth - math.Pow(span, 4)/120) / (variance * variance)
	density := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
	second, third, fifth := x*x-1, x*x*x-3*x, math.Pow(x, 5)-10*x*x*x+15*x // Hermite polynomials
	p := math.Erfc(x/math.Sqrt2)/2 + density*(skew/6*second+kurtosis/24*third+skew*skew/72*fifth)
	return min(max(p, 0), 1)
}

// bySeries computes, for each scope, the probability to be done after 0, 1, 2 … periods. Scopes are single sums.
func bySeries(m moments, scopes []Scope, periods int) [][]float64 {
	out := make([][]float64, len(scopes))
	for k, s := range scopes {
		out[k] = []float64{0}
		for d := 1; d <= periods && out[k][d-1] < 1; d++ {
			out[k] = append(out[k], snapToOne(max(out[k][d-1], m.done(s.High, d))))
		}
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
