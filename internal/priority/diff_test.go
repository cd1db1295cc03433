package priority

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// carry gives items the ranks of the previous ranking, as the next prioritization does.
func carry(prev Ranking, items ...Item) []Item {
	out := append([]Item(nil), items...)
	for i := range out {
		out[i].PrevRank = entryOf(prev, out[i].Number).Rank
	}
	return out
}

func causes(moves []Move) map[int64][]Cause {
	m := map[int64][]Cause{}
	for _, v := range moves {
		m[v.Number] = v.Causes
	}
	return m
}

func TestDiffNamesTheCause(t *testing.T) {
	a, b, c := item(1, 9, 0, 0, 1), item(2, 6, 0, 0, 1), item(3, 3, 0, 0, 1)
	prev := Rank([]Item{a, b, c}, plain(), day0)

	t.Run("nothing changed", func(t *testing.T) {
		require.Empty(t, Diff(prev, Rank(carry(prev, a, b, c), plain(), day0)))
	})
	t.Run("own and others' inputs", func(t *testing.T) {
		better := item(3, 20, 0, 0, 1)
		moves := Diff(prev, Rank(carry(prev, a, b, better), plain(), day0))
		require.Equal(t, map[int64][]Cause{1: {{CauseOtherInputs, -1}}, 2: {{CauseOtherInputs, -1}}, 3: {{CauseOwnInputs, 2}}}, causes(moves))
		require.Equal(t, "R-3 rose from rank 3 to 1: its own business value changed (+2).", moves[0].Sentence())
		require.Equal(t, "R-1 fell from rank 1 to 2: inputs of others changed (−1).", moves[1].Sentence())
	})
	t.Run("arrival and departure", func(t *testing.T) {
		moves := Diff(prev, Rank(carry(prev, b, c, item(4, 7, 0, 0, 1), item(5, 7, 0, 0, 1)), plain(), day0))
		require.Equal(t, []Cause{{CauseDeparture, 1}, {CauseArrival, -2}}, causes(moves)[2])
		require.Equal(t, "R-4 is new at rank 1.", moves[0].Sentence())
		require.Equal(t, "R-1 left the backlog from rank 1.", moves[len(moves)-1].Sentence())
	})
	t.Run("policy", func(t *testing.T) {
		d, e := item(6, 5, 0, 0, 1), item(7, 0, 4, 0, 1)
		before := Rank([]Item{d, e}, plain(), day0)
		p := Policy{Version: "2", Weights: Weights{BusinessValue: 1, TimeCriticality: 3, RiskReduction: 1}}
		require.Equal(t, map[int64][]Cause{6: {{CausePolicy, -1}}, 7: {{CausePolicy, 1}}},
			causes(Diff(before, Rank(carry(before, d, e), p, day0))))
	})
	t.Run("ageing and a date that becomes due", func(t *testing.T) {
		p := plain()
		p.AgeingPerWeek = 10
		small, big := item(6, 5, 0, 0, 2), item(7, 8, 0, 0, 2)
		small.SubmittedAt, big.SubmittedAt = day0, day0.Add(2*oneDay)
		dateItem := dated(8, day0.Add(20*oneDay), 15*oneDay)
		before := Rank([]Item{small, big, dateItem}, p, day0.Add(3*oneDay))
		after := Rank(carry(before, small, big, dateItem), p, day0.Add(8*oneDay))
		require.Equal(t, map[int64][]Cause{8: {{CauseDue, 2}}, 7: {{CauseAgeing, -2}}}, causes(Diff(before, after)))
	})
}

func TestDiffNamesTheCapacity(t *testing.T) {
	due, later := dated(1, day0.Add(20*oneDay), 25*oneDay), dated(2, day0.Add(22*oneDay), 15*oneDay)
	before := Rank([]Item{due, later, item(3, 5, 5, 5, 1)}, plain(), day0)
	require.Equal(t, []int64{1, 3, 2}, numbers(before))
	faster, slower := due, later
	faster.LeadP85, slower.LeadP85 = 15*oneDay, 25*oneDay
	moves := Diff(before, Rank(carry(before, faster, slower, item(3, 5, 5, 5, 1)), plain(), day0))
	require.Equal(t, map[int64][]Cause{1: {{CauseCapacity, -2}}, 2: {{CauseCapacity, 2}}}, causes(moves))
	require.Equal(t, "R-2 rose from rank 3 to 1: the time the teams need changed (+2).", moves[0].Sentence())
	require.Zero(t, moves[0].Changed, "it is none of its own inputs")
}

func TestDiffLeavesNoRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := backlogs(t, true)
		split := rapid.IntRange(0, len(items)).Draw(t, "known before")
		gone := rapid.IntRange(0, split).Draw(t, "gone")
		prev := Rank(items[:split], drawPolicy(t), day0)
		after := carry(prev, items[gone:]...)
		for i := range after {
			if rapid.IntRange(0, 3).Draw(t, "amend") == 0 {
				after[i].Inputs.BusinessValue = drawPoints(t, "bv")
			}
		}
		next := Rank(after, drawPolicy(t), day0.Add(2*week))
		seen := map[int64]bool{}
		for _, m := range Diff(prev, next) {
			seen[m.Number] = true
			require.NotEmpty(t, m.Causes)
			require.NotEmpty(t, m.Sentence())
			sum := 0
			for _, c := range m.Causes {
				sum += c.Places
			}
			if m.From > 0 && m.To > 0 {
				require.Equal(t, m.From-m.To, sum)
			}
		}
		for _, it := range items {
			require.Equal(t, entryOf(prev, it.Number).Rank != entryOf(next, it.Number).Rank, seen[it.Number])
		}
	})
}
