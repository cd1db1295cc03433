package web

import (
	"fmt"
	"math"
	"strings"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/wire"
)

// The plot of a chart, in units of the picture, which is 720 by 250: between its left and right, its top and bottom edge.
const (
	plotLeft, plotRight = 44.0, 690.0
	plotTop, plotBottom = 14.0, 212.0
)

// tick is a mark of an axis: where, and what it says.
type tick struct {
	At   float64
	Text string
}

// axes are the marks of a chart.
type axes struct{ X, Y []tick }

// scale is a value axis from 0 to top, with a step between marks that people count in.
type scale struct{ top, step float64 }

// scaleFor is the scale on which the largest value still fits, with at most five marks above 0. The step is 1, 2 or 5 times a power of ten.
func scaleFor(most float64) scale {
	most = math.Max(most, 1)
	step := math.Pow(10, math.Floor(math.Log10(most/5)))
	for _, times := range []float64{1, 2, 5, 10} {
		if s := step * times; s >= 1 && most/s <= 5 {
			return scale{top: math.Ceil(most/s) * s, step: s}
		}
	}
	return scale{top: most, step: most}
}

func (s scale) y(value float64) float64 {
	return tenth(plotBottom - (plotBottom-plotTop)*math.Min(1, math.Max(0, value/s.top)))
}

func (s scale) ticks(t *reader) []tick {
	var all []tick
	for value := 0.0; value <= s.top; value += s.step {
		all = append(all, tick{s.y(value), t.Number(value)})
	}
	return all
}

// span is a time axis.
type span struct{ from, to time.Time }

func (s span) x(at time.Time) float64 {
	share := at.Sub(s.from).Hours() / math.Max(s.to.Sub(s.from).Hours(), 1)
	return tenth(plotLeft + (plotRight-plotLeft)*math.Min(1, math.Max(0, share)))
}

// ticks marks four equal parts.
func (s span) ticks(t *reader) []tick {
	const parts = 4
	var all []tick
	for i := range parts + 1 {
		at := s.from.Add(s.to.Sub(s.from) * time.Duration(i) / parts).In(t.zone)
		all = append(all, tick{s.x(at), t.dayAndMonth(at)})
	}
	return all
}

// bar is one week of the throughput chart.
type bar struct {
	X, Y, W, H float64
	Count      int
	Week       string
}

type barChart struct {
	axes
	Bars []bar
}

// throughputChart is how many requests were delivered in each week; nil without a week.
func throughputChart(t *reader, r wire.FlowReport) *barChart {
	if len(r.Throughput) == 0 {
		return nil
	}
	most := 0
	for _, b := range r.Throughput {
		most = max(most, b.Count)
	}
	values, times := scaleFor(float64(most)), span{r.From, r.To}
	c := &barChart{axes: axes{times.ticks(t), values.ticks(t)}}
	width := (plotRight - plotLeft) / float64(len(r.Throughput))
	for i, b := range r.Throughput {
		y := values.y(float64(b.Count))
		c.Bars = append(c.Bars, bar{X: tenth(plotLeft + (float64(i)+0.14)*width), W: tenth(width * 0.72), Y: y, H: tenth(plotBottom - y), Count: b.Count, Week: t.date(b.Start.In(t.zone))})
	}
	return c
}

// point is one request: where it stands in the picture, and after how many days. Several that lie close together are one point, without a
// reference.
type point struct {
	X, Y  float64
	Ref   string
	Days  float64
	Kind  string // a class of the picture
	Count int
}

// R is how large the point is drawn.
func (p point) R() float64 { return tenth(5.5 + math.Min(5, math.Sqrt(float64(p.Count))-1)) }

// line is a percentile across the picture.
type line struct {
	Y    float64
	Text string
	Kind string // a class of the picture
}

type pointChart struct {
	axes
	Points []point
	Lines  []line
}

// leastApart is how far apart lines must be, so that their words do not cover each other.
const leastApart = 12

// percentiles are the lines of finished work: half of it, the service level expectation (or 85 of 100 where too few were finished for one), and
// 95 of 100. There is none without any, and the expectation goes before the others where there is no room for all.
func percentiles(t *reader, values scale, r flow.Reference) []line {
	s := r.Days
	if s.N == 0 {
		return nil
	}
	expected := line{Y: values.y(s.P85), Text: t.T("flow.p85", "n", t.Number(s.P85))}
	if days := r.Expectation.Days; days > 0 {
		expected = line{Y: values.y(float64(days)), Text: t.T("flow.sle", "n", days), Kind: "sle"}
	}
	var lines []line
	if half := values.y(s.P50); half-expected.Y >= leastApart {
		lines = append(lines, line{Y: half, Text: t.T("flow.p50", "n", t.Number(s.P50))})
	}
	lines = append(lines, expected)
	if late := values.y(s.P95); expected.Y-late >= leastApart && s.P95 <= values.top {
		lines = append(lines, line{Y: late, Text: t.T("flow.p95", "n", t.Number(s.P95))})
	}
	return lines
}

// mostOf is the largest value of a scale with the lines of a reference.
func mostOf(most float64, r flow.Reference) float64 {
	return math.Max(most, math.Max(r.Days.P85, float64(r.Expectation.Days)))
}

// cycleChart is the cycle times of delivered requests over time; nil without a delivered one.
func cycleChart(t *reader, r wire.FlowReport) *pointChart {
	var most float64
	for _, cell := range r.Scatter {
		most = math.Max(most, cell.Days)
	}
	if r.CycleTime.N == 0 {
		return nil
	}
	// The percentiles count confidential requests too, which have no item and may have taken longer.
	values, times := scaleFor(mostOf(most, r.Reference)), span{r.From, r.To}
	c := &pointChart{axes: axes{times.ticks(t), values.ticks(t)}, Lines: percentiles(t, values, r.Reference)}
	for _, cell := range r.Scatter {
		c.Points = append(c.Points, point{X: times.x(cell.At), Y: values.y(cell.Days), Ref: cell.Ref, Days: cell.Days, Count: cell.Count})
	}
	return c
}

