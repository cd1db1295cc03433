package forecast

import (
	"fmt"
	"time"
)

func unknown(b Basis, why string) Result {
	return Result{Basis: b, CannotForecast: true, Why: why, Sentence: "Cannot forecast: " + why + "."}
}

func resultOf(d Distribution, b Basis, o Options) Result {
	r := Result{Basis: b, dist: d, start: o.Start, Done: d.Within(0) == 1}
	for _, x := range []struct {
		to *Point
		p  float64
	}{{&r.P50, .5}, {&r.P70, .7}, {&r.P85, .85}, {&r.P95, .95}} {
		*x.to = pointAt(d, x.p, o.Start)
	}
	r.Sentence = sentence(r)
	return r
}

func pointAt(d Distribution, p float64, start time.Time) Point {
	days, ok := d.Percentile(p)
	at := Point{Days: days, Beyond: !ok}
	if !start.IsZero() {
		at.Date = start.AddDate(0, 0, days)
	}
	return at
}

// Percentile is the point by which the share p of futures is done; known is false when it cannot be forecast.
func (r Result) Percentile(p float64) (at Point, known bool) {
	if r.CannotForecast {
		return Point{}, false
	}
	return pointAt(r.dist, p, r.start), true
}

func sentence(r Result) string {
	if r.Done {
		return "Nothing is left to finish."
	}
	return fmt.Sprintf("85 %% likely %s, even odds %s; %s.", r.P85.text(), r.P50.text(), r.Basis.words())
}

// words say what a forecast rests on.
func (b Basis) words() string {
	if b.Method == CycleTimes && b.Team != "" {
		return fmt.Sprintf("from how long %d finished items of team %s took", b.Samples, b.Team)
	}
	if b.Method == CycleTimes {
		return fmt.Sprintf("from how long %d finished items took", b.Samples)
	}
	if b.Method != Conformal {
		return fmt.Sprintf("from %d values of history, %d of them with a completion", b.Samples, b.ActiveDays)
	}
	words := fmt.Sprintf("from the pace of the last %s, %d of them with a completion", dayCount(b.Window), b.ActiveDays)
	if b.PastForecasts > 0 {
		words += fmt.Sprintf(", and how %d earlier forecasts would have come true", b.PastForecasts)
	}
	return words
}

func (p Point) text() string {
	switch {
	case p.Beyond:
		return fmt.Sprintf("later than %d days from now", p.Days)
	case p.Date.IsZero():
		return fmt.Sprintf("within %s", dayCount(p.Days))
	default:
		return fmt.Sprintf("by %s (%s)", p.Date.Format(time.DateOnly), dayCount(p.Days))
	}
}

func dayCount(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
