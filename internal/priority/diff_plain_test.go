package priority

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// plainStages ranks three times whatever has changed. The stages that leave out what they need not compute are held against it.
func plainStages(prev, next Ranking) *stages {
	s := &stages{index: map[string]int{}, newPolicy: !prev.Policy.equal(next.Policy)}
	var old, fresh []Item
	for i := range prev.Entries {
		for _, now := range next.Entries {
			if now.Item.ID != prev.Entries[i].Item.ID {
				continue
			}
			s.index[now.Item.ID] = len(s.before)
			s.before = append(s.before, &prev.Entries[i])
			s.left = append(s.left, len(s.before))
			kept := prev.Entries[i].Item
			kept.PrevRank = now.Item.PrevRank
			old, fresh = append(old, kept), append(fresh, now.Item)
		}
	}
	s.relative = departed(prev, s.index)
	byID := func(r Ranking) (places []int, bands []Band) {
		places, bands = make([]int, len(r.Entries)), make([]Band, len(r.Entries))
		for i, e := range r.Entries {
			places[s.index[e.Item.ID]], bands[s.index[e.Item.ID]] = i+1, e.Band
		}
		return places, bands
	}
	var notYet, due []Band
	s.policy, notYet = byID(Rank(old, next.Policy, prev.At))
	s.time, due = byID(Rank(old, next.Policy, next.At))
	for i := range old {
		old[i].LeadP85 = fresh[i].LeadP85
	}
	s.capacity, _ = byID(Rank(old, next.Policy, next.At))
	for i := range old {
		old[i].Needs = fresh[i].Needs
	}
	s.depends, _ = byID(Rank(old, next.Policy, next.At))
	s.inputs, _ = byID(Rank(fresh, next.Policy, next.At))
	for i := range due {
		s.becameDue = append(s.becameDue, notYet[i] == BandNotYet && due[i] == BandDue)
	}
	return s
}

// departed reports whether somebody who stays needed somebody who did not.
func departed(prev Ranking, stayed map[string]int) bool {
	for _, e := range prev.Entries {
		for _, id := range e.Item.Needs {
			_, stays := stayed[id]
			if _, own := stayed[e.Item.ID]; own && !stays {
				return true
			}
		}
	}
	return false
}

func TestDiffEqualsThePlainOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := backlogs(t, true)
		known := rapid.SampledFrom([]int{len(items), rapid.IntRange(0, len(items)).Draw(t, "known before")}).Draw(t, "known")
		gone := rapid.SampledFrom([]int{0, rapid.IntRange(0, known).Draw(t, "gone before")}).Draw(t, "gone")
		p := drawPolicy(t)
		if rapid.Bool().Draw(t, "dependencies") {
			items = tie(t, items)
		}
		prev := Rank(items[:known], p, day0)
		after := carry(prev, items[gone:]...)
		if rapid.Bool().Draw(t, "amended") {
			for i := range after {
				if rapid.IntRange(0, 3).Draw(t, "amend") == 0 {
					after[i].Inputs.BusinessValue = drawPoints(t, "bv")
				}
			}
		}
		if rapid.Bool().Draw(t, "other dependencies") {
			after = tie(t, after)
		}
		if rapid.Bool().Draw(t, "another pace") {
			for i := range after {
				after[i].LeadP85 = 25 * oneDay
			}
		}
		if rapid.Bool().Draw(t, "another policy") {
			p = drawPolicy(t)
		}
		next := Rank(after, p, day0.Add(rapid.SampledFrom([]time.Duration{0, 2 * week}).Draw(t, "later")))
		plain, got := plainStages(prev, next), map[string]Move{}
		for _, m := range Diff(prev, next) {
			got[m.ID] = m
		}
		for i := range next.Entries {
			e := &next.Entries[i]
			at, stayed := plain.index[e.Item.ID]
			if !stayed {
				require.Equal(t, []Cause{{Kind: CauseArrival}}, got[e.Item.ID].Causes)
			} else if before := plain.before[at]; before.Rank != e.Rank {
				require.Equal(t, plain.move(at, before, e), got[e.Item.ID])
			} else {
				require.NotContains(t, got, e.Item.ID)
			}
		}
	})
}
