package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"leanpmo/internal/store"
)

const (
	gaugesKept   = 10 * time.Second // scrapes within this time read the database once
	gaugesWithin = 2 * time.Second
)

// gaugeStore reads what the metrics of a worker show of the database.
type gaugeStore interface {
	Connections() store.Connections
	LatestRuns(ctx context.Context) (map[string]time.Time, error)
	NotifyBacklog(ctx context.Context) (open int, oldest *time.Time, err error)
	DeadNotificationCount(ctx context.Context) (int, error)
	NotifyKinds(ctx context.Context) ([]store.KindCount, error)
	FeedHeld(ctx context.Context) (*time.Time, error)
}

// databaseGauges are the metrics that are read from the pmo database at a scrape. Every worker shows the same ones.
type databaseGauges struct {
	store gaugeStore
	now   func() time.Time

	mu   sync.Mutex
	kept []prometheus.Metric
	at   time.Time
}

var (
	databaseUp   = prometheus.NewDesc("pmo_database_up", "Whether the pmo database answered; 0: the other metrics that are read from it are left out.", nil, nil)
	connections  = prometheus.NewDesc("pmo_database_connections", "Connections of this process to the pmo database.", []string{"state"}, nil)
	latestRun    = prometheus.NewDesc("pmo_prioritization_latest_timestamp_seconds", "When a portfolio was last ranked.", []string{"portfolio"}, nil)
	notifyOpen   = prometheus.NewDesc("pmo_notifications_open", "Notifications that are not sent yet.", nil, nil)
	notifyOldest = prometheus.NewDesc("pmo_notifications_oldest_seconds", "Age of the oldest notification that is not sent yet; 0: none.", nil, nil)
	notifyDead   = prometheus.NewDesc("pmo_notifications_dead", "Notifications that were given up.", nil, nil)
	feedHeld     = prometheus.NewDesc("pmo_feed_held_seconds", "Age of the oldest event that a transaction which has not ended keeps from those who follow the feed; 0: none.", nil, nil)
)

func (g *databaseGauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, connections, latestRun, notifyOpen, notifyOldest, notifyDead, feedHeld} {
		out <- d
	}
	describeKinds(out)
}

func (g *databaseGauges) Collect(out chan<- prometheus.Metric) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := g.now(); g.kept == nil || now.Sub(g.at) >= gaugesKept {
		g.kept, g.at = g.read(), now
	}
	for _, m := range g.kept {
		out <- m
	}
}

func gaugeOf(d *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

// read leaves out what the database does not answer.
func (g *databaseGauges) read() []prometheus.Metric {
	ctx, cancel := context.WithTimeout(context.Background(), gaugesWithin)
	defer cancel()
	c := g.store.Connections()
	all := []prometheus.Metric{gaugeOf(connections, float64(c.InUse), "in_use"), gaugeOf(connections, float64(c.Idle), "idle"), gaugeOf(connections, float64(c.Most), "most")}
	runs, err := g.store.LatestRuns(ctx)
	if err != nil {
		return append(all, gaugeOf(databaseUp, 0))
	}
	open, oldest, err := g.store.NotifyBacklog(ctx)
	if err != nil {
		return append(all, gaugeOf(databaseUp, 0))
	}
	dead, err := g.store.DeadNotificationCount(ctx)
	if err != nil {
		return append(all, gaugeOf(databaseUp, 0))
	}
	kinds, err := g.store.NotifyKinds(ctx)
	if err != nil {
		return append(all, gaugeOf(databaseUp, 0))
	}
	held, err := g.store.FeedHeld(ctx)
	if err != nil {
		return append(all, gaugeOf(databaseUp, 0))
	}
	for portfolio, at := range runs {
		all = append(all, gaugeOf(latestRun, float64(at.Unix()), portfolio))
	}
	all = append(all, g.ofKinds(kinds)...)
	return append(all, gaugeOf(databaseUp, 1), gaugeOf(notifyOpen, float64(open)), gaugeOf(notifyOldest, g.age(oldest)), gaugeOf(notifyDead, float64(dead)),
		gaugeOf(feedHeld, g.age(held)))
}

// age is how many seconds ago something happened; 0 for nothing.
func (g *databaseGauges) age(at *time.Time) float64 {
	if at == nil {
		return 0
	}
	return max(0, g.now().Sub(*at).Seconds())
}

// workerMetrics are Go's, the SDK's, and what we know of the database and the policy.
func (p *dependencies) workerMetrics() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(&databaseGauges{store: p.store, now: time.Now}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(p.collectors()...)
	return registry
}

// collectors are what server and worker both show: what the SDK counts, and whether another policy is in force.
func (p *dependencies) collectors() []prometheus.Collector {
	return []prometheus.Collector{p.metrics,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pmo_policy_outdated", Help: "1 while this process works by another policy than the one in force, or has not compared it yet."}, func() float64 {
			if _, fault := p.rules.state(); fault != "" {
				return 1
			}
			return 0
		})}
}

// serveMetrics serves /metrics and /livez of a worker at PMO_METRICS_ADDR until it is stopped. An error is sent to failed.
func (p *dependencies) serveMetrics(ctx context.Context, c Config, log *slog.Logger, failed chan<- error) (stop func()) {
	if c.MetricsAddr == "" {
		return func() {}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.workerMetrics(), promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	servers := []*http.Server{newServer(c.MetricsAddr, mux, log)}
	return background(ctx, func(ctx context.Context) {
		if err := serveHTTP(ctx, servers, func() {}, make(chan error, 1), log); err != nil {
			select {
			case failed <- err:
			default: // one error is enough to stop
			}
		}
	})
}
