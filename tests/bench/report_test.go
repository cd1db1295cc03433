package bench

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// report is everything one run found.
type report struct {
	Scale, Machine, Took string
	Failed               string `json:",omitempty"` // the phase that failed; what comes after it is unmeasured
	Aims                 []aim
	Prices               []price
	Flows                []flow
	Latencies            []latency
	Memory               []memory
	Growth               []growth
	Stored               []stored `json:",omitempty"`
	Pages                pages    `json:",omitzero"`
}

// short is a number as people read it: three digits that count.
func short(v float64) string {
	if v >= 100 || v <= -100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

func seeded(n int, took time.Duration) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d submitted in %s, %s a second", n, took.Round(time.Second), short(float64(n)/took.Seconds()))
}

// known is a number, or the word for one that was not measured.
func known(v float64) any {
	if v == 0 {
		return "unmeasured"
	}
	return v
}

// table writes cells in columns.
type table struct {
	text strings.Builder
	tabs *tabwriter.Writer
}

func newTable(title string, head ...any) *table {
	t := &table{}
	fmt.Fprintf(&t.text, "\n%s\n", title)
	t.tabs = tabwriter.NewWriter(&t.text, 0, 0, 2, ' ', 0)
	t.row(head...)
	return t
}

func (t *table) row(cells ...any) {
	words := []string{""}
	for _, c := range cells {
		if v, ok := c.(float64); ok {
			c = short(v)
		}
		words = append(words, fmt.Sprint(c))
	}
	fmt.Fprintln(t.tabs, strings.Join(words, "\t"))
}

func (t *table) String() string {
	_ = t.tabs.Flush() // into memory
	return t.text.String()
}

// text is the report as printed. Ratios carry over to another machine, the rest does not.
func (r *report) text() string {
	failed := ""
	if r.Failed != "" {
		failed = fmt.Sprintf("\nFAILED in the phase: %s. What comes after it is unmeasured.\n", r.Failed)
	}
	parts := []string{fmt.Sprintf("\nLean PMO bench, %s scale: %s; took %s. Only ratios carry over to another machine.\n", r.Scale, r.Machine, r.Took),
		failed, r.aimsText(), r.pricesText(), r.stepsText(), flowsText("Whole workflows", r.Flows), latenciesText("Latency, ms", r.Latencies), r.memoryText(), r.growthText()}
	if len(r.Stored) > 0 { // a scale of its own
		parts = append(parts[:3], r.storedText())
	}
	if len(r.Pages.Pages) > 0 { // another one
		parts = append(parts[:3], r.pagesText())
	}
	for _, g := range r.Growth {
		title := fmt.Sprintf("With %d open of %d stored", g.Open, g.Stored)
		if g.Seeding != "" {
			title += " (" + g.Seeding + ")"
		}
		parts = append(parts, flowsText(title, g.Flows), latenciesText("Latency, ms, with "+strconv.Itoa(g.Open)+" open", g.Latencies))
	}
	return strings.Join(parts, "")
}

func (r *report) aimsText() string {
	t := newTable("Aims", "", "aim", "this run")
	for _, a := range r.Aims {
		verdict := "missed"
		switch {
		case a.Unmeasured != "":
			verdict = "unmeasured"
		case a.Met:
			verdict = "met"
		}
		t.row(verdict, a.Aim, a.Found)
	}
	return t.String()
}

func (r *report) pricesText() string {
	t := newTable("What one workflow costs, on average", "path", "events", "transitions", "workflow tasks", "history KiB",
		"round trips: server", "worker")
	for _, p := range r.Prices {
		t.row(p.Path, p.Events, p.Transitions, p.Tasks, p.HistoryBytes/1024, p.ServerTrips, p.WorkerTrips)
	}
	return t.String()
}

func (r *report) stepsText() string {
	t := newTable("Command by command, with the policy an office starts with", "command", "events", "round trips: server", "worker")
	for _, s := range r.price(pathAsked).Steps {
		t.row(s.Step, s.Events, s.Server, s.Worker)
	}
	return t.String()
}

func flowsText(title string, flows []flow) string {
	t := newTable(title, "what", "clients", "count", "a second", "÷ bare", "events a second", "÷ bare", "runs each", "mean ms",
		"CPU ms each: server", "worker", "Temporal", "Postgres", "bench", "sum")
	for _, f := range flows {
		t.row(f.What, f.Clients, f.Count, f.PerSecond, f.RatioRequests, f.EventsPerSecond, f.RatioEvents, f.RunsEach, f.MeanMillis,
			f.CPU.Server, f.CPU.Worker, f.CPU.Temporal, f.CPU.Postgres, f.CPU.Bench, f.CPU.sum())
	}
	return t.String()
}

func latenciesText(title string, list []latency) string {
	t := newTable(title, "call", "clients", "calls", "p50", "p99", "of them 202")
	for _, l := range list {
		t.row(l.What, l.Clients, l.Calls, l.P50, l.P99, l.Late)
	}
	return t.String()
}

func (r *report) memoryText() string {
	t := newTable("Memory, MiB", "when", "server", "worker", "Temporal", "Postgres")
	row := func(when string, m memory) {
		t.row(when, known(m.Server), known(m.Worker), known(m.Temporal), known(m.Postgres))
	}
	for _, m := range r.Memory {
		row(m.When, m)
	}
	for _, g := range r.Growth {
		row(fmt.Sprintf("%d open of %d", g.Open, g.Stored), g.Memory)
	}
	return t.String()
}

// growthText puts the numbers that people feel side by side.
func (r *report) growthText() string {
	t := newTable("Growth", "open", "stored", "submit p50", "÷ yardstick", "decide p50", "decide p99, 16 clients", "read p99", "list p99", "requests ÷ bare")
	for _, g := range r.Growth {
		submit := find(g.Latencies, callSubmit, 1).P50
		requests := 0.0
		if len(g.Flows) > 1 {
			requests = g.Flows[1].RatioRequests
		}
		t.row(g.Open, g.Stored, known(submit), known(ratio(submit, find(g.Latencies, callYardstick, 1).P50)), known(find(g.Latencies, callDecide, 1).P50),
			known(find(g.Latencies, callDecide, 16).P99), known(find(g.Latencies, callRead, 1).P99), known(find(g.Latencies, callList, 1).P99), known(requests))
	}
	return t.String()
}
