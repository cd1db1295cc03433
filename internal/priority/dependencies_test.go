package priority

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// job is an item of a size with a cost of delay, as in the examples of the method.
func job(n int64, size, costOfDelay float64, needs ...int64) Item {
	it := item(n, costOfDelay, 0, 0, size)
	for _, p := range needs {
		it.Needs = append(it.Needs, item(p, 0, 0, 0, 1).ID)
	}
	return it
}

// delayCost is Σ cost of delay × completion time when the ranking is worked off one after another.
func delayCost(r Ranking) float64 {
	var cost, clock float64
	for _, e := range r.Entries {
		clock += e.Score.JobSize
		cost += e.Score.CostOfDelay * clock
	}
	return cost
}

func TestAPrerequisiteIsWorthWhatWaitsBehindIt(t *testing.T) {
	// A alone has the ratio 1, C has 4: but A makes B possible.
	r := Rank([]Item{job(1, 2, 2), job(2, 2, 20, 1), job(3, 3, 12)}, plain(), day0)
	require.Equal(t, []int64{1, 2, 3}, numbers(r))
	require.InDelta(t, 168, delayCost(r), 1e-9)
	require.InDelta(t, 5.5, entryOf(r, 1).Inherited, 1e-9)
	require.InDelta(t, 5.5, entryOf(r, 2).Inherited, 1e-9)
	require.Zero(t, entryOf(r, 3).Inherited)
	require.Equal(t, "R-1 is at rank 1 with score 1: cost of delay 2 ÷ job size 2. R-2 waits for it; together they are ranked by 5.5, their cost of delay over what they take. "+
		"It stands ahead of R-2 (10). Nothing stands ahead of it.", explain(r, 1).Sentence)
	x := explain(r, 2)
	require.Equal(t, []Ref{{ID: "id-0001", Number: 1}}, x.Needs)
	require.Equal(t, "R-2 needs R-1", x.Above.Apart)
	require.Equal(t, "with what waits behind, 5.5 against 4", x.Below.Apart)
	require.Equal(t, "It cannot pass R-1, which it needs", x.UpText)
	require.Equal(t, []Ref{{ID: "id-0002", Number: 2}}, explain(r, 1).Unblocks)
	// Without the edge, or with what is needed somewhere else, each counts for itself.
	require.Equal(t, []int64{2, 3, 1}, numbers(Rank([]Item{job(1, 2, 2), job(2, 2, 20), job(3, 3, 12)}, plain(), day0)))
	require.Equal(t, []int64{2, 3}, numbers(Rank([]Item{job(2, 2, 20, 1), job(3, 3, 12)}, plain(), day0)))
}

func TestWhatSeveralNeedCountsForAllOfThem(t *testing.T) {
	// One of those that need R-1 makes 10 ÷ 4 = 2.5 of it, both together 20 ÷ 6 = 3.33: above R-4 with 3.
	r := Rank([]Item{job(1, 2, 0), job(2, 2, 10, 1), job(3, 2, 10, 1), job(4, 1, 3)}, plain(), day0)
	require.Equal(t, []int64{1, 2, 3, 4}, numbers(r))
	r = Rank([]Item{job(1, 2, 0), job(2, 2, 10, 1), job(4, 1, 3)}, plain(), day0)
	require.Equal(t, []int64{4, 1, 2}, numbers(r))
}

func TestPrerequisitesStandBeforeWhoNeedsThemWhateverTheirClass(t *testing.T) {
	// An item without a score stands directly before the first that needs it, and so does one that was put aside.
	unscored := job(1, 2, 2)
	unscored.Inputs.BusinessValue = nil
	require.Equal(t, []int64{4, 1, 2, 3}, numbers(Rank([]Item{unscored, job(2, 2, 20, 1), job(3, 3, 12), job(4, 1, 30)}, plain(), day0)))
	// Expedite work brings what it needs; a must brings a could.
	urgent := job(2, 2, 1, 1)
	urgent.Class = Expedite
	require.Equal(t, []int64{1, 2, 3}, numbers(Rank([]Item{job(1, 2, 2), urgent, job(3, 1, 100)}, plain(), day0)))
	could, must, should := job(1, 2, 2), job(2, 2, 20, 1), job(3, 1, 12)
	could.Inputs.MoSCoW, must.Inputs.MoSCoW, should.Inputs.MoSCoW = "could", "must", "should"
	require.Equal(t, []int64{1, 2, 3}, numbers(Rank([]Item{could, must, should}, Policy{Version: "m", Model: MoSCoW}, day0)))
}

