package forecast

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	today  = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	normal = History{Counts: []int{0, 1, 2, 0, 1, 0, 0, 3, 1, 0, 1, 2}}
)

func TestCannotForecastIsAValue(t *testing.T) {
	tests := []struct {
		name string
		h    History
		why  string
	}{
		{"no history", History{}, "there is no history of finished work"},
		{"nothing finished", History{Counts: make([]int, 30)}, "nothing was finished in the last 30 days"},
		{"too few active days", History{Counts: []int{9, 9, 0, 9, 0, 9}}, "only 4 of the last 6 days had a completion, 5 are needed"},
		{"weeks", History{Counts: []int{9, 9}, PeriodDays: 7}, "only 2 of the last 2 weeks had a completion, 5 are needed"},
		{"negative", History{Counts: []int{1, 1, 1, 1, 1, -1}}, "the history holds a negative count"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := When(tt.h, 3, Options{Start: today})
			require.True(t, r.CannotForecast)
			require.Equal(t, tt.why, r.Why)
			require.Equal(t, "Cannot forecast: "+tt.why+".", r.Sentence)
			require.False(t, r.ChanceWithin(1000).Known)
			require.False(t, r.ChanceBy(today).Known)
			_, known := r.Percentile(.5)
			require.False(t, known)
			require.True(t, HowMany(tt.h, 10, Options{}).CannotForecast)
			require.True(t, Joint(Options{}, When(normal, 1, Options{}), r).CannotForecast, "a roll-up with an unknown is unknown")
			require.True(t, then(Options{}, r, When(normal, 1, Options{}), nil).CannotForecast)
			require.True(t, When(tt.h, 0, Options{}).Done, "what is done needs no history")
		})
	}
}

func TestDatesAndSentence(t *testing.T) {
	r := When(normal, 5, Options{Start: today})
	require.Equal(t, today.AddDate(0, 0, r.P85.Days), r.P85.Date)
	require.Equal(t, "85 % likely by 2026-03-10 (8 days), even odds by 2026-03-08 (6 days); from 12 values of history, 7 of them with a completion.", r.Sentence)
	require.Equal(t, r.ChanceWithin(8).P, r.ChanceBy(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)).P)
	require.Contains(t, When(normal, 1, Options{}).Sentence, "within")
	_, err := json.Marshal(r)
	require.NoError(t, err)
}

func TestChanceNeverReachesCertainty(t *testing.T) {
	r := When(normal, 5, Options{Start: today})
	c := r.ChanceWithin(3000)
	require.Equal(t, MaxChance, c.P)
	require.True(t, c.Capped)
	require.Equal(t, "At least 99 % likely within 3000 days; nothing is certain before it is done.", c.Sentence)
	require.Equal(t, "Less than 1 % likely by 2026-03-01.", r.ChanceBy(today.AddDate(0, 0, -1)).Sentence)
	require.Equal(t, 1.0, When(normal, 0, Options{}).ChanceWithin(0).P)
	require.False(t, When(normal, 5, Options{}).ChanceBy(today).Known, "no start, no date")
}

func TestBlackoutDaysMoveDates(t *testing.T) {
	o := Options{Start: today}
	plain := When(normal, 5, o)
	o.Blackout = []time.Time{today.AddDate(0, 0, 1), today.AddDate(0, 0, 2), today.AddDate(0, 0, -4)}
	moved := When(normal, 5, o)
	require.Equal(t, plain.P85.Days+2, moved.P85.Days)
	require.Zero(t, moved.dist.Within(2))
	require.Equal(t, HowMany(normal, 8, Options{}).P85, HowMany(normal, 10, o).P85)
}

func TestHorizon(t *testing.T) {
	thin := History{Counts: append(make([]int, 995), 1, 1, 1, 1, 1)}
	r := When(thin, 15, Options{Horizon: 1000})
	require.True(t, r.P85.Beyond)
	require.Equal(t, 1000, r.P85.Days)
	require.Contains(t, r.Sentence, "later than 1000 days from now")
	_, ok := r.dist.Mean()
	require.False(t, ok)
	sampled := When(thin, 15, Options{Horizon: 1000, Method: MonteCarlo, Trials: 500})
	require.True(t, sampled.P85.Beyond)
	require.Equal(t, 1000, sampled.P85.Days)
}

