package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestFlowReportFitsTheTerminal: age, WIP, throughput, time in each stage and with each group, in 100 columns.
func TestFlowReportFitsTheTerminal(t *testing.T) {
	stats := flow.Stats{N: 12, Mean: 123.4, P50: 100, P85: 200, P95: 300, Max: 400}
	report := wire.FlowReport{From: time.Now().AddDate(-2, 0, 0), To: time.Now(), Throughput: make([]flow.Bucket, 105), CycleTime: stats, LeadTime: stats, Age: stats,
		WIP: flow.WIPCount{InProgress: 14, Held: 2}, Groups: []flow.GroupTime{{Group: strings.Repeat("enterprise-architecture-", 5), Open: 3, Oldest: 2.5, Days: stats}}}
	for _, stage := range pmo.Stages() {
		report.Stages = append(report.Stages, wire.StageCount{Stage: stage, Open: 3, Age: stats, Days: flow.Stats{N: 1, P85: 0.25}})
	}
	for range 14 {
		report.Aging = append(report.Aging, flow.Aging{ID: "R-100000", Stage: "prioritization", Age: 200.5, Level: flow.LevelP85})
	}
	var out bytes.Buffer
	printFlow(text.New(&out, 100, time.Now(), time.UTC), &report)
	for _, line := range strings.Split(out.String(), "\n") {
		require.LessOrEqual(t, len([]rune(line)), 100, line)
	}
	words := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{"14, 2 of them on hold", "lead time submitted to accepted 12 123.4d 100.0d", "age submitted, and open now 12",
		"review 3 400.0d 1 0s 0s 6.0h", "enterprise-archi", "3 2.5d 12", "R-100000 prioritization 200.5d older than 85 % of the finished", "4 more are younger."} {
		require.Contains(t, words, want)
	}
}
