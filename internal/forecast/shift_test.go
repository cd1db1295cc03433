package forecast

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestShiftingAllDatesShiftsTheAnswer: the same history told so many days later gives the same days, on dates so many days later, with whatever
// is ahead, who works on it, and which days are off.
func TestShiftingAllDatesShiftsTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := History{Counts: dailyCounts(t)}
		start, by := time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC), rapid.IntRange(1, 2000).Draw(t, "shift")
		options := func(shift int) Options {
			o := Options{Start: start.AddDate(0, 0, shift), Horizon: 1500}
			for _, d := range []int{3, 4, 30, 200} {
				o.Blackout = append(o.Blackout, o.Start.AddDate(0, 0, d))
			}
			return o
		}
		q := Queue{Ahead: rapid.IntRange(0, 30).Draw(t, "ahead"), Above: rapid.SampledFrom([]float64{0, .05}).Draw(t, "above"), InProgress: 3,
			Pulled: rapid.Bool().Draw(t, "pulled"), Age: rapid.IntRange(0, 9).Draw(t, "age")}
		days := cycles[:rapid.SampledFrom([]int{4, 20}).Draw(t, "cycle times")]
		now, later := Learn(h, options(0)).Finish(q, days), Learn(h, options(by)).Finish(q, days)
		require.Equal(t, now.CannotForecast, later.CannotForecast)
		require.Equal(t, now.dist, later.dist)
		if now.CannotForecast {
			return
		}
		for _, p := range [][2]Point{{now.P50, later.P50}, {now.P85, later.P85}, {now.P95, later.P95}} {
			require.Equal(t, p[0].Days, p[1].Days)
			require.Equal(t, p[0].Date.AddDate(0, 0, by), p[1].Date)
		}
		wanted := start.AddDate(0, 0, 40)
		require.Equal(t, now.ChanceBy(wanted).P, later.ChanceBy(wanted.AddDate(0, 0, by)).P)
	})
}

// TestMoreCapacityIsNeverLater: more room in work, and a team that finishes twice as much on each day.
func TestMoreCapacityIsNeverLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := dailyCounts(t)
		m := Learn(History{Counts: counts}, Options{Horizon: 1500})
		if m.why != "" {
			return
		}
		days := cycles[:rapid.SampledFrom([]int{4, 20}).Draw(t, "cycle times")]
		q := Queue{Ahead: rapid.IntRange(0, 40).Draw(t, "ahead"), InProgress: rapid.IntRange(1, 9).Draw(t, "in progress"), Above: rapid.SampledFrom([]float64{0, .05}).Draw(t, "above")}
		q.WIPLimit = rapid.IntRange(1, 9).Draw(t, "limit")
		wider := q
		wider.WIPLimit += rapid.IntRange(1, 5).Draw(t, "more room")
		neverLater(t, m.Finish(wider, days), m.Finish(q, days))

		twice := make([]int, len(counts))
		for i, c := range counts {
			twice[i] = 2 * c
		}
		double := Learn(History{Counts: twice}, Options{Horizon: 1500})
		if double.why != "" || m.pace.Broken || double.pace.Broken {
			return // what widens then depends on how many they are
		}
		n := rapid.IntRange(1, 60).Draw(t, "items")
		quick, usual := double.When(n), m.When(n)
		for _, p := range [][2]Point{{quick.P50, usual.P50}, {quick.P70, usual.P70}, {quick.P85, usual.P85}, {quick.P95, usual.P95}} {
			require.LessOrEqual(t, p[0].Days, p[1].Days, "%d items", n)
		}
	})
}

// TestTheSameDataGiveTheSameDays: nothing is drawn, so that there is no seed on which the model's answer depends.
func TestTheSameDataGiveTheSameDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := History{Counts: dailyCounts(t)}
		q := Queue{Ahead: rapid.IntRange(0, 60).Draw(t, "ahead"), Above: .05, InProgress: 3}
		first := Learn(h, Options{Seed: 1, Horizon: 1500}).Finish(q, cycles)
		m := Learn(History{Counts: slices.Clone(h.Counts)}, Options{Seed: 99, Horizon: 1500})
		m.When(7) // what was asked before changes nothing
		require.Equal(t, first.dist, m.Finish(q, cycles).dist)
	})
}
