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
			require.NotEmpty(t, r.Explain(i, 0).Sentence)
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
		if p.LongestWait == 0 {
			p.AgeingPerWeek = float64(rapid.IntRange(0, 3).Draw(t, "whole points"))
		}
		p.Model = rapid.SampledFrom([]Model{WSJF, CD3, MoSCoW}).Draw(t, "model")
		k := rapid.SampledFrom([]float64{2, 3, 7, 10}).Draw(t, "k")
		scaled := append([]Item(nil), items...)
		for i := range scaled {
			for _, f := range []Fields{FieldJobSize, FieldDuration} {
				if s := *scaled[i].Inputs.at(f); s != nil {
					*scaled[i].Inputs.at(f) = ptr(*s * k)
				}
			}
		}
		require.Equal(t, numbers(Rank(items, p, day0)), numbers(Rank(scaled, p, day0)))
	})
}

func TestMoreCostOfDelayNeverLowersARank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, rapid.Bool().Draw(t, "previous")), drawModel(t, drawPolicy(t))
		if len(items) == 0 {
			return
		}
		i := rapid.IntRange(0, len(items)-1).Draw(t, "which")
		before := entryOf(Rank(items, p, day0), items[i].Number)
		for _, f := range []Fields{FieldBusinessValue, FieldCostOfDelay, FieldReach} {
			if v := *items[i].Inputs.at(f); v != nil {
				*items[i].Inputs.at(f) = ptr(*v + rapid.SampledFrom(points).Draw(t, "more"))
			}
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

func TestTheSmallestChangeIsSufficient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawPolicy(t)
		if rapid.Bool().Draw(t, "scale") {
			p.Scale = points
		}
		r := Rank(items, p, day0)
		for i, e := range r.Entries {
			for _, c := range r.Explain(i, 0).Up {
				changed := append([]Item(nil), items...)
				for k := range changed {
					if changed[k].ID == e.Item.ID {
						field, _ := fieldByName(c.Input)
						*changed[k].Inputs.at(field) = &c.To
					}
				}
				next := Rank(changed, p, day0)
				require.Less(t, entryOf(next, e.Item.Number).Rank, entryOf(next, e.Above.Number).Rank, c)
			}
		}
	})
}

func TestThePartsAddUpToTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawModel(t, drawPolicy(t))
		r := Rank(items, p, day0)
		for i, e := range r.Entries {
			if e.Band != BandFlow {
				continue
			}
			sum := 0.0
			for _, part := range r.Explain(i, 0).Parts {
				sum += part.Amount
			}
			require.InEpsilon(t, e.Score.Value+1, sum+1, 1e-9)
			require.InEpsilon(t, e.Score.Value+1, e.Score.CostOfDelay/e.Score.JobSize+1, 1e-9)
		}
	})
}
