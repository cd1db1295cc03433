package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/wire"
)

func english() *reader {
	return &reader{Lang: "en", zone: time.UTC, now: now, name: func(id string) string { return id }, office: func() officeNames { return officeNames{} }}
}

func TestScalesEndAboveTheLargestValueInStepsPeopleCountIn(t *testing.T) {
	for most, want := range map[float64]scale{0: {1, 1}, 1: {1, 1}, 4: {4, 1}, 6: {6, 2}, 9.5: {10, 2}, 17: {20, 5}, 48: {50, 10}, 130: {150, 50}, 999: {1000, 200}} {
		require.Equal(t, want, scaleFor(most), "%g", most)
	}
	s := scaleFor(48)
	require.Equal(t, plotBottom, s.y(0))
	require.Equal(t, plotTop, s.y(50))
	require.Equal(t, plotTop, s.y(51), "nothing is drawn outside of the plot")
	require.Len(t, s.ticks(english()), 6)
}

func TestLengthsOfTimeAreSaidInTheUnitThatFits(t *testing.T) {
	for days, want := range map[float64]string{0: "0 min", 0.01: "14 min", 0.5: "12 h", 1: "1 day", 2.25: "2.2 days", 14.4: "14 days"} {
		require.Equal(t, want, english().Days(days))
	}
}

func TestCycleChartHasAPointForEachDeliveredRequest(t *testing.T) {
	accepted := now.AddDate(0, 0, -1)
	r := wire.FlowReport{From: now.AddDate(0, 0, -90), To: now, CycleTime: flow.Stats{N: 2}, Reference: flow.Reference{Days: flow.Stats{N: 2, P50: 10, P85: 20, P95: 20}},
		Scatter: []flow.Cell{{At: accepted, Days: 10, Count: 1, Ref: "R-1"}, {At: accepted, Days: 20, Count: 1, Ref: "R-2"}}}
	c := cycleChart(english(), r)
	require.Len(t, c.Points, 2)
	require.Equal(t, "R-1", c.Points[0].Ref)
	require.Equal(t, scaleFor(20).y(10), c.Points[0].Y)
	require.Len(t, c.Lines, 2)
	r.Scatter[1] = flow.Cell{At: accepted, Days: 20, Count: 12}
	require.Greater(t, cycleChart(english(), r).Points[1].R(), c.Points[1].R(), "a point of several requests is larger")
	require.Nil(t, cycleChart(english(), wire.FlowReport{From: now, To: now}))
	r.Reference.Days.P85 = 90
	require.Equal(t, scaleFor(90).y(90), cycleChart(english(), r).Lines[1].Y, "a percentile of confidential requests too lies within the scale")
	r.Reference.Days.P85, r.Reference.Days.P95 = 10.5, 11
	require.Len(t, cycleChart(english(), r).Lines, 1, "lines whose words would cover each other are not both drawn")
	r.Reference = flow.Reference{Days: flow.Stats{N: 20, P50: 5, P85: 13, P95: 21}, Expectation: flow.Expectation{Items: 20, Days: 13}}
	r.Scatter[1].Days = 30
	var words []string
	for _, l := range cycleChart(english(), r).Lines {
		words = append(words, l.Kind+" "+l.Text)
	}
	require.Equal(t, []string{" half within 5", "sle 85 % within 13 days", " 95 of 100 within 21"}, words)
}

func TestCumulativeFlowStacksTheStages(t *testing.T) {
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	items := []flow.Item{{ID: "R-1", Submitted: at(day(-9)), Pulled: at(day(-5)), Done: at(day(-1))}, {ID: "R-2", Submitted: at(day(-3))}}
	r := wire.FlowReport{CFD: flow.CumulativeFlow(items, nil, day(-10), now, flow.Options{})}
	c := cumulativeFlow(english(), r)
	require.Len(t, c.Bands, 3)
	require.Equal(t, []string{"closed", flow.StageInProgress, flow.StageWaiting}, []string{c.Bands[0].Stage, c.Bands[1].Stage, c.Bands[2].Stage})
	last := c.Weeks[len(c.Weeks)-1]
	require.Equal(t, []int{1, 0}, last.In)
	require.Equal(t, 1, last.Closed)
	require.Nil(t, cumulativeFlow(english(), wire.FlowReport{}))
}

// TestALongTimeIsDrawnFromFewDays: a picture has no more points than one can see, and ends with the last day; its table has every week.
func TestALongTimeIsDrawnFromFewDays(t *testing.T) {
	for _, n := range []int{2, 99, 100, 101, 366, 731} {
		days := make([]flow.CFDDay, n)
		for i := range days {
			days[i] = flow.CFDDay{Day: now.AddDate(0, 0, i), Reached: []int{i}, In: []int{i}}
		}
		list := drawn(days)
		require.LessOrEqual(t, len(list), mostCFDDays)
		require.Equal(t, days[n-1].Day, list[len(list)-1].Day)
		require.GreaterOrEqual(t, len(cumulativeFlow(english(), wire.FlowReport{CFD: flow.CFD{Stages: []string{"x"}, Days: days}}).Weeks), n/7)
	}
}

func TestAgeOfWorkIsMarkedWithItsLevel(t *testing.T) {
	r := wire.FlowReport{Reference: flow.Reference{Days: flow.Stats{N: 9, P50: 5, P85: 20}}, Stages: []wire.StageCount{{Stage: "review"}, {Stage: "approach"}, {Stage: "execution"}},
		Aging: []flow.Aging{{ID: "R-4", Stage: "execution", Age: 25, Level: flow.LevelP85}, {ID: "R-5", Stage: "execution", Age: 2, Level: flow.LevelFine}}}
	c := agingChart(english(), r)
	require.Equal(t, []string{"Execution"}, []string{c.X[0].Text}, "stages without work are left out")
	require.Equal(t, "p85", c.Points[0].Kind)
	require.NotEqual(t, c.Points[0].X, c.Points[1].X, "points of one stage do not cover each other")
	require.Nil(t, agingChart(english(), wire.FlowReport{}))
}
