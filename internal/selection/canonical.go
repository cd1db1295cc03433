package selection

import (
	"cmp"
	"slices"
)

// refinements is how often a hash takes in what the neighbours' hashes say.
const refinements = 4

// canonical orders bundles and groups by what they are, so that the search does the same whatever order the problem came in. Each gets a hash of
// its number, then of its number and the hashes around it, a few times. Equal hashes are left for what is alike.
func (r *reduced) canonical() *reduced {
	bundles, groups := make([]uint64, len(r.profit)), make([]uint64, len(r.cost))
	for range refinements {
		before := slices.Clone(bundles)
		for b, profit := range r.profit {
			bundles[b] = hash(profit, bundles[b], r.needs[b], groups)
		}
		for g, cost := range r.cost {
			groups[g] = hash(cost, groups[g], r.needers[g], before)
		}
	}
	bundleAt, groupAt := byHash(bundles), byHash(groups)
	groupTo := make([]int32, len(r.cost))
	out := &reduced{budget: r.budget, base: r.base, chosen: r.chosen}
	for to, g := range groupAt {
		groupTo[g] = int32(to)
		out.cost = append(out.cost, r.cost[g])
	}
	for _, b := range bundleAt {
		needs := make([]int32, len(r.needs[b]))
		for i, g := range r.needs[b] {
			needs[i] = groupTo[g]
		}
		slices.Sort(needs)
		out.profit, out.needs, out.members = append(out.profit, r.profit[b]), append(out.needs, needs), append(out.members, r.members[b])
	}
	out.link()
	return out
}

// hash mixes a number, the hash so far and the hashes of the neighbours, whose order does not matter.
func hash(number int64, own uint64, neighbours []int32, hashes []uint64) uint64 {
	sum := uint64(len(neighbours))
	for _, n := range neighbours {
		x := random(hashes[n])
		sum += x.next()
	}
	x := random(uint64(number))
	y := random(x.next() + own)
	z := random(y.next() + sum)
	return z.next()
}

// byHash lists indexes in the order of their hashes.
func byHash(hashes []uint64) []int {
	order := make([]int, len(hashes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(hashes[a], hashes[b]) })
	return order
}