func TestQueuePosition(t *testing.T) {
	m, cycle := Learn(History{Counts: slices.Repeat([]int{0, 1, 2}, 40)}, Options{}), []float64{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	finish := func(q Queue) Result { return m.Finish(q, cycle) }
	require.Equal(t, m.When(6).P85, m.Finish(Queue{Ahead: 2, InProgress: 3}, cycle[:MinCycles-1]).P85, "too few cycle times: the throughput")
	now := finish(Queue{InProgress: 1, WIPLimit: 3})
	require.Equal(t, Remaining(cycle, 0, Options{}).P85, now.P85, "a free slot and nobody ahead: it begins now")
	later := finish(Queue{Ahead: 4, InProgress: 2, WIPLimit: 2})
	require.Greater(t, later.P50.Days, now.P50.Days)
	a, _ := m.When(5).dist.Mean()
	b, _ := Remaining(cycle, 0, Options{}).dist.Mean()
	sum, ok := later.dist.Mean()
	require.True(t, ok)
	require.InDelta(t, a+b, sum, 1e-2, "means of independent times add")
	old, young := finish(Queue{Pulled: true, Age: 8, InProgress: 9}), finish(Queue{Pulled: true, Age: 1, InProgress: 9})
	require.Less(t, old.P50.Days, young.P50.Days, "what is nearly as old as the others is nearly done")
	require.Equal(t, Remaining(cycle, 8, Options{}).P85, old.P85)
	require.Contains(t, finish(Queue{Pulled: true, Age: 12}).Why, "older than")
	require.Equal(t, 5, Queue{Ahead: 2, InProgress: 3}.First())
	require.Equal(t, 2, Queue{Pulled: true, InProgress: 3}.First())
}

func TestWhatIsNotDecidedWeighsByItsChance(t *testing.T) {
	require.Equal(t, 3+6, Demand{Waiting: 3, Undecided: 10, Accepted: 12, Decided: 20}.Ahead(), "13/22 of ten")
	require.Equal(t, 3+5, Demand{Waiting: 3, Undecided: 10}.Ahead(), "nothing is known: one half")
	require.Equal(t, "12 of the 20 requests decided in the last year were approved.", Demand{Accepted: 12, Decided: 20}.ChanceWords())
	require.Empty(t, Demand{}.ChanceWords())
}

func TestLargeWorkIsSampled(t *testing.T) {
	h := History{Counts: []int{900, 1200, 700, 0, 1500, 1100, 1, 2, 3, 4, 5, 6, 7}}
	few := h
	few.Counts = append(few.Counts[:len(h.Counts):len(h.Counts)], 150_000) // a rare day that is like no other: no series
	require.Equal(t, MonteCarlo, When(few, 100_000, Options{Seed: 9, Trials: 500}).Basis.Method)
	wide := Scope{100_000, 110_000}
	r := WhenRange(h, wide, Options{Seed: 9, Trials: 500, Horizon: 20_000})
	require.Equal(t, MonteCarlo, r.Basis.Method)
	require.Equal(t, Basis{ActiveDays: 12, Window: 13, Samples: 13, Trials: 500, Seed: 9, Method: MonteCarlo}, r.Basis)
	require.Equal(t, r, WhenRange(h, wide, Options{Seed: 9, Trials: 500, Horizon: 20_000}), "the same seed gives the same answer")
	n := HowMany(h, 3000, Options{Seed: 9, Trials: 500})
	require.Equal(t, MonteCarlo, n.Basis.Method)
}

func TestScopeGrows(t *testing.T) {
	require.Equal(t, Scope{10, 15}, Scope{10, 10}.Grow(1, 1.5))
	require.Equal(t, Scope{3, 4}, Scope{3, 3}.Grow(1, 1.1))
	wide, narrow := WhenRange(normal, Scope{10, 15}, Options{}), When(normal, 10, Options{})
	require.Greater(t, wide.P85.Days, narrow.P85.Days)
	require.Equal(t, When(normal, 4, Options{}).P85, WhenRange(normal, Scope{4, 1}, Options{}).P85, "an upside-down range is its low end")
	require.InDelta(t, 1.0/3, WhenRange(normal, Scope{0, 2}, Options{}).dist.Within(0), 1e-9)
}

func TestChanceAtLeast(t *testing.T) {
	n := HowMany(normal, 10, Options{})
	p, known := n.ChanceAtLeast(n.P85)
	require.True(t, known)
	require.GreaterOrEqual(t, p, .85)
	p, _ = n.ChanceAtLeast(0)
	require.Equal(t, 1.0, p)
	p, _ = n.ChanceAtLeast(1000)
	require.Zero(t, p)
	_, known = HowMany(History{}, 10, Options{}).ChanceAtLeast(1)
	require.False(t, known)
}
