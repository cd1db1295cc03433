package forecast

import (
	"math"
	"sort"
)

// slack allows for rounding where a cumulative probability meets a level exactly.
const slack = 1e-9

// Distribution of a time in whole days.
type Distribution struct {
	cdf []float64 // cdf[d] = P(T ≤ d); the last value holds for all later days
}

// Empty reports whether nothing is known.
func (d Distribution) Empty() bool { return len(d.cdf) == 0 }

// Within is P(T ≤ days); 0 when nothing is known.
func (d Distribution) Within(days int) float64 {
	if days < 0 || d.Empty() {
		return 0
	}
	return d.cdf[min(days, len(d.cdf)-1)]
}

// Percentile is the first day by which the share p of futures is done; ok is false when that lies beyond the last
// day looked at, which is returned.
func (d Distribution) Percentile(p float64) (days int, ok bool) {
	day := sort.Search(len(d.cdf), func(day int) bool { return d.cdf[day]+slack >= p })
	if day < len(d.cdf) {
		return day, true
	}
	return max(len(d.cdf)-1, 0), false
}

// Mean is the mean of the days; ok is false when some futures end beyond the last day looked at.
func (d Distribution) Mean() (days float64, ok bool) {
	if d.Empty() || d.cdf[len(d.cdf)-1] < 1-1e-6 {
		return 0, false
	}
	for _, c := range d.cdf {
		days += 1 - c
	}
	return days, true
}

// and is the time by which both are done, for independent times: the product of the two.
func (d Distribution) and(other Distribution) Distribution {
	out := make([]float64, max(len(d.cdf), len(other.cdf)))
	for day := range out {
		out[day] = d.Within(day) * other.Within(day)
	}
	return Distribution{out}
}

// later is the time so many days later; earlier than day 0 is day 0.
func (d Distribution) later(days int) Distribution {
	if days == 0 || d.Empty() {
		return d
	}
	out := make([]float64, max(len(d.cdf)+days, 1))
	for day := range out {
		out[day] = d.Within(day - days)
	}
	return Distribution{out}
}

// then is the time of one after the other, for independent times, cut at the horizon. Its effort is the product of the two lengths.
func (d Distribution) then(next Distribution, horizon int) Distribution {
	if len(next.cdf) > len(d.cdf) {
		d, next = next, d // the order makes no difference
	}
	last := min(len(d.cdf)+len(next.cdf)-2, horizon)
	out := make([]float64, last+1)
	length, pmf := len(next.cdf), make([]float64, len(d.cdf))
	for a := range pmf {
		pmf[a] = d.cdf[a] - d.Within(a-1)
	}
	for day := range out {
		sum := next.cdf[length-1] * d.Within(day-length) // whatever came earlier is followed by all of next
		for a := max(day-length+1, 0); a <= min(day, len(d.cdf)-1); a++ {
			sum += pmf[a] * next.cdf[day-a]
		}
		out[day] = sum
	}
	return Distribution{out}
}

// thenOpen is the same where what follows takes open days only: both in open days, and then in days of the calendar again. What begins on a day
// off begins to count on the next open day; nothing ends before it has begun.
func (d Distribution) thenOpen(next Distribution, horizon int, open *openDays) Distribution {
	begun := make([]float64, open.at(len(d.cdf)-1)+1)
	for day, p := range d.cdf {
		begun[open.at(day)] = p // the last day that has so many open days before it
	}
	ended := Distribution{begun}.then(next, horizon)
	out := make([]float64, min(open.after(0, len(ended.cdf)-1), horizon)+1)
	for day := range out {
		out[day] = min(ended.Within(open.at(day)), d.Within(day))
	}
	return Distribution{out}
}

// fromDays is the empirical distribution of durations, each rounded up to whole days.
func fromDays(days []float64) Distribution {
	last := 0
	for _, d := range days {
		last = max(last, ceil(d))
	}
	out := make([]float64, last+1)
	for _, d := range days {
		out[max(ceil(d), 0)] += 1 / float64(len(days))
	}
	for i := 1; i <= last; i++ {
		out[i] += out[i-1]
	}
	return Distribution{out}
}

// ceil rounds up, ignoring rounding errors of the division.
func ceil(x float64) int { return int(math.Ceil(x - slack)) }
