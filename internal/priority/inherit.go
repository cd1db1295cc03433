package priority

import (
	"slices"
	"time"
)

// mostTied is how many items that are tied to each other are split exactly. In a larger group an item keeps its own score, and what is needed
// still stands before who needs it.
const mostTied = 100

// inherit gives tied items what waits behind them: the date by which they must be started, and the score of the group of which they are
// part. It returns the scores that count instead of their own, by item; 0 where the own one counts.
//
// In a ratio of cost of delay and duration, a prerequisite is worth what it makes possible. So items are ranked by the groups into which
// blocks splits them: the first group is the one with the highest ratio that can be done without the others.
func (r *rules) inherit(n *network, keys []key, items []Item, now time.Time) []float64 {
	r.inheritDates(n, keys, items, now)
	inheritTiers(n, keys)
	scores := make([]float64, len(items))
	test := func(i int) bool { return keys[i].band >= BandFlow && keys[i].band != BandNotYet }
	linked := func(a, b int) bool { return keys[a].tier == keys[b].tier }
	for _, group := range n.components(items, test, linked) {
		if len(group) > 1 && len(group) <= mostTied {
			r.inheritScores(n, keys, items, group, scores, now)
		}
	}
	return scores
}

func (r *rules) inheritDates(n *network, keys []key, items []Item, now time.Time) {
	for i, by := range r.startBy(n, items) {
		k := &keys[i]
		if by.IsZero() || k.band == BandExpedite {
			continue
		}
		dated := k.band == BandDue || k.band == BandNotYet
		if dated {
			k.primary = min(k.primary, float64(by.UnixMicro()))
		}
		if !now.Before(by) && k.band != BandDue {
			k.band, k.tier, k.primary = BandDue, 0, float64(by.UnixMicro())
		}
	}
}

// inheritTiers lets what a must needs be a must. An item that cannot be scored has the tier of who needs it.
func inheritTiers(n *network, keys []key) {
	for _, d := range slices.Backward(n.order) {
		for _, p := range n.needs[d] {
			if keys[d].tier > 0 && keys[d].band >= BandFlow && keys[p].band >= BandFlow && (keys[p].tier == 0 || keys[d].tier < keys[p].tier) {
				keys[p].tier = keys[d].tier
			}
		}
	}
}

// inheritScores splits a group of tied items. What has no score counts as nothing: neither its worth nor its time is known.
func (r *rules) inheritScores(n *network, keys []key, items []Item, group []int, scores []float64, now time.Time) {
	c := &cluster{worth: make([]float64, len(group)), time: make([]float64, len(group)), needs: make([][]int, len(group))}
	jobs := make([]int, len(group))
	for j, i := range group {
		jobs[j] = j
		if keys[i].band == BandFlow {
			s, _, _ := r.score(&items[i], now)
			c.worth[j], c.time[j] = s.CostOfDelay, s.JobSize
		}
		for _, p := range n.needs[i] {
			if at := slices.Index(group, p); at >= 0 {
				c.needs[j] = append(c.needs[j], at)
			}
		}
	}
	unscored := func(j int) bool { return keys[group[j]].band != BandFlow }
	for _, block := range c.blocks(jobs) {
		if len(slices.DeleteFunc(slices.Clone(block), unscored)) < 2 {
			continue
		}
		ratio, leader := c.ratio(block), &items[group[block[0]]]
		for place, j := range c.sequence(block) {
			if i := group[j]; !unscored(j) {
				scores[i] = ratio
				keys[i].primary, keys[i].place = -ratio, place
				keys[i].submitted, keys[i].number, keys[i].id = leader.SubmittedAt.UnixMicro(), leader.Number, leader.ID
			}
		}
	}
}
