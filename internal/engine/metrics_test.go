package engine

import (
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"
)

func TestMetricsOfTheSDK(t *testing.T) {
	m := NewMetrics()
	registry := prometheus.NewRegistry()
	require.NoError(t, registry.Register(m))
	base := m.handler()
	queue := base.WithTags(map[string]string{"task_queue": "pmo", "client_name": "temporal_go"})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				queue.WithTags(map[string]string{"activity_type": "Project"}).Counter("temporal_failed").Inc(1)
			}
		})
	}
	all.Wait()
	queue.Counter("temporal_failed").Inc(2)
	queue.Gauge("temporal_slots").Update(7)
	queue.WithTags(map[string]string{"task_queue": "other"}).Gauge("temporal_slots").Update(3)
	queue.Timer("temporal_latency").Record(300 * time.Millisecond)

	w := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, line := range []string{
		"# TYPE temporal_failed_total counter", `temporal_failed_total{task_queue="pmo"} 2`, `temporal_failed_total{activity_type="Project",task_queue="pmo"} 800`,
		"# TYPE temporal_slots gauge", `temporal_slots{task_queue="other"} 3`, `temporal_slots{task_queue="pmo"} 7`,
		`temporal_latency_seconds_bucket{task_queue="pmo",le="0.25"} 0`, `temporal_latency_seconds_bucket{task_queue="pmo",le="0.5"} 1`,
	} {
		require.Contains(t, w.Body.String(), line+"\n")
	}
}

func TestMetricsOfTheSDKAreBounded(t *testing.T) {
	m := NewMetrics()
	for i := range mostSeries + 100 {
		m.handler().WithTags(map[string]string{"workflow_type": fmt.Sprint(i)}).Counter("temporal_started").Inc(1)
	}
	require.Len(t, m.series, mostSeries)
	require.NotPanics(t, func() {
		m.handler().Gauge("temporal_late").Update(1)
		m.handler().Timer("temporal_late").Record(1)
	})
}
