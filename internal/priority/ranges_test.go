package priority

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// plainRanges ranks every world anew, with inputs that are changed one by one.
func plainRanges(r Ranking, shown, top int) []RankRange {
	factors, divides := r.rules.asked()
	places := make([][]int, min(shown, len(r.Entries)))
	for n := range rangeWorlds {
		w := perturbation{product: r.rules.product, floor: r.rules.divisor == 0, divides: divides}
		value := make([]float64, len(r.Entries))
		for i := range r.Entries {
			if r.Entries[i].Band == BandFlow {
				s := r.rules.steps(&r.Entries[i], factors, make([][3]float64, len(factors)))
				value[i] = w.score(&s, uint64(n))
			}
		}
		for i := range places {
			place := 1
			for o := range r.Entries {
				a, b := &r.Entries[o], &r.Entries[i]
				same := a.Band == b.Band && a.Tier == b.Tier
				if !same && o < i || same && (value[o] > value[i] || value[o] == value[i] && o < i) {
					place++
				}
			}
			places[i] = append(places[i], place)
		}
	}
	out := make([]RankRange, len(places))
	for i, list := range places {
		if r.Entries[i].Band != BandFlow {
			continue
		}
		in, sorted := 0, append([]int(nil), list...)
		for _, p := range list {
			if p <= top {
				in++
			}
		}
		for a := range sorted {
			for b := range sorted[:a] {
				if sorted[a] < sorted[b] {
					sorted[a], sorted[b] = sorted[b], sorted[a]
				}
			}
		}
		out[i] = RankRange{Best: sorted[5], Worst: sorted[94], InTop: float64(in) / rangeWorlds, Top: top, Worlds: rangeWorlds, Seed: rangeSeed}
	}
	return out
}

func TestRangesEqualThePlainOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawModel(t, drawPolicy(t))
		r := Rank(items, p, day0)
		shown := rapid.IntRange(0, len(items)+1).Draw(t, "shown")
		got, want := r.Ranges(shown, 5), plainRanges(r, shown, 5)
		require.Len(t, got, len(want))
		for i := range want {
			require.InDelta(t, want[i].InTop, got[i].InTop, 1e-9)
			want[i].InTop = got[i].InTop
		}
		require.Equal(t, want, got)
	})
}

// TestRangesDoNotDependOnTheOrderOfArrival nor on the run.
func TestRangesDoNotDependOnTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, false), drawPolicy(t)
		shuffled := make([]Item, len(items))
		for i, j := range rapid.Permutation(indices(len(items))).Draw(t, "order") {
			shuffled[i] = items[j]
		}
		require.Equal(t, Rank(items, p, day0).Ranges(100, 5), Rank(shuffled, p, day0).Ranges(100, 5))
	})
}

func TestTheScoreWithoutAnyStepIsTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, p := backlogs(t, true), drawModel(t, drawPolicy(t))
		r := Rank(items, p, day0)
		factors, divides := r.rules.asked()
		for i := range r.Entries {
			if r.Entries[i].Band != BandFlow {
				continue
			}
			s := r.rules.steps(&r.Entries[i], factors, make([][3]float64, len(factors)))
			for k := range s.value {
				s.value[k] = [3]float64{s.value[k][1], s.value[k][1], s.value[k][1]}
			}
			w := perturbation{product: r.rules.product, floor: r.rules.divisor == 0, divides: divides}
			require.InEpsilon(t, r.Entries[i].Score.Value+1, w.score(&s, 7)+1, 1e-9)
		}
	})
}

func TestAClearLeadIsSureAndANearTieIsNot(t *testing.T) {
	p := plain()
	p.Scale, p.NearTie = points, 0.05
	r := Rank([]Item{item(1, 20, 20, 20, 1), item(2, 5, 5, 5, 5), item(3, 5, 5, 5, 5), item(4, 1, 1, 1, 20)}, p, day0)
	ranges := r.Ranges(4, 2)
	require.Equal(t, RankRange{Best: 1, Worst: 1, InTop: 1, Top: 2, Worlds: 100, Seed: 1}, ranges[0])
	require.Equal(t, []int{2, 3}, []int{ranges[1].Best, ranges[1].Worst})
	require.Equal(t, []int{2, 3}, []int{ranges[2].Best, ranges[2].Worst})
	require.InDelta(t, 1, ranges[1].InTop+ranges[2].InTop, 1e-9)
	require.Equal(t, []int{4, 4}, []int{ranges[3].Best, ranges[3].Worst})
	require.True(t, explain(r, 2).Below.Near)
	require.False(t, explain(r, 2).Above.Near)
	require.Equal(t, "If every input were off by up to one step, it would be between rank 1 and 1 in nine of ten cases, and among the first 2 in 100 of 100", ranges[0].Words())
}

func BenchmarkRanges100k(b *testing.B) {
	p := usual()
	p.Scale = points
	items := bigBacklog(100_000)
	for i := range items {
		items[i].Class = Standard
	}
	r := Rank(items, p, day0.Add(time.Hour))
	b.ReportAllocs()
	for b.Loop() {
		r.Ranges(500, 12)
	}
}
