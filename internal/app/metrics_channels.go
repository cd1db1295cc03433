package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"leanpmo/internal/store"
)

// The metrics of channels have one label, the kind of endpoint, which is one of a fixed list: one for each endpoint would be as many as there are people. The page of
// channels and pmo notify status say which one it is.
var (
	kindLabel       = []string{"kind"}
	channelWaiting  = prometheus.NewDesc("pmo_channel_waiting", "Notifications that are not sent yet, by kind of endpoint.", kindLabel, nil)
	channelOldest   = prometheus.NewDesc("pmo_channel_oldest_seconds", "Age of the oldest notification that is not sent yet, by kind of endpoint; 0: none.", kindLabel, nil)
	channelDead     = prometheus.NewDesc("pmo_channel_dead", "Notifications that were given up and not redelivered, by kind of endpoint.", kindLabel, nil)
	channelDisabled = prometheus.NewDesc("pmo_channel_disabled", "Endpoints whose address said that it accepts no more messages, by kind.", kindLabel, nil)
	channelAttempts = prometheus.NewDesc("pmo_channel_attempts_total", "Attempts to send a notification, by kind of endpoint and outcome.", []string{"kind", "outcome"}, nil)
	channelGivenUp  = prometheus.NewDesc("pmo_channel_given_up_total", "Notifications that were given up, by kind of endpoint, the redelivered ones included.", kindLabel, nil)
)

func describeKinds(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{channelWaiting, channelOldest, channelDead, channelDisabled, channelAttempts, channelGivenUp} {
		out <- d
	}
}

func (g *databaseGauges) ofKinds(kinds []store.KindCount) []prometheus.Metric {
	var all []prometheus.Metric
	for _, k := range kinds {
		all = append(all, gaugeOf(channelWaiting, float64(k.Open), k.Kind), gaugeOf(channelOldest, g.age(k.Oldest), k.Kind), gaugeOf(channelDead, float64(k.Dead), k.Kind),
			gaugeOf(channelDisabled, float64(k.Disabled), k.Kind), counterOf(channelAttempts, k.Delivered, k.Kind, "delivered"), counterOf(channelAttempts, k.Failed, k.Kind, "failed"),
			counterOf(channelGivenUp, k.GivenUp, k.Kind))
	}
	return all
}

func counterOf(d *prometheus.Desc, value int64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
}
