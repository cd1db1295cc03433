package priority

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func pointed(weight float64) Policy {
	p := plain()
	p.Weights = Weights{BusinessValue: 1, TimeCriticality: 1, RiskReduction: 1, StakeholderPoints: weight}
	p.Scale, p.AllPoints = points, 80
	return p
}

// With the weight 1, all points of a period are as much as the largest value of another input: 40 of 80 points are 10 of 20.
func TestPointsOfStakeholdersCountWithTheirWeight(t *testing.T) {
	a, b := item(1, 8, 5, 3, 5), item(2, 5, 5, 5, 5)
	b.Points = 40
	for _, c := range []struct {
		weight, score float64
		first         int64
	}{{0, 3, 1}, {0.1, 3.2, 1}, {0.5, 4, 2}, {1, 5, 2}} {
		r := Rank([]Item{a, b}, pointed(c.weight), day0)
		require.InDelta(t, c.score, entryOf(r, 2).Score.Value, 1e-12)
		require.InDelta(t, 3.2, entryOf(r, 1).Score.Value, 1e-12)
		require.Equal(t, c.first, r.Entries[0].Item.Number)
	}
	r := Rank([]Item{a, b}, pointed(1), day0)
	x := explain(r, 2)
	require.Contains(t, x.Sentence, "Stakeholders put 40 points on it, of 80 in a period: that adds 2 to its score.")
	require.Contains(t, x.Parts, ScorePart{PointsInput, 2})
	require.NotContains(t, explain(r, 1).Sentence, "Stakeholders")
	b.Points = 1000
	require.InDelta(t, 7, entryOf(Rank([]Item{b}, pointed(1), day0), 2).Score.Value, 1e-12, "never more than all of them")
	b.Inputs.JobSize = nil
	require.False(t, entryOf(Rank([]Item{b}, pointed(1), day0), 2).Score.Known, "points are no substitute for what is missing")
}

func TestPointsCountInTheWeightedModelAndInNoProduct(t *testing.T) {
	p := pointed(1)
	p.Model, p.Criteria, p.Normalise = Weighted, []Criterion{{"business_value", 3}, {PointsInput, 1}}, NormaliseScale
	a := item(1, 20, 0, 0, 1)
	require.InDelta(t, 75, entryOf(Rank([]Item{a}, p, day0), 1).Score.Value, 1e-9)
	a.Points = 40
	require.InDelta(t, 87.5, entryOf(Rank([]Item{a}, p, day0), 1).Score.Value, 1e-9)
	p.Model, a.Inputs.CostOfDelay, a.Inputs.Duration = CD3, ptr(10.0), ptr(2.0)
	require.InDelta(t, 5, entryOf(Rank([]Item{a}, p, day0), 1).Score.Value, 1e-9, "money is money")
	require.Zero(t, p.PointsWeight())
}

// More points never lower a rank, and the parts of a score still add up to it.
func TestMorePointsNeverLowerARank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := backlogs(t, false)
		if len(items) == 0 {
			return
		}
		for i := range items {
			items[i].Points = float64(rapid.IntRange(0, 100).Draw(t, "points"))
		}
		p := pointed(rapid.SampledFrom([]float64{0.2, 1, 3}).Draw(t, "weight"))
		p.LongestWait = 104 * week
		before := Rank(items, p, day0)
		for i := range before.Entries {
			sum := 0.0
			x := before.Explain(i, 0)
			for _, part := range x.Parts {
				sum += part.Amount
			}
			if len(x.Parts) > 0 {
				require.InDelta(t, before.Entries[i].Score.Value, sum, 1e-6*max(1, sum))
			}
		}
		one := rapid.IntRange(0, len(items)-1).Draw(t, "one")
		items[one].Points += 30
		require.LessOrEqual(t, entryOf(Rank(items, p, day0), items[one].Number).Rank, entryOf(before, items[one].Number).Rank)
	})
}

// The longest wait that a policy states holds with points, too: the smallest score outranks the highest, which has all points.
func TestTheLongestWaitHoldsWithPoints(t *testing.T) {
	for _, model := range []Model{WSJF, Weighted} {
		p := pointed(3)
		p.Model, p.LongestWait, p.NearTie, p.Normalise = model, 78*week, 0.05, NormaliseScale
		p.Criteria = []Criterion{{"business_value", 1}, {PointsInput, 1}}
		old, fresh := item(1, 1, 1, 1, 20), item(2, 20, 20, 20, 1)
		old.SubmittedAt, fresh.Points = day0.Add(-78*week), 80
		require.Equal(t, int64(1), Rank([]Item{old, fresh}, p, day0).Entries[0].Item.Number, model)
		old.SubmittedAt = day0.Add(-70 * week)
		if model == WSJF { // of the weighted model the spread is a bound
			require.Equal(t, int64(2), Rank([]Item{old, fresh}, p, day0).Entries[0].Item.Number)
		}
	}
}

// Points that changed are a request's own input as the cause of its move, and exact.
func TestPointsAreACauseOfAMove(t *testing.T) {
	items := []Item{item(1, 8, 5, 3, 5), item(2, 5, 5, 5, 5), item(3, 5, 5, 5, 5)}
	prev := Rank(items, pointed(1), day0)
	fresh := append([]Item{}, items...)
	for i := range fresh {
		fresh[i].PrevRank = entryOf(prev, fresh[i].Number).Rank
	}
	fresh[2].Points = 60
	moves := Diff(prev, Rank(fresh, pointed(1), day0.Add(time.Hour)))
	causes := map[int64][]Cause{}
	for _, m := range moves {
		causes[m.Number] = m.Causes
	}
	require.Equal(t, map[int64][]Cause{3: {{CauseOwnInputs, 2}}, 1: {{CauseOtherInputs, -1}}, 2: {{CauseOtherInputs, -1}}}, causes)
}