// agingChart is the age since the pull of what is in progress, by stage, against the percentiles of what was finished; nil where nothing is.
func agingChart(t *reader, r wire.FlowReport) *pointChart {
	if len(r.Aging) == 0 {
		return nil
	}
	var most float64
	stages := map[string]int{}
	for _, a := range r.Aging {
		most = math.Max(most, a.Age)
		stages[a.Stage]++
	}
	c := &pointChart{}
	values := scaleFor(mostOf(most, r.Reference))
	c.Y, c.Lines = values.ticks(t), percentiles(t, values, r.Reference)
	place := map[string]float64{}
	for _, s := range r.Stages {
		if stages[string(s.Stage)] > 0 {
			place[string(s.Stage)] = 0
		}
	}
	width, i := (plotRight-plotLeft)/float64(max(1, len(place))), 0
	for _, s := range r.Stages {
		if _, shown := place[string(s.Stage)]; shown {
			place[string(s.Stage)] = plotLeft + (float64(i)+0.5)*width
			c.X = append(c.X, tick{tenth(place[string(s.Stage)]), t.Word("stage", s.Stage)})
			i++
		}
	}
	beside := map[string]int{}
	for _, a := range r.Aging {
		n := beside[a.Stage]
		beside[a.Stage]++
		// Points of one stage stand beside each other, left and right of its middle in turn.
		aside := float64((n+1)/2) * 13 * float64(1-2*(n%2))
		x := place[a.Stage] + math.Max(-width*0.45, math.Min(width*0.45, aside))
		c.Points = append(c.Points, point{X: tenth(x), Y: values.y(a.Age), Ref: a.ID, Days: a.Age, Kind: string(a.Level), Count: 1})
	}
	return c
}

// band is one stage of the cumulative flow: an area of the picture.
type band struct {
	Stage string
	Path  string
	Class string
}

// week is one line of the table behind the cumulative flow.
type week struct {
	Day    string
	In     []int
	Closed int
}

type cumulativeChart struct {
	axes
	Bands []band
	Weeks []week
}

// mostCFDDays is how many days the picture of the cumulative flow is drawn from: the plot is 646 units wide.
const mostCFDDays = 100

// drawn are the days that a picture is drawn from: all, or equally far from each other, and always the last one.
func drawn(days []flow.CFDDay) []flow.CFDDay {
	step := (len(days) + mostCFDDays - 1) / mostCFDDays
	var list []flow.CFDDay
	for i := range days {
		if (len(days)-1-i)%step == 0 {
			list = append(list, days[i])
		}
	}
	return list
}

// cumulativeFlow is how many requests were in each stage on each day, the last stage lowest; nil without a day.
func cumulativeFlow(t *reader, r wire.FlowReport) *cumulativeChart {
	days := r.CFD.Days
	if len(days) < 2 {
		return nil
	}
	most := 0
	for _, d := range days {
		most = max(most, d.Reached[0])
	}
	values, times := scaleFor(float64(most)), span{days[0].Day, days[len(days)-1].Day}
	c := &cumulativeChart{axes: axes{times.ticks(t), values.ticks(t)}}
	for i, d := range days {
		if i%7 == 0 || i == len(days)-1 {
			c.Weeks = append(c.Weeks, week{t.date(d.Day.In(t.zone)), d.In, d.Closed})
		}
	}
	days = drawn(days)
	closed := make([]int, len(days))
	for i, d := range days {
		closed[i] = d.Closed
	}
	below := make([]int, len(days))
	c.Bands = append(c.Bands, band{"closed", areaOf(days, times, values, closed, below), "closed"})
	below = closed
	for k := len(r.CFD.Stages) - 1; k >= 0; k-- {
		above := make([]int, len(days))
		for i, d := range days {
			above[i] = below[i] + d.In[k]
		}
		c.Bands = append(c.Bands, band{r.CFD.Stages[k], areaOf(days, times, values, above, below), fmt.Sprintf("s%d", k)})
		below = above
	}
	return c
}

// areaOf is the path between two lines.
func areaOf(days []flow.CFDDay, times span, values scale, above, below []int) string {
	var path strings.Builder
	for i := range days {
		fmt.Fprintf(&path, "%s%g %g", map[bool]string{true: "M", false: "L"}[i == 0], times.x(days[i].Day), values.y(float64(above[i])))
	}
	for i := len(days) - 1; i >= 0; i-- {
		fmt.Fprintf(&path, "L%g %g", times.x(days[i].Day), values.y(float64(below[i])))
	}
	return path.String() + "Z"
}

// groupBar is how long questions waited for one group, as a bar of 300 units.
type groupBar struct {
	flow.GroupTime
	W50, W85 float64
}

// groupBars compares the groups with the slowest one.
func groupBars(r wire.FlowReport) []groupBar {
	var most float64
	for _, g := range r.Groups {
		most = math.Max(most, g.Days.P85)
	}
	var bars []groupBar
	for _, g := range r.Groups {
		b := groupBar{GroupTime: g}
		if most > 0 {
			b.W50, b.W85 = tenth(300*g.Days.P50/most), tenth(300*g.Days.P85/most)
		}
		bars = append(bars, b)
	}
	return bars
}

func tenth(n float64) float64 { return math.Round(n*10) / 10 }
