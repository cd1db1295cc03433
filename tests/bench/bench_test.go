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
)

var (
	scaleName = flag.String("scale", "", "small (a minute) or full (six minutes); measures nothing when empty")
	jsonFile  = flag.String("json", "", "write the report to this file too, as JSON")
)

// scale bounds a run in counts; every phase is bounded in time by them.
type scale struct {
	flows     int   // requests a throughput measurement
	clients   []int // at so many clients
	prices    int   // requests that are counted in every detail
	latencies int   // calls a latency measurement
	open      []int // open requests at which everything is measured again
	growth    int   // calls and requests a measurement there
	stored    int   // rows in the read model at the end; 0: none are added
}

var scales = map[string]scale{
	"small": {flows: 32, clients: []int{8, 32}, prices: 2, latencies: 64, open: []int{300}, growth: 24},
	"full":  {flows: 120, clients: []int{8, 32}, prices: 5, latencies: 200, open: []int{100, 1_000, 10_000}, growth: 60, stored: 100_000},
}

func TestBench(t *testing.T) {
	if *scaleName == "" {
		t.Skip("measures for minutes: run `make bench`, or go test ./tests/bench -v -args -scale small")
	}
	size, known := scales[*scaleName]
	require.True(t, known, "-scale is small or full")
	began := time.Now()
	done := func(phase string) { t.Logf("%5.0f s  %s", time.Since(began).Seconds(), phase) }
	e := start(t)
	done("everything runs")
	r := &report{Scale: *scaleName, Machine: machine()}
	defer func() { // also what was found before a phase failed
		r.Aims, r.Took = r.judge(), time.Since(began).Round(time.Second).String()
		fmt.Println(r.text())
		r.save(t, *jsonFile)
	}()
	r.Prices = e.prices(size)
	done("prices are known")
	r.Flows = e.flows(size)
	done("whole workflows are measured")
	few := min(1, len(size.open)) // before the latencies leave their requests open
	r.Growth = e.growth(size, size.open[:few], done)
	r.Latencies = e.latencies(size.latencies)
	done("latencies are measured")
	r.Memory = append(r.Memory, e.memory("after the measurements above"))
	r.Growth = append(r.Growth, e.growth(size, size.open[few:], done)...)
	r.Growth = append(r.Growth, e.history(size, done)...)
}

// save writes the report of a run that was not cut short, as JSON.
func (r *report) save(t *testing.T, path string) {
	if path == "" || t.Failed() {
		return
	}
	data, err := json.MarshalIndent(r, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(data, '\n'), 0o644))
}
