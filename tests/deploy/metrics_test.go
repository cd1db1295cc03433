package deploy

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// TestAWorkerServesTheMetricsOfTheManual scrapes a worker that has work, and looks for each metric of docs/operations.md.
func TestAWorkerServesTheMetricsOfTheManual(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Processes})
	e.AddServer()
	addr := localstack.Loopback(testkit.Ports(t, 1)[0])
	e.AddWorker("PMO_METRICS_ADDR=" + addr)
	r := e.Servers[0].API.Submit("rita", harness.Ordinary("Is counted by the worker"))
	r.Approve()
	e.Servers[0].API.Prioritize(harness.Portfolio)

	rows := table(t, "metrics")
	require.Greater(t, len(rows), 15)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		text := scrape(c, "http://"+addr+"/metrics")
		for name, row := range rows {
			if !strings.Contains(row[1], "; from the first") {
				require.Contains(c, text, "\n"+typed(name), row[1])
			}
		}
		require.Contains(c, text, "\npmo_database_up 1\n")
		require.Contains(c, text, fmt.Sprintf("\npmo_prioritization_latest_timestamp_seconds{portfolio=%q} ", harness.Portfolio))
		require.Contains(c, text, "\npmo_policy_outdated 0\n")
		require.Regexp(c, `temporal_workflow_task_schedule_to_start_latency_seconds_count\{[^}]*task_queue="pmo[^}]*\} [1-9]`, text)
		require.NotContains(c, text, r.ID, "a request must not have series of its own")
	}, testkit.Patience, 500*time.Millisecond)
	require.Contains(t, scrape(t, e.Servers[0].API.URL+"/metrics"), "pmo_policy_outdated 0")
}

// typed is the line that begins a metric's series. A metric that ends in _total is a counter, and so on.
func typed(name string) string {
	switch {
	case strings.HasSuffix(name, "_total"):
		return "# TYPE " + name + " counter\n"
	case strings.HasPrefix(name, "temporal_") && strings.HasSuffix(name, "_seconds"):
		return "# TYPE " + name + " histogram\n"
	}
	return "# TYPE " + name + " gauge\n"
}

func scrape(t require.TestingT, url string) string {
	response, err := http.Get(url)
	require.NoError(t, err) // a worker that is starting does not listen yet
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	text, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	require.NoError(t, err)
	return string(text)
}
