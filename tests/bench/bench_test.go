// Package bench measures the product on one Temporal server and one Postgres in one run, beside yardsticks that do nothing: only
// ratios carry over to another machine. It judges nothing: aims are printed with whether this run met them. Run it with `make bench`.
package bench

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/harness/stock"
)

var (
	scaleName = flag.String("scale", "", "small (a minute), full (six minutes), stored (submissions with 1,000 and 100,000 stored) or pages (every page with 10,000 requests and a million ledger lines); measures nothing when empty")
	jsonFile  = flag.String("json", "", "write the report to this file too, as JSON")
)

// scale bounds a run in counts; every phase is bounded in time by them.
type scale struct {
	flows     int      // requests a throughput measurement
	clients   []int    // at so many clients
	prices    int      // requests that are counted in every detail
	latencies int      // calls a latency measurement
	open      []int    // open requests at which everything is measured again
	growth    int      // calls and requests a measurement there
	stored    int      // rows in the read model at the end; 0: none are added
	submitAt  []int    // rows in the read model with which submissions are measured, and nothing else
	pages     pageSize // the pages are measured, and nothing else
}

var scales = map[string]scale{
	"small":  {flows: 32, clients: []int{8, 32}, prices: 2, latencies: 64, open: []int{300}, growth: 24},
	"stored": {latencies: 200, submitAt: []int{1_000, 100_000}},
	"pages":  {pages: pageSize{stock.Size{Requests: 10_000, Lines: 1_000_000, People: 300}, 200}},
	"full":   {flows: 120, clients: []int{8, 32}, prices: 5, latencies: 200, open: []int{100, 1_000, 10_000}, growth: 60, stored: 100_000},
}

func TestBench(t *testing.T) {
	if *scaleName == "" {
		t.Skip("measures for minutes: run `make bench`, or go test ./tests/bench -v -args -scale small")
	}
	size, known := scales[*scaleName]
	require.True(t, known, "-scale is small, full, stored or pages")
	began := time.Now()
	r := &report{Scale: *scaleName, Machine: machine()}
	defer func() { // also what was found before a phase failed
		r.Aims, r.Took = r.judge(size), time.Since(began).Round(time.Second).String()
		fmt.Println(r.text())
		r.save(t, *jsonFile)
	}()
	r.measure(t, phases(t, size, r), func(phase string) { t.Logf("%5.0f s  %s", time.Since(began).Seconds(), phase) })
}

// phase is one part of a run. Its measure adds to the report what it finds as soon as it has found it.
type phase struct {
	name    string
	measure func()
}

// measure runs the phases in order. A phase that does not come to its end fails the test, and the report names it.
func (r *report) measure(t testing.TB, phases []phase, done func(string)) {
	defer func() {
		if r.Failed != "" {
			t.Errorf("the phase %q did not come to its end", r.Failed)
		}
	}()
	for _, p := range phases {
		r.Failed = p.name
		p.measure()
		r.Failed = ""
		done(p.name)
	}
}

func phases(t *testing.T, size scale, r *report) []phase {
	if size.pages.calls > 0 {
		return phasesOfPages(t, size.pages, r)
	}
	var e *environment
	list := []phase{{"start everything", func() { e = start(t); r.Machine += ", " + postgresSettings(t, e.Pool) }}}
	for _, n := range size.submitAt {
		list = append(list, phase{fmt.Sprintf("submissions with %d stored", n), func() { r.Stored = append(r.Stored, e.submissionsWith(n, size.latencies)) }})
	}
	if len(size.submitAt) > 0 {
		return list
	}
	list = append(list, phase{"prices", func() { r.Prices = e.prices(size) }})
	for _, clients := range size.clients {
		list = append(list, phase{fmt.Sprintf("whole workflows, %d clients", clients), func() { r.Flows = append(r.Flows, e.flowsAt(clients, size.flows)...) }})
	}
	grow := func(open int) phase {
		return phase{fmt.Sprintf("with %d open", open), func() { r.Growth = append(r.Growth, e.growth(size, open)) }}
	}
	few := min(1, len(size.open)) // before the latencies leave their requests open
	for _, open := range size.open[:few] {
		list = append(list, grow(open))
	}
	for _, clients := range []int{1, 16, 50} {
		list = append(list, phase{fmt.Sprintf("latencies, %d clients", clients), func() {
			r.Latencies = append(r.Latencies, e.latenciesAt(clients, size.latencies)...)
			e.drain()
		}})
	}
	list = append(list, phase{"memory", func() { r.Memory = append(r.Memory, e.memory("after the measurements above")) }})
	for _, open := range size.open[few:] {
		list = append(list, grow(open))
	}
	if size.stored > 0 { // once more with years of requests in the read model
		list = append(list, phase{fmt.Sprintf("with %d stored", size.stored), func() {
			e.fill(size.stored)
			r.Growth = append(r.Growth, e.grown(size.growth))
		}})
	}
	return list
}

// save writes the report as JSON, also of a run that failed: it names the phase.
func (r *report) save(t testing.TB, path string) {
	if path == "" {
		return
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = os.WriteFile(path, append(data, '\n'), 0o644)
	}
	if err != nil {
		t.Errorf("write the report: %v", err)
	}
}
