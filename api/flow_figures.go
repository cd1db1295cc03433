package api

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/wire"
)

// figureHeads are the columns of the figures of a flow report: one line a figure, so that a spreadsheet can filter and pivot them.
var figureHeads = []string{"measure", "by", "name", "figure", "value", "unit"}

// figures are lines with the figures of a flow report.
type figures struct{ lines [][]string }

func (f *figures) add(measure, by, name, figure string, value float64, unit string) {
	f.lines = append(f.lines, []string{measure, by, name, figure, strconv.FormatFloat(value, 'f', -1, 64), unit})
}

// stats adds the summary of some durations, of requests or questions.
func (f *figures) stats(measure, by, name string, s flow.Stats, of string) {
	f.add(measure, by, name, "n", float64(s.N), of)
	if s.N == 0 {
		return
	}
	for _, x := range []struct {
		figure string
		days   float64
	}{{"mean", s.Mean}, {"min", s.Min}, {"p50", s.P50}, {"p70", s.P70}, {"p85", s.P85}, {"p95", s.P95}, {"max", s.Max}} {
		f.add(measure, by, name, x.figure, x.days, "days")
	}
}

// expectation adds a service level expectation; without days where it rests on too few.
func (f *figures) expectation(by string, e flow.Expectation) {
	f.add("expectation", by, e.Name, "n", float64(e.Items), "requests")
	if e.NextBetween > 0 {
		f.add("expectation", by, e.Name, "least", e.Least, "days")
		f.add("expectation", by, e.Name, "most", e.Most, "days")
		f.add("expectation", by, e.Name, "next_between", e.NextBetween, "share")
	}
	if e.Days > 0 {
		f.add("expectation", by, e.Name, "p"+strconv.Itoa(int(e.Share*100+0.5)), float64(e.Days), "days")
	}
}

// figuresOf are all figures of a report: what its page shows, and what its JSON has beside the requests.
func figuresOf(r *wire.FlowReport) [][]string {
	f := &figures{}
	for _, week := range r.Throughput {
		f.add("throughput", "week", week.Start.Format(time.DateOnly), "delivered", float64(week.Count), "requests")
	}
	f.stats("cycle_time", "", "", r.CycleTime, "requests")
	f.stats("lead_time", "", "", r.LeadTime, "requests")
	f.stats("age", "", "", r.Age, "requests")
	f.add("wip", "", "", "in_progress", float64(r.WIP.InProgress), "requests")
	f.add("wip", "", "", "held", float64(r.WIP.Held), "requests")
	f.add("wip", "", "", "blocked", float64(r.WIP.Blocked), "requests")
	f.whereTimeWent(r)
	f.expectation("", r.Expectation)
	for _, by := range []struct {
		name string
		list []flow.Expectation
	}{{"team", r.ByTeam}, {"kind", r.ByKind}, {"theme", r.ByTheme}, {"stage", r.ByStage}} {
		for _, e := range by.list {
			f.expectation(by.name, e)
		}
	}
	for _, s := range r.Stages {
		f.add("open", "stage", string(s.Stage), "open", float64(s.Open), "requests")
		f.stats("age", "stage", string(s.Stage), s.Age, "requests")
		f.stats("stay", "stage", string(s.Stage), s.Days, "requests")
	}
	f.groups(r.Groups)
	f.ages(r.Aging)
	f.cumulative(&r.CFD)
	return f.lines
}

func (f *figures) whereTimeWent(r *wire.FlowReport) {
	e, l := r.Efficiency, r.Little
	f.add("efficiency", "", "", "n", float64(e.Items), "requests")
	for _, x := range []struct {
		figure string
		days   float64
	}{{"active", e.Active}, {"waiting", e.Waiting}, {"deciding", e.Deciding}, {"blocked", e.Blocked}} {
		f.add("efficiency", "", "", x.figure, x.days, "days")
	}
	f.add("efficiency", "", "", "active", e.Share, "share")
	for _, s := range r.Distribution {
		f.add("distribution", "kind", s.Kind, "delivered", float64(s.Count), "requests")
		f.add("distribution", "kind", s.Kind, "delivered", s.Share, "share")
	}
	f.add("little", "", "", "wip", l.AvgWIP, "requests")
	f.add("little", "", "", "throughput", l.Throughput, "requests a day")
	f.add("little", "", "", "expected", l.Expected, "days")
	f.add("little", "", "", "measured", l.Measured, "days")
	f.add("little", "", "", "holds", yesNo(l.Holds), "1 or 0")
	for _, c := range l.Conditions {
		f.add("little", "condition", c.Name, "holds", yesNo(c.Holds), "1 or 0")
	}
}

func (f *figures) groups(groups []flow.GroupTime) {
	for _, g := range groups {
		f.add("waiting_for", "group", g.Group, "open", float64(g.Open), "questions")
		f.add("waiting_for", "group", g.Group, "oldest", g.Oldest, "days")
		f.add("waiting_for", "group", g.Group, "waited", g.Waited, "days")
		f.add("waiting_for", "group", g.Group, "cost", g.Cost, "cost of delay")
		f.add("waiting_for", "group", g.Group, "costed", float64(g.Costed), "questions")
		f.stats("waiting_for", "group", g.Group, g.Days, "questions")
	}
}

// ages adds the age of each request in progress that the reader may read, and what it is compared with.
func (f *figures) ages(list []flow.Aging) {
	for _, a := range list {
		f.add("ageing", "request", a.ID, "age", a.Age, "days")
		f.add("ageing", "request", a.ID, "p50", a.Basis.P50, "days")
		f.add("ageing", "request", a.ID, "p85", a.Basis.P85, "days")
		if a.Chance != nil {
			f.add("ageing", "request", a.ID, "in_time", *a.Chance, "share")
		}
	}
}

// cumulative adds how many had come to each stage by the end of each day, and how many were closed.
func (f *figures) cumulative(c *flow.CFD) {
	for _, d := range c.Days {
		day := d.Day.Format(time.DateOnly)
		for k, stage := range c.Stages {
			f.add("reached", stage, day, "requests", float64(d.Reached[k]), "requests")
		}
		f.add("reached", "closed", day, "requests", float64(d.Closed), "requests")
	}
}

func yesNo(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// writeFigures writes the figures of a report for a spreadsheet.
func writeFigures(to io.Writer, r *wire.FlowReport) {
	w := csv.NewWriter(to)
	for _, line := range slices.Concat([][]string{figureHeads}, figuresOf(r)) {
		for i := range line {
			if i != 4 { // the value is a number
				line[i] = escapeFormula(line[i])
			}
		}
		if w.Write(slices.Clone(line)) != nil {
			return // a reader who has gone gets no more
		}
	}
	w.Flush()
}
