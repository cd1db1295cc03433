package engine

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
)

const (
	// mostSeries bounds the memory of the metrics, should a tag of the SDK have unexpectedly many values.
	mostSeries = 4000
	// clientTag is the same for every metric of this SDK.
	clientTag = "client_name"
)

// latencies are the buckets of timers, in seconds.
var latencies = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// Metrics keeps what Temporal's SDK counts and measures, for Prometheus. Counters end in _total and timers in _seconds. The label names of a
// metric differ by where the SDK measures it, so Metrics does not describe what it collects.
type Metrics struct {
	mu     sync.RWMutex
	series map[string]prometheus.Metric
}

// NewMetrics returns metrics without any series.
func NewMetrics() *Metrics { return &Metrics{series: map[string]prometheus.Metric{}} }

// Describe describes nothing: the series are not known before.
func (*Metrics) Describe(chan<- *prometheus.Desc) {}

// Collect sends every series.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	m.mu.RLock()
	all := slices.Collect(maps.Values(m.series))
	m.mu.RUnlock()
	for _, metric := range all {
		out <- metric
	}
}

// handler is what the SDK counts with: the metrics with some tags.
func (m *Metrics) handler() client.MetricsHandler { return &tagged{metrics: m} }

// tagged implements client.MetricsHandler.
type tagged struct {
	metrics *Metrics
	tags    prometheus.Labels
	key     string // of the tags
}

func (t *tagged) WithTags(tags map[string]string) client.MetricsHandler {
	all := prometheus.Labels{}
	maps.Copy(all, t.tags)
	maps.Copy(all, tags)
	delete(all, clientTag)
	var key strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		key.WriteString("\x00" + name + "\x00" + all[name])
	}
	return &tagged{metrics: t.metrics, tags: all, key: key.String()}
}

func (t *tagged) Counter(name string) client.MetricsCounter {
	c, ok := seriesOf(t, name+"_total", func(name string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: t.tags})
	})
	if !ok {
		return client.MetricsNopHandler.Counter(name)
	}
	return counter{c}
}

func (t *tagged) Gauge(name string) client.MetricsGauge {
	g, ok := seriesOf(t, name, func(name string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: t.tags})
	})
	if !ok {
		return client.MetricsNopHandler.Gauge(name)
	}
	return gauge{g}
}

func (t *tagged) Timer(name string) client.MetricsTimer {
	h, ok := seriesOf(t, name+"_seconds", func(name string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, ConstLabels: t.tags, Buckets: latencies})
	})
	if !ok {
		return client.MetricsNopHandler.Timer(name)
	}
	return timer{h}
}

// help is the same for every metric of the SDK, which gives them no text.
const help = "See the metrics reference of Temporal's SDKs."

// seriesOf returns the series of a name and tags, and makes it the first time; false when there are too many.
func seriesOf[M prometheus.Metric](t *tagged, name string, newSeries func(name string) M) (M, bool) {
	m, key := t.metrics, name+t.key
	m.mu.RLock()
	found, known := m.series[key].(M)
	m.mu.RUnlock()
	if known {
		return found, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if found, known := m.series[key].(M); known || len(m.series) >= mostSeries {
		return found, known
	}
	made := newSeries(name)
	m.series[key] = made
	return made, true
}

type (
	counter struct{ prometheus.Counter }
	gauge   struct{ prometheus.Gauge }
	timer   struct{ prometheus.Histogram }
)

func (c counter) Inc(n int64)          { c.Add(float64(n)) }
func (g gauge) Update(v float64)       { g.Set(v) }
func (t timer) Record(d time.Duration) { t.Observe(d.Seconds()) }
