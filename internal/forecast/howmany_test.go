package forecast

import (
	"fmt"
	"slices"
)

// How many items are finished in some days, by the usual method: it holds the draws against the exact examples of the literature.

// CountResult is how many items will be finished: at least so many with the given chance.
type CountResult struct {
	P50            int    `json:"p50"`
	P70            int    `json:"p70"`
	P85            int    `json:"p85"`
	P95            int    `json:"p95"`
	Days           int    `json:"days"`
	Basis          Basis  `json:"basis"`
	CannotForecast bool   `json:"cannot_forecast,omitempty"`
	Why            string `json:"why,omitempty"`
	Sentence       string `json:"sentence"`

	atLeast []float64 // P(N ≥ n)
}

// ChanceAtLeast is the probability that at least n items are finished; known is false when it cannot be forecast.
func (c CountResult) ChanceAtLeast(n int) (p float64, known bool) {
	switch {
	case c.CannotForecast:
		return 0, false
	case n <= 0:
		return 1, true
	case n >= len(c.atLeast):
		return 0, true
	default:
		return c.atLeast[n], true
	}
}

// HowMany forecasts how many items are finished within so many calendar days from Start. Its percentiles are lower
// ones: at least P85 items in 85 % of futures. Only whole periods count.
func HowMany(h History, days int, o Options) CountResult {
	o = o.withDefaults()
	basis := basisOf(h)
	if why := insufficient(h, o); why != "" {
		return CountResult{Days: days, Basis: basis, CannotForecast: true, Why: why, Sentence: "Cannot forecast: " + why + "."}
	}
	black, open := blackout(o), 0
	for day := 1; day <= days; day++ {
		if !black[day] {
			open++
		}
	}
	periods, v := open/h.period(), valuesOf(h.Counts)
	r := CountResult{Days: days}
	most := periods * slices.Max(h.Counts)
	if o.Method == Exact || (o.Method == Auto && float64(periods)*float64(most+1)*float64(len(v.count)) <= exactAtMost) {
		basis.Method = Exact
		r.atLeast = exactSums(v, periods, most)
	} else {
		basis.Method, basis.Trials, basis.Seed = MonteCarlo, o.Trials, o.Seed
		r.atLeast = sampledSums(h.Counts, periods, most, o)
	}
	r.Basis = basis
	r.P50, r.P70, r.P85, r.P95 = r.lower(.5), r.lower(.7), r.lower(.85), r.lower(.95)
	r.Sentence = fmt.Sprintf("85 %% likely at least %d, even odds on %d, within %s; from %d values of history, %d of them with a completion.",
		r.P85, r.P50, dayCount(days), basis.Samples, basis.ActiveDays)
	return r
}

// lower is the greatest count that is reached or beaten with chance p.
func (c CountResult) lower(p float64) int {
	for n := len(c.atLeast) - 1; n > 0; n-- {
		if c.atLeast[n]+slack >= p {
			return n
		}
	}
	return 0
}

func exactSums(v values, periods, most int) []float64 {
	pmf, next := make([]float64, most+1), make([]float64, most+1)
	pmf[0] = 1
	for range periods {
		v.add(pmf, next)
		pmf, next = next, pmf
	}
	return upward(pmf)
}

func sampledSums(counts []int, periods, most int, o Options) []float64 {
	sorted := slices.Sorted(slices.Values(counts))
	pmf := make([]float64, most+1)
	for trial := range o.Trials {
		rng, sum := stream(o.Seed, trial), 0
		for range periods {
			sum += sorted[int(rng.Float64()*float64(len(sorted)))]
		}
		pmf[sum] += 1 / float64(o.Trials)
	}
	return upward(pmf)
}

// upward turns P(N = n) into P(N ≥ n).
func upward(pmf []float64) []float64 {
	for n := len(pmf) - 2; n >= 0; n-- {
		pmf[n] += pmf[n+1]
	}
	return pmf
}
