package priority

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestArrivalOrderNeverMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawPolicy(t)
		shuffled := make([]Item, len(items))
		for i, j := range rapid.Permutation(indices(len(items))).Draw(t, "order") {
			shuffled[i] = items[j]
		}
		require.Equal(t, Rank(items, p, day0), Rank(shuffled, p, day0))
	})
}

func TestNobodyIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawPolicy(t)
		r := Rank(items, p, day0)
		require.Len(t, r.Entries, len(items))
		seen := map[string]bool{}
		for i, e := range r.Entries {
			seen[e.Item.ID] = true
			require.Equal(t, i+1, e.Rank)
			require.NotEmpty(t, Explain(e).Reasons)
			if i > 0 {
				require.LessOrEqual(t, r.Entries[i-1].Band, e.Band)
			}
		}
		require.Len(t, seen, len(items))
	})
}

func TestScalingAllSizesKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, false), drawPolicy(t)
		p.AgeingPerWeek = float64(rapid.IntRange(0, 3).Draw(t, "whole points"))
		k := rapid.SampledFrom([]float64{2, 3, 7, 10}).Draw(t, "k")
		scaled := append([]Item(nil), items...)
		for i := range scaled {
			if s := scaled[i].Inputs.JobSize; s != nil {
				scaled[i].Inputs.JobSize = ptr(*s * k)
			}
		}
		require.Equal(t, numbers(Rank(items, p, day0)), numbers(Rank(scaled, p, day0)))
	})
}

func TestMoreCostOfDelayNeverLowersARank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, rapid.Bool().Draw(t, "previous")), drawPolicy(t)
		if len(items) == 0 {
			return
		}
		i := rapid.IntRange(0, len(items)-1).Draw(t, "which")
		before := entryOf(Rank(items, p, day0), items[i].Number)
		if v := items[i].Inputs.BusinessValue; v != nil {
			items[i].Inputs.BusinessValue = ptr(*v + rapid.SampledFrom(points).Draw(t, "more"))
		}
		require.LessOrEqual(t, entryOf(Rank(items, p, day0), items[i].Number).Rank, before.Rank)
	})
}

func TestHysteresisIsSettledAndNeverInvertsAClearDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawPolicy(t)
		first := Rank(items, p, day0)
		var again []Item
		for i, e := range first.Entries {
			e.Item.PrevRank = e.Rank
			again = append(again, e.Item)
			for _, later := range first.Entries[i+1:] {
				if e.Band == BandFlow && later.Band == BandFlow {
					require.False(t, clearlyAbove(later.Score.Value, e.Score.Value, p.NearTie))
				}
			}
		}
		if p.NearTie > 0 {
			require.Equal(t, numbers(first), numbers(Rank(again, p, day0)))
		}
	})
}

func TestTheSensitivityIsSufficient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawPolicy(t)
		r := Rank(items, p, day0)
		for _, e := range r.Entries {
			f := Explain(e).Sensitivity
			passes := func(change func(*Item, float64), to float64) {
				changed := append([]Item(nil), items...)
				for i := range changed {
					if changed[i].ID == e.Item.ID {
						change(&changed[i], to)
					}
				}
				next := Rank(changed, p, day0)
				require.Less(t, entryOf(next, e.Item.Number).Rank, entryOf(next, e.Above.Number).Rank, f.Text)
			}
			if f.JobSize > 0 {
				require.False(t, f.SizeIsLimit)
				passes(func(it *Item, v float64) { it.Inputs.JobSize = &v }, f.JobSize)
			}
			if f.CostOfDelay > 0 {
				more := f.CostOfDelay - e.Score.CostOfDelay
				passes(func(it *Item, v float64) { it.Inputs.BusinessValue = ptr(*it.Inputs.BusinessValue + v) }, more*1.000001+1e-6)
			}
		}
	})
}
