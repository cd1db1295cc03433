package web

import (
	"fmt"
	"math"
	"strings"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// burnUpChart is the scope and the done work of a request over time. Both are steps: nothing is known between two entries of the ledger.
type burnUpChart struct {
	axes
	Unit                  string // the word for it
	Words                 string
	Scope, Done, Expected string // paths; Expected leads to the day by which it is done with 85 percent, and is empty where that is not known
	Range                 string // the area between that way and the one to the day of equal chances; empty where that day is not known
	Marks                 []burnUpMark
	Rows                  []burnUpRow
}

// burnUpMark is a place in the picture where the ledger says how far the work was.
type burnUpMark struct{ X, Y float64 }

// burnUpRow is a line of the table behind the picture.
type burnUpRow struct {
	Day, Event  string
	Done, Scope float64
}

// newBurnUpChart draws what the ledger says; nil before the work has begun.
func newBurnUpChart(t *reader, r *wire.Request) *burnUpChart {
	if r.BurnUp == nil || len(r.BurnUp.Points) == 0 {
		return nil
	}
	points := r.BurnUp.Points
	first, last := points[0], points[len(points)-1]
	until := t.now
	if ended := ended(r); !ended.IsZero() {
		until = ended
	}
	until = later(until, last.At)
	times, most := span{first.At, until}, 0.0
	expected, known := foreseenP85(t, r)
	if known {
		times.to = later(until, expected)
	}
	if least := times.from.AddDate(0, 0, 4); times.to.Before(least) { // each of the marks below has a day of its own
		times.to = least
	}
	for _, p := range points {
		most = math.Max(most, math.Max(p.Scope, p.Done))
	}
	values := scaleFor(most)
	c := &burnUpChart{axes: axes{times.ticks(t), values.ticks(t)}, Unit: t.T("unit." + string(r.BurnUp.Unit))}
	c.Words = t.T("burnup.words", "done", t.Number(last.Done), "scope", t.Number(last.Scope), "unit", c.Unit)
	if before := first.Scope; before != last.Scope {
		c.Words += " " + t.T("burnup.grown", "from", t.Number(before), "to", t.Number(last.Scope), "unit", c.Unit)
	}
	c.Scope = steps(points, times, until, func(p pmo.BurnUpPoint) float64 { return values.y(p.Scope) })
	c.Done = steps(points, times, until, func(p pmo.BurnUpPoint) float64 { return values.y(p.Done) })
	for _, p := range points {
		c.Marks = append(c.Marks, burnUpMark{times.x(p.At), values.y(p.Done)})
		c.Rows = append(c.Rows, burnUpRow{Day: t.date(p.At.In(t.zone)), Event: p.Event, Done: p.Done, Scope: p.Scope})
	}
	if known {
		x, y, top := times.x(until), values.y(last.Done), values.y(last.Scope)
		c.Expected = fmt.Sprintf("M%g %gL%g %g", x, y, times.x(expected), top)
		foreseen := t.T("burnup.foreseen", "p85", t.Day(r.Forecast.P85).Exact)
		if soon, known := foreseenDay(t, r, r.Forecast.P50); known && soon.Before(expected) {
			c.Range = fmt.Sprintf("M%g %gL%g %gL%g %gZ", x, y, times.x(soon), top, times.x(expected), top)
			foreseen = t.T("burnup.between", "p50", t.Day(r.Forecast.P50).Exact, "p85", t.Day(r.Forecast.P85).Exact)
		}
		c.Words += " " + foreseen
	}
	return c
}

// steps is the path that keeps each value until the next one, and the last one until the end.
func steps(points []pmo.BurnUpPoint, times span, until time.Time, y func(pmo.BurnUpPoint) float64) string {
	var path strings.Builder
	fmt.Fprintf(&path, "M%g %g", times.x(points[0].At), y(points[0]))
	for _, p := range points[1:] {
		fmt.Fprintf(&path, "H%gV%g", times.x(p.At), y(p))
	}
	fmt.Fprintf(&path, "H%g", times.x(until))
	return path.String()
}

// ended is when the work of a request was over; zero while it is not.
func ended(r *wire.Request) time.Time {
	switch {
	case !r.AcceptedAt.IsZero():
		return r.AcceptedAt
	case r.Closed():
		return r.ClosedAt
	}
	return time.Time{}
}

// foreseenP85 is the day by which the request is done with 85 percent, if that is known and to come.
func foreseenP85(t *reader, r *wire.Request) (time.Time, bool) {
	if r.Forecast == nil {
		return time.Time{}, false
	}
	return foreseenDay(t, r, r.Forecast.P85)
}

// foreseenDay is a day of the forecast of work under way, if it is known and to come.
func foreseenDay(t *reader, r *wire.Request, of pmo.Date) (time.Time, bool) {
	if r.Forecast.CannotForecast || !ended(r).IsZero() {
		return time.Time{}, false
	}
	day, err := of.Time(t.zone)
	return day, err == nil && day.After(t.now)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
