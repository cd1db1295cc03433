package app

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

// TestChannelsAreCountedByKind: one series for each kind of a fixed list, and no endpoint or address in any.
func TestChannelsAreCountedByKind(t *testing.T) {
	now := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	old := now.Add(-90 * time.Second)
	g := &databaseGauges{now: func() time.Time { return now }}
	said := make(chan *prometheus.Desc, 10)
	describeKinds(said)
	require.Len(t, said, 6)
	found := map[string]float64{}
	for _, m := range g.ofKinds([]store.KindCount{{Kind: "person", Open: 3, Oldest: &old, Dead: 2, Disabled: 1, Delivered: 9, Failed: 4, GivenUp: 5}, {Kind: "mail"}}) {
		name, labels, value := sample(t, m)
		require.NotContains(t, labels, ":")
		found[name+" "+labels] = value
	}
	require.Equal(t, map[string]float64{
		"pmo_channel_waiting person": 3, "pmo_channel_oldest_seconds person": 90, "pmo_channel_dead person": 2, "pmo_channel_disabled person": 1,
		"pmo_channel_attempts_total person delivered": 9, "pmo_channel_attempts_total person failed": 4, "pmo_channel_given_up_total person": 5,
		"pmo_channel_waiting mail": 0, "pmo_channel_oldest_seconds mail": 0, "pmo_channel_dead mail": 0, "pmo_channel_disabled mail": 0,
		"pmo_channel_attempts_total mail delivered": 0, "pmo_channel_attempts_total mail failed": 0, "pmo_channel_given_up_total mail": 0}, found)
}

// sample is the name, the values of the labels and the value of a metric.
func sample(t *testing.T, m prometheus.Metric) (name, labels string, value float64) {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(single{m})
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Len(t, families, 1)
	s := families[0].GetMetric()[0]
	var values []string
	for _, l := range s.GetLabel() {
		values = append(values, l.GetValue())
	}
	value = s.GetGauge().GetValue() + s.GetCounter().GetValue()
	return families[0].GetName(), strings.Join(values, " "), value
}

// single collects one metric.
type single struct{ prometheus.Metric }

func (s single) Describe(out chan<- *prometheus.Desc) { out <- s.Desc() }
func (s single) Collect(out chan<- prometheus.Metric) { out <- s.Metric }
