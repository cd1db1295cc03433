package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"leanpmo/internal/admission"
	"leanpmo/internal/problem"
)

// metrics are counted by route pattern, never by path: every request would have time series of its own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	refusals *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inLine   *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	broken   *prometheus.GaugeVec
	brokenAt prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pmo_http_requests_total", Help: "Requests answered."},
			[]string{"method", "route", "status"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pmo_http_problems_total", Help: "Problem documents answered."},
			[]string{"route", "kind"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pmo_http_request_seconds", Help: "Time to answer.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 10}}, []string{"method", "route"}),
		inLine: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pmo_admission_wait_seconds", Help: "Time in line of the commands that got a place.",
			Buckets: []float64{.001, .01, .05, .1, .25, .5, 1, 2, 4, 8}}, []string{"class"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pmo_admission_refused_total", Help: "Commands that got no place, by reason."},
			[]string{"class", "reason"}),
		broken: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "pmo_requests_broken",
			Help: "Requests that do not go on by themselves: open with a workflow ended in Temporal, or with failing workflow tasks."}, []string{"cause"}),
		brokenAt: prometheus.NewGauge(prometheus.GaugeOpts{Name: "pmo_requests_broken_counted_timestamp_seconds", Help: "When they were last counted; 0: never."}),
	}
	m.registry.MustRegister(m.requests, m.refusals, m.seconds, m.inLine, m.refused, m.broken, m.brokenAt, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, kind problem.Kind, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		method = "other" // a caller must not be able to create series
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	if route != eventsPath { // a stream lasts as long as its reader likes
		m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
	}
	if kind != "" {
		m.refusals.WithLabelValues(route, string(kind)).Inc()
	}
}

// watchPlaces shows how many commands of a class are in flight and how many wait.
func (m *metrics) watchPlaces(c class, p *admission.Places) {
	gauge := func(name, help string, value func() int) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: prometheus.Labels{"class": string(c)}},
			func() float64 { return float64(value()) })
	}
	m.registry.MustRegister(
		gauge("pmo_admission_in_flight", "Commands in progress.", func() int { n, _ := p.Count(); return n }),
		gauge("pmo_admission_waiting", "Commands in line.", func() int { _, n := p.Count(); return n }))
}

// watchFollowers shows how many connections follow the events.
func (m *metrics) watchFollowers(count func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pmo_event_followers", Help: "Connections that follow the events."},
		func() float64 { return float64(count()) }))
}

func (m *metrics) counted(ended, failing int, at time.Time) {
	m.broken.WithLabelValues("ended").Set(float64(ended))
	m.broken.WithLabelValues("failing").Set(float64(failing))
	m.brokenAt.Set(float64(at.Unix()))
}

func (m *metrics) admitted(c class, waited time.Duration) {
	m.inLine.WithLabelValues(string(c)).Observe(waited.Seconds())
}

func (m *metrics) notAdmitted(c class, reason string) {
	m.refused.WithLabelValues(string(c), reason).Inc()
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
