package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/history"
	"leanpmo/internal/policy"
)

// TestTheYearBeforeIsBelievable on any day: forecasts can be made from it, its pace has not broken, and they hold on it.
func TestTheYearBeforeIsBelievable(t *testing.T) {
	kinds := map[string]bool{}
	for _, k := range policy.Default().Document().Intake.Kinds {
		kinds[k.ID] = true
	}
	for month := range 12 {
		now := time.Date(2027, time.Month(1+month), 3+month, 11, 0, 0, 0, time.UTC)
		list := yearBefore(now)
		require.Equal(t, list, yearBefore(now.Add(3*time.Hour)), "the same all day")
		require.InDelta(t, 165, len(list), 45, now)
		h, cycles := forecast.History{Counts: make([]int, pastDays), PeriodDays: 1}, []float64{}
		for _, w := range list {
			item := history.Item{ID: w.ID, Kind: w.Kind, Created: w.Created, Started: w.Started, Finished: w.Finished}
			_, fault := item.Check(now)
			require.Empty(t, fault, w.ID)
			require.True(t, kinds[w.Kind], w.Kind)
			require.NotContains(t, []time.Weekday{time.Saturday, time.Sunday}, w.Finished.Weekday())
			h.Counts[pastDays-int(now.Truncate(24*time.Hour).Sub(w.Finished.Truncate(24*time.Hour)).Hours()/24)]++
			cycles = append(cycles, w.Finished.Sub(w.Started).Hours()/24)
		}
		m := forecast.Learn(h, forecast.Options{Start: now})
		require.False(t, m.Pace().Refused, now)
		part := m.Split(forecast.Queue{Ahead: 10, InProgress: 12, WIPLimit: 12}, forecast.Work{Days: cycles})
		require.False(t, part.Finish(forecast.Options{Start: now}).CannotForecast)
		require.Greater(t, forecast.RollingOrigin(h, forecast.Options{}).Forecasts, 15)
	}
}
