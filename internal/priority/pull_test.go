package priority

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func pulled(ds []Decision) (n []int64) {
	for _, d := range ds {
		if d.Pulled {
			n = append(n, d.Number)
		}
	}
	return n
}

func because(ds []Decision) map[int64]string {
	m := map[int64]string{}
	for _, d := range ds {
		m[d.Number] = d.Because()
	}
	return m
}

// lane is a backlog of one item per given class, best first, numbered from 1.
func lane(cs ...Class) Ranking {
	var items []Item
	for i, c := range cs {
		it := item(int64(i+1), float64(100-i), 0, 0, 1)
		it.Class = c
		it.FixedDate, it.LeadP85 = ptr(day0), oneDay
		items = append(items, it)
	}
	return Rank(items, plain(), day0)
}

func TestPull(t *testing.T) {
	std, tang := Standard, Intangible
	for _, c := range []struct {
		name   string
		r      Ranking
		l      Limits
		wip    WIP
		pulled []int64
		words  map[int64]string
	}{
		{"free slots go by rank", lane(std, std, std), Limits{Portfolio: ptr(2)}, nil, []int64{1, 2},
			map[int64]string{2: "slot 2 of 2 is free and its turn has come", 3: "portfolio WIP limit 2 reached"}},
		{"a full portfolio holds", lane(std), Limits{Portfolio: ptr(12)}, WIP{Standard: 9, FixedDate: 4}, nil,
			map[int64]string{1: "portfolio WIP limit 12 reached"}},
		{"no limit pulls all", lane(std, tang), Limits{}, nil, []int64{1, 2}, nil},
		{"a class limit binds only its class", lane(tang, std),
			Limits{Portfolio: ptr(9), Classes: map[Class]ClassLimit{Intangible: {Max: ptr(2)}}}, WIP{Intangible: 2}, []int64{2},
			map[int64]string{1: "class intangible limit 2 reached"}},
		{"a reserved share is kept for its class", lane(std, std, tang),
			Limits{Portfolio: ptr(2), Classes: map[Class]ClassLimit{Intangible: {Reserved: 1}}}, nil, []int64{1, 3},
			map[int64]string{2: "the free slots under portfolio WIP limit 2 are reserved for other classes of service",
				3: "a slot is reserved for class intangible"}},
		{"an unclaimed reservation is lent", lane(std, std),
			Limits{Portfolio: ptr(2), Classes: map[Class]ClassLimit{Intangible: {Reserved: 1}}}, nil, []int64{1, 2}, nil},
		{"expedite passes a full portfolio, one at a time", lane(Expedite, Expedite, std), Limits{Portfolio: ptr(1)},
			WIP{Standard: 1}, []int64{1},
			map[int64]string{1: "the expedite lane has room (limit 1)", 2: "expedite lane limit 1 reached"}},
		{"expedite in progress takes no portfolio slot", lane(std), Limits{Portfolio: ptr(1)}, WIP{Expedite: 1}, []int64{1}, nil},
		{"two reservations cannot lock each other out", lane(FixedDate, tang, std),
			Limits{Portfolio: ptr(2), Classes: map[Class]ClassLimit{Intangible: {Reserved: 1}, FixedDate: {Reserved: 1}}},
			WIP{Standard: 1}, []int64{1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ds := Pull(c.r, c.l, c.wip)
			require.Equal(t, c.pulled, pulled(ds))
			for n, w := range c.words {
				require.Equal(t, w, because(ds)[n])
			}
		})
	}
}

func TestPullHoldsWhatIsNotReady(t *testing.T) {
	bare := item(1, 1, 1, 1, 1)
	bare.Inputs.JobSize = nil
	bad := item(2, 1, 1, 1, -1)
	later := dated(3, day0.Add(20*oneDay), 5*oneDay)
	ds := Pull(Rank([]Item{bare, bad, later}, plain(), day0), Limits{}, nil)
	require.Empty(t, pulled(ds))
	require.Equal(t, map[int64]string{1: "inputs missing: job size", 2: "inputs unusable: job size", 3: "not before 2026-03-17"}, because(ds))
	require.Equal(t, "R-3 is not pulled: not before 2026-03-17.", ds[0].Sentence())
}

func TestValidateLimits(t *testing.T) {
	require.NoError(t, Limits{}.Validate())
	for want, l := range map[string]Limits{
		"portfolio must not be below 0": {Portfolio: ptr(-1)},
		"classes.expedite":              {Classes: map[Class]ClassLimit{Expedite: {}}},
		"classes.standard":              {Classes: map[Class]ClassLimit{Standard: {Max: ptr(1), Reserved: 2}}},
		"more than the portfolio limit": {Portfolio: ptr(1), Classes: map[Class]ClassLimit{Standard: {Reserved: 2}}},
	} {
		require.ErrorContains(t, l.Validate(), want)
	}
}

func TestPullProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rank(backlogs(t, false), drawPolicy(t), day0)
		small := func(label string) int { return rapid.IntRange(0, 4).Draw(t, label) }
		l := Limits{Portfolio: ptr(8 + small("portfolio")), Classes: map[Class]ClassLimit{
			Intangible: {Reserved: small("reserved i")}, FixedDate: {Reserved: small("reserved f"), Max: ptr(4 + small("max"))}}}
		wip := WIP{Standard: small("s"), Intangible: small("i"), FixedDate: small("f"), Expedite: small("x") / 3}
		require.NoError(t, l.Validate())
		ds := Pull(r, l, wip)
		require.Len(t, ds, len(r.Entries), "nobody is lost")

		after := map[Class]int{Expedite: wip[Expedite], Standard: wip[Standard], Intangible: wip[Intangible], FixedDate: wip[FixedDate]}
		idle, heldReady := false, map[Class]int{}
		for i, d := range ds {
			if d.Pulled {
				require.True(t, r.Entries[i].Ready())
				after[d.Class]++
			} else if r.Entries[i].Ready() {
				heldReady[d.Class]++
			}
			idle = idle || d.Reason == HeldPortfolio || d.Reason == HeldReserved
		}
		total := after[Standard] + after[Intangible] + after[FixedDate]
		was := wip[Standard] + wip[Intangible] + wip[FixedDate]
		require.LessOrEqual(t, total, max(*l.Portfolio, was))
		require.LessOrEqual(t, after[FixedDate], max(*l.Classes[FixedDate].Max, wip[FixedDate]))
		require.LessOrEqual(t, after[Expedite], max(1, wip[Expedite]))
		if idle {
			require.GreaterOrEqual(t, total, *l.Portfolio, "no slot stays free while a ready entry waits for one")
		}
		for _, c := range []Class{Intangible, FixedDate} {
			if heldReady[c] > 0 && after[c] < l.Classes[c].Reserved {
				require.GreaterOrEqual(t, total, *l.Portfolio, "a reservation waits only for occupied slots")
				require.Zero(t, after[Standard]-wip[Standard], "and nobody else takes one meanwhile")
			}
		}
	})
}
