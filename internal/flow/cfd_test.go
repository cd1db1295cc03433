package flow

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCumulativeFlow(t *testing.T) {
	items := []Item{
		{Submitted: p(0), Pulled: p(1), Done: p(3)},
		{Submitted: p(0), Dropped: p(2)},
		{Submitted: p(1), Pulled: p(2)},
		{Submitted: p(-5)},
	}
	c := CumulativeFlow(items, nil, at(0), at(3), Options{})
	require.Equal(t, []string{StageWaiting, StageInProgress}, c.Stages)
	require.Equal(t, []CFDDay{
		{at(0), []int{3, 0}, 0, []int{3, 0}},
		{at(1), []int{4, 1}, 0, []int{3, 1}},
		{at(2), []int{4, 3}, 1, []int{1, 2}},
		{at(3), []int{4, 3}, 2, []int{1, 1}},
	}, c.Days)
	require.Empty(t, CumulativeFlow(items, nil, at(3), at(0), Options{}).Days)
}

func TestAnItemThatGoesBackStaysInItsFurthestBand(t *testing.T) {
	item := Item{Submitted: p(0), Stages: []StageSpan{{Stage: "build", Span: span(0, 1)}, {Stage: "test", Span: span(1, 2)}, {Stage: "build", Span: Span{From: at(2)}}}}
	c := CumulativeFlow([]Item{item}, []string{"intake", "build", "test"}, at(0), at(3), Options{})
	require.Equal(t, []int{0, 1, 0}, c.Days[0].In)
	require.Equal(t, []int{0, 0, 1}, c.Days[3].In)
}

func TestCumulativeFlowProperties(t *testing.T) {
	stages := []string{"intake", "build", "test"}
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Float64Range(-5, 25)
		maybe := rapid.Custom(func(t *rapid.T) *float64 {
			if rapid.Bool().Draw(t, "none") {
				return nil
			}
			x := moment.Draw(t, "at")
			return &x
		})
		var items []Item
		for range rapid.IntRange(0, 12).Draw(t, "items") {
			i := Item{Submitted: p(moment.Draw(t, "submitted"))}
			if x := maybe.Draw(t, "pulled"); x != nil {
				i.Pulled = p(*x)
			}
			if x := maybe.Draw(t, "done"); x != nil {
				i.Done = p(*x)
			}
			for range rapid.IntRange(0, 4).Draw(t, "stays") {
				i.Stages = append(i.Stages, StageSpan{Stage: rapid.SampledFrom(stages).Draw(t, "stage"), Span: Span{From: at(moment.Draw(t, "entered"))}})
			}
			items = append(items, i)
		}
		use := stages
		if rapid.Bool().Draw(t, "plain") {
			use = nil
		}
		c := CumulativeFlow(items, use, at(0), at(20), Options{})
		require.Len(t, c.Days, 21)
		for n, d := range c.Days {
			sum := 0
			for k, in := range d.In {
				require.GreaterOrEqual(t, in, 0, "lines never cross")
				sum += in
				if n > 0 {
					require.GreaterOrEqual(t, d.Reached[k], c.Days[n-1].Reached[k], "lines never fall")
				}
			}
			require.Equal(t, d.Reached[0]-d.Closed, sum, "bands are arrivals less closures")
		}
	})
}
