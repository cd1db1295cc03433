package main

import (
	"fmt"
	"math"
	"time"

	"leanpmo/internal/forecast"
)

const (
	window    = 84 // days that the bootstrap draws from; the first forecast is made when they are over
	every     = 14 // days from one forecast to the next
	aheadDays = 49 // days of work that a forecast is about
)

var levels = [4]float64{.5, .7, .85, .95}

// score sums up the forecasts of one method.
type score struct {
	n                    int
	hits                 [4]int
	pinball, mape, width float64
	spent                time.Duration
}

// comparison is both methods on the same forecasts.
type comparison struct{ ours, bootstrap score }

// compare forecasts from each origin with both methods. An origin at which either cannot forecast counts for neither.
func compare(h history) comparison {
	var c comparison
	done := make([]int, len(h.counts)+1)
	for i, n := range h.counts {
		done[i+1] = done[i] + n
	}
	for origin := window; origin < len(h.counts); origin += every {
		recent := done[origin] - done[origin-window]
		items := max(int(math.Round(aheadDays*float64(recent)/window)), 1)
		took := 0
		for origin+took <= len(h.counts) && done[min(origin+took, len(h.counts))] < done[origin]+items {
			took++
		}
		if origin+took > len(h.counts) {
			continue // not finished when the file ends
		}
		past := forecast.History{Counts: h.counts[:origin]}
		ours, spent := timed(func() forecast.Result { return forecast.Learn(past, forecast.Options{}).When(items) })
		bootstrap, spentToo := timed(func() forecast.Result {
			return forecast.When(forecast.History{Counts: past.Counts[origin-window:]}, items, forecast.Options{})
		})
		c.ours.spent += spent
		c.bootstrap.spent += spentToo
		if !ours.CannotForecast && !bootstrap.CannotForecast {
			c.ours.add(ours, took)
			c.bootstrap.add(bootstrap, took)
		}
	}
	return c
}

func timed(f func() forecast.Result) (forecast.Result, time.Duration) {
	start := time.Now()
	r := f()
	return r, time.Since(start)
}

// add counts a forecast whose outcome, in days, is known.
func (s *score) add(r forecast.Result, took int) {
	said := [4]int{r.P50.Days, r.P70.Days, r.P85.Days, r.P95.Days}
	for k, level := range levels {
		if took <= said[k] {
			s.hits[k]++
		}
		late := float64(took - said[k])
		s.pinball += max(level*late, (level-1)*late) / float64(len(levels))
	}
	s.n++
	s.mape += math.Abs(float64(said[0]-took)) / float64(took)
	s.width += float64(said[3] - said[0])
}

// line is the score as printed; a figure of no forecast is "-".
func (s score) line(head string) string {
	mean := func(x float64, digits int) string {
		if s.n == 0 {
			return "-"
		}
		return fmt.Sprintf("%.*f", digits, x/float64(s.n))
	}
	hit := func(k int) string { return mean(float64(s.hits[k]), 3) }
	return fmt.Sprintf("%s origins=%d hit50=%s hit70=%s hit85=%s hit95=%s pinball=%s mape50=%s width=%s seconds=%.3f",
		head, s.n, hit(0), hit(1), hit(2), hit(3), mean(s.pinball, 3), mean(s.mape, 3), mean(s.width, 2), s.spent.Seconds())
}

func pool(all []comparison) comparison {
	var out comparison
	for _, c := range all {
		out.ours.join(c.ours)
		out.bootstrap.join(c.bootstrap)
	}
	return out
}

func (s *score) join(other score) {
	s.n += other.n
	for k := range levels {
		s.hits[k] += other.hits[k]
	}
	s.pinball, s.mape, s.width, s.spent = s.pinball+other.pinball, s.mape+other.mape, s.width+other.width, s.spent+other.spent
}

// ratioLine is the geometric mean of the pinball losses' ratio over the files, weighted by their forecasts. A file on which a method loses
// nothing has no ratio; it is counted in the line.
func ratioLine(all []comparison) string {
	sum, weight, without := 0.0, 0, 0
	for _, c := range all {
		switch {
		case c.ours.n == 0:
		case c.ours.pinball > 0 && c.bootstrap.pinball > 0:
			sum += float64(c.ours.n) * math.Log(c.ours.pinball/c.bootstrap.pinball)
			weight += c.ours.n
		default:
			without++
		}
	}
	ratio := "-"
	if weight > 0 {
		ratio = fmt.Sprintf("%.3f", math.Exp(sum/float64(weight)))
	}
	if without > 0 {
		return fmt.Sprintf("ratio=%s without=%d", ratio, without)
	}
	return "ratio=" + ratio
}
