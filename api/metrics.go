package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"leanpmo/internal/problem"
)

// metrics are counted by route pattern, never by path: every request would have time series of its own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	refusals *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
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
	}
	m.registry.MustRegister(m.requests, m.refusals, m.seconds, collectors.NewGoCollector(),
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
	m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
	if kind != "" {
		m.refusals.WithLabelValues(route, string(kind)).Inc()
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