func TestADateReachesBackToWhatItNeeds(t *testing.T) {
	lead := 10 * oneDay
	needed := job(1, 20, 1)
	needed.LeadP85 = lead
	due := dated(2, day0.Add(25*oneDay), lead)
	due.Needs = []string{needed.ID}
	backlog := []Item{needed, due, job(3, 1, 20)}
	// R-2 is started 10 days before its date, R-1 10 days before that: on day 5.
	require.Equal(t, []int64{3, 1, 2}, numbers(Rank(backlog, plain(), day0.Add(4*oneDay))))
	require.Equal(t, []int64{1, 3, 2}, numbers(Rank(backlog, plain(), day0.Add(5*oneDay))))
	// A date of its own that is later does not hold it back.
	own := dated(1, day0.Add(60*oneDay), lead)
	r := Rank([]Item{own, due, job(3, 1, 20)}, plain(), day0.Add(6*oneDay))
	require.Equal(t, []int64{1, 3, 2}, numbers(r))
	require.Equal(t, BandDue, entryOf(r, 1).Band)
	require.True(t, Pull(r, Limits{}, nil)[0].Pulled)
}

func TestDependenciesAreACauseOfTheirOwn(t *testing.T) {
	before := Rank([]Item{job(1, 2, 2), job(2, 2, 20), job(3, 3, 12)}, plain(), day0)
	after := Rank(carry(before, job(1, 2, 2), job(2, 2, 20, 1), job(3, 3, 12)), plain(), day0)
	moved := Diff(before, after)
	require.Len(t, moved, 3)
	for _, m := range moved {
		require.Len(t, m.Causes, 1)
		require.Equal(t, CauseDependencies, m.Causes[0].Kind)
	}
	require.Equal(t, "R-1 rose from rank 3 to 1: what needs what changed (+2).", moved[0].Sentence())
	// What was needed left: that is a departure.
	gone := Rank(carry(after, job(2, 2, 20), job(3, 3, 12)), plain(), day0)
	for _, m := range Diff(after, gone) {
		require.Contains(t, []CauseKind{CauseDeparture}, m.Causes[0].Kind)
	}
}

func TestWhatIsNeededStandsBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := tie(t, backlogs(t, true)), drawModel(t, drawPolicy(t))
		r := Rank(items, p, day0)
		seen := map[string]bool{}
		require.Len(t, r.Entries, len(items))
		for i, e := range r.Entries {
			for _, id := range e.Item.Needs {
				require.True(t, seen[id], "%s stands before %s, which it needs", e.Item.ID, id)
			}
			seen[e.Item.ID] = true
			require.NotEmpty(t, r.Explain(i, 3).Sentence)
		}
		require.NotPanics(t, func() { r.Ranges(len(items), 3) })
		shuffled := make([]Item, len(items))
		for i, j := range rapid.Permutation(indices(len(items))).Draw(t, "order") {
			shuffled[i] = items[j]
		}
		require.Equal(t, r, Rank(shuffled, p, day0), "whatever came first")
	})
}

func TestACycleThatIsLeftNeedsNothing(t *testing.T) {
	r := Rank([]Item{job(1, 2, 2, 2), job(2, 2, 20, 1), job(3, 3, 12, 2), job(4, 1, 1, 5), job(5, 1, 0)}, plain(), day0)
	require.Equal(t, []int64{2, 3, 1, 5, 4}, numbers(r))
}

// TestNoOrderCostsLess holds the groups against every order that does what is needed first, for small forests and chains, where they are exact.
func TestNoOrderCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		items := make([]Item, n)
		for i := range items {
			items[i] = job(int64(i+1), rapid.SampledFrom(points).Draw(t, "size"), float64(rapid.IntRange(0, 20).Draw(t, "cost")))
			if i > 0 && rapid.IntRange(0, 2).Draw(t, "tied") > 0 {
				items[i].Needs = []string{items[rapid.IntRange(max(0, i-2), i-1).Draw(t, "needs")].ID}
			}
		}
		require.LessOrEqual(t, delayCost(Rank(items, plain(), day0)), leastCost(items, nil, 0, 0)+1e-6)
	})
}

func leastCost(items []Item, done []string, clock, cost float64) float64 {
	if len(done) == len(items) {
		return cost
	}
	best := math.Inf(1)
	for _, it := range items {
		ready := !slices.ContainsFunc(it.Needs, func(id string) bool { return !slices.Contains(done, id) })
		if ready && !slices.Contains(done, it.ID) {
			end := clock + *it.Inputs.JobSize
			best = min(best, leastCost(items, append(slices.Clone(done), it.ID), end, cost+*it.Inputs.BusinessValue*end))
		}
	}
	return best
}

func BenchmarkRankTied(b *testing.B) {
	items := bigBacklog(100_000)
	for i := range items {
		if i%4 != 0 { // chains of four
			items[i].Needs = []string{items[i-1].ID}
		}
	}
	for b.Loop() {
		Rank(items, usual(), day0)
	}
}
