package forecast

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// pastError is how a past forecast came true: the logarithm of actual by predicted days. A censored one is not finished yet: its error is
// at least so much.
type pastError struct {
	error    float64
	weight   float64
	censored bool
}

// pastErrors are the errors of the forecasts of n items that would have been made on past days, from what had been finished by then, as
// far as they are known today. Forecasts whose times overlap share one weight, and older ones count less.
func (m *Model) pastErrors(n, today int) []pastError {
	var out []pastError
	for day := today - originEvery; day >= leastHistory; day -= originEvery {
		predicted := m.predict(n, day)
		actual, finished := m.took(n, day, today)
		length := actual
		if !finished {
			length = max(actual, predicted)
		}
		out = append(out, pastError{
			error:    math.Log(actual / predicted),
			weight:   math.Pow(0.5, float64(today-day)/halfLifeDays) * min(1, originEvery/length),
			censored: !finished,
		})
	}
	slices.SortStableFunc(out, func(a, b pastError) int { return cmp.Compare(a.error, b.error) })
	return out
}

// took is how many days the next n items after a day took; not finished: so many they have taken until today.
func (m *Model) took(n, day, today int) (days float64, finished bool) {
	target := m.done[day] + n
	if m.done[today] < target {
		return float64(today - day), false
	}
	return float64(sort.SearchInts(m.done, target) - day), true
}

// shrunk is the spread that past errors show, with the prior's as a few more of them.
func shrunk(prior float64, errors []pastError) float64 {
	sum, weight := shrinkWeight*prior*prior, shrinkWeight
	for _, e := range errors {
		if !e.censored || e.error > 0 {
			sum += e.weight * e.error * e.error
			weight += e.weight
		}
	}
	return math.Sqrt(sum / weight)
}

// mix is the distribution of the error: that of past errors by Kaplan and Meier, and a normal one around zero with the given spread that
// counts as priorWeight of them. What lies beyond the last past error is spread as the normal one is.
func mix(errors []pastError, spread float64) func(x float64) float64 {
	normal := func(x float64) float64 { return math.Erfc(-x/spread/math.Sqrt2) / 2 }
	at, left, weight := kaplanMeier(errors)
	return func(x float64) float64 {
		past := 0.0
		switch k := sort.Search(len(at), func(i int) bool { return at[i] > x+slack }); {
		case k == 0:
		case k < len(at):
			past = 1 - left[k-1]
		default:
			beyond := (1 - normal(x)) / max(1-normal(at[k-1]), 1e-12)
			past = 1 - left[k-1]*min(beyond, 1)
		}
		return (weight*past + priorWeight*normal(x)) / (weight + priorWeight)
	}
}

// kaplanMeier is the share that is left after each error that is known, and the weight of all; no weight without one that is known.
func kaplanMeier(errors []pastError) (at, left []float64, weight float64) {
	for _, e := range errors {
		weight += e.weight
	}
	risk, share := weight, 1.0
	for _, e := range errors {
		if !e.censored && risk > slack {
			share *= max(1-e.weight/risk, 0)
			at, left = append(at, e.error), append(left, share)
		}
		risk -= e.weight
	}
	if len(at) == 0 {
		weight = 0
	}
	return at, left, weight
}
