package priority

import (
	"cmp"
	"slices"
	"time"
)

// network is who needs whom among some items, by index. Every list is without duplicates, and nothing in it needs itself, directly or
// through others.
type network struct {
	needs  [][]int // what must be done before
	behind [][]int // who needs it
	order  []int   // the items that are tied to others, what is needed before who needs it
}

// networkOf reads the prerequisites of items; nil when there are none. Those that are not among the items do not count. The caller breaks
// cycles where it knows how; those that are left, and what waits behind them, need nothing of each other.
func networkOf(items []Item) *network {
	if !slices.ContainsFunc(items, func(it Item) bool { return len(it.Needs) > 0 }) {
		return nil
	}
	index := make(map[string]int, len(items))
	for i := range items {
		index[items[i].ID] = i
	}
	n := &network{needs: make([][]int, len(items)), behind: make([][]int, len(items))}
	any := false
	for i := range items {
		for _, id := range items[i].Needs {
			if p, known := index[id]; known && p != i && !slices.Contains(n.needs[i], p) {
				n.needs[i], n.behind[p] = append(n.needs[i], p), append(n.behind[p], i)
				any = true
			}
		}
	}
	if !any {
		return nil
	}
	n.sort()
	return n
}

// sort finds the order, and drops what the items of a cycle need of each other.
func (n *network) sort() {
	open := make([]int, len(n.needs))
	var ready []int
	for i := range n.needs {
		if open[i] = len(n.needs[i]); open[i] == 0 && n.tied(i) {
			ready = append(ready, i)
		}
	}
	n.order = make([]int, 0, len(ready))
	for len(ready) > 0 {
		i := ready[0]
		ready, n.order = ready[1:], append(n.order, i)
		for _, d := range n.behind[i] {
			if open[d]--; open[d] == 0 {
				ready = append(ready, d)
			}
		}
	}
	circular := func(i int) bool { return open[i] > 0 }
	if !slices.ContainsFunc(open, func(left int) bool { return left > 0 }) {
		return
	}
	for i := range n.needs {
		if circular(i) {
			n.needs[i] = slices.DeleteFunc(n.needs[i], circular)
		}
		n.behind[i] = slices.DeleteFunc(n.behind[i], func(d int) bool { return circular(d) && circular(i) })
	}
	n.sort()
}

// tied reports whether an item needs others or is needed.
func (n *network) tied(i int) bool { return len(n.needs[i]) > 0 || len(n.behind[i]) > 0 }

// all are the items that are reached from one by steps of a kind, the nearest first, without itself.
func (n *network) all(from int, steps [][]int) []int {
	seen := map[int]bool{from: true}
	reached := []int{from}
	for k := 0; k < len(reached); k++ {
		for _, next := range steps[reached[k]] {
			if !seen[next] {
				seen[next] = true
				reached = append(reached, next)
			}
		}
	}
	return reached[1:]
}

// components are the groups of items that are tied to each other and that a test holds of, each in the order in which they came.
func (n *network) components(items []Item, test func(i int) bool, linked func(a, b int) bool) [][]int {
	var groups [][]int
	seen := make(map[int]bool, len(n.order))
	for _, first := range n.order {
		if seen[first] || !test(first) {
			continue
		}
		seen[first] = true
		group := []int{first}
		for k := 0; k < len(group); k++ {
			for _, steps := range [][][]int{n.needs, n.behind} {
				for _, next := range steps[group[k]] {
					if !seen[next] && test(next) && linked(group[k], next) {
						seen[next] = true
						group = append(group, next)
					}
				}
			}
		}
		slices.SortFunc(group, func(a, b int) int { return arrival(&items[a], &items[b]) })
		groups = append(groups, group)
	}
	return groups
}

// arrival is the order in which two items came.
func arrival(a, b *Item) int {
	return cmp.Or(cmp.Compare(a.SubmittedAt.UnixMicro(), b.SubmittedAt.UnixMicro()), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
}

// precede moves what is needed directly before the first of those that need it, where it does not stand before them already.
func (n *network) precede(keys []key) {
	place := make([]int, len(keys)) // by item
	for at, k := range keys {
		place[k.at] = at
	}
	sorted := slices.Clone(keys)
	done := make([]bool, len(keys))
	keys = keys[:0]
	var put func(at int)
	put = func(at int) {
		if done[at] {
			return
		}
		done[at] = true
		before := make([]int, 0, len(n.needs[sorted[at].at]))
		for _, p := range n.needs[sorted[at].at] {
			before = append(before, place[p])
		}
		slices.Sort(before)
		for _, p := range before {
			put(p)
		}
		keys = append(keys, sorted[at])
	}
	for at := range sorted {
		put(at)
	}
}

// renumbered is the network by rank instead of by item.
func (n *network) renumbered(keys []key) *network {
	if n == nil {
		return nil
	}
	place := make([]int, len(keys))
	for at, k := range keys {
		place[k.at] = at
	}
	out := &network{needs: make([][]int, len(keys)), behind: make([][]int, len(keys))}
	ranked := func(list []int) []int {
		places := make([]int, 0, len(list))
		for _, i := range list {
			places = append(places, place[i])
		}
		slices.Sort(places)
		return places
	}
	for i := range n.needs {
		if n.tied(i) {
			out.needs[place[i]], out.behind[place[i]] = ranked(n.needs[i]), ranked(n.behind[i])
		}
	}
	return out
}

// startBy is by when each item must be started so that a fixed date behind it can be kept; zero: no date waits.
func (r *rules) startBy(n *network, items []Item) []time.Time {
	by := make([]time.Time, len(items))
	earliest := func(a, b time.Time) time.Time {
		if a.IsZero() || !b.IsZero() && b.Before(a) {
			return b
		}
		return a
	}
	for _, d := range slices.Backward(n.order) {
		start := by[d]
		if items[d].Class.orStandard() == FixedDate && items[d].FixedDate != nil {
			start = earliest(start, items[d].FixedDate.Add(-r.leadOf(&items[d])))
		}
		if start.IsZero() {
			continue
		}
		for _, p := range n.needs[d] {
			by[p] = earliest(by[p], start.Add(-r.leadOf(&items[p])))
		}
	}
	return by
}

// leadOf is how long an item takes, or what the policy assumes.
func (r *rules) leadOf(it *Item) time.Duration {
	if it.LeadP85 > 0 {
		return it.LeadP85
	}
	return r.UnknownLead
}
