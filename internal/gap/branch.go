package gap

import (
	"cmp"
	"math"
	"slices"
)

// branching searches depth first what the bound cannot rule out.
type branching struct {
	r      relaxation
	budget int64 // of relaxation.steps
	stop   func() bool
	best   []int
	least  int64
	agent  []int // of the jobs that are placed on the way down
}

// up is the least whole cost that a bound allows; a bound carries rounding errors.
func up(bound float64) int64 {
	return int64(math.Ceil(bound - 1e-6 - 1e-10*math.Abs(bound)))
}

func (b *branching) out() bool { return b.r.steps > b.budget || b.stop() }

// offer takes an assignment that costs less than the best.
func (b *branching) offer(agent []int, cost int64) {
	if cost < b.least {
		b.best, b.least = append(b.best[:0], agent...), cost
	}
}

// dive searches a node. It returns false when the work was not enough.
func (b *branching) dive(n *node, d *prices, rounds int) bool {
	d, open := b.narrow(n, d, rounds)
	switch {
	case !open:
		return true
	case b.out():
		return false
	}
	i := b.hardest(n)
	type child struct {
		agent int
		bound float64
	}
	var children []child
	for k, j := range n.at[i] {
		children = append(children, child{j, b.r.with[i][k]})
	}
	slices.SortStableFunc(children, func(x, y child) int { return cmp.Compare(x.bound, y.bound) })
	for _, c := range children {
		if up(c.bound) >= b.least {
			break
		}
		sub := n.copy()
		if !sub.place(b, i, c.agent) {
			continue
		}
		if !b.dive(sub, d.copy(), max(10, rounds/2)) {
			return false
		}
	}
	return true
}

// narrow raises the bound and rules out agents that no better assignment uses, until nothing more follows. open is false where nothing better is left.
func (b *branching) narrow(n *node, d *prices, rounds int) (best *prices, open bool) {
	for {
		if len(n.open) == 0 {
			b.offer(b.agent, n.fixed)
			return d, false
		}
		b.r.prepare(n)
		d = b.r.raise(n, d, float64(b.least), rounds, b.out, nil)
		if up(d.bound) >= b.least {
			return d, false
		}
		b.r.solve(n, d, true)
		b.whole(n)
		changed, possible := b.ruleOut(n)
		if !possible {
			return d, false
		}
		if !changed || b.out() {
			return d, true
		}
		rounds = max(5, rounds/4)
	}
}

// whole offers the relaxed solution where it happens to be an assignment.
func (b *branching) whole(n *node) {
	cost := n.fixed
	agent := slices.Clone(b.agent)
	for _, i := range n.open {
		if len(b.r.chosen[i]) != 1 {
			return
		}
		agent[i] = b.r.chosen[i][0]
		cost += n.p.Cost[i][agent[i]]
	}
	if sum, ok := n.p.cost(agent); ok && sum == cost {
		b.offer(agent, cost)
	}
}

// ruleOut drops the agents with which the bound is not below the best, places jobs with one agent left, and drops agents without room.
func (b *branching) ruleOut(n *node) (changed, possible bool) {
	for _, i := range slices.Clone(n.open) {
		var left []int
		for k, j := range n.at[i] {
			if up(b.r.with[i][k]) < b.least && n.p.Weight[i][j] <= n.room[j] && n.slots[j] > 0 {
				left = append(left, j)
			}
		}
		if len(left) == 0 {
			return true, false
		}
		changed = changed || len(left) < len(n.at[i])
		n.at[i] = left
	}
	for again := true; again; {
		again = false
		for _, i := range slices.Clone(n.open) {
			if len(n.at[i]) > 1 {
				continue
			}
			if len(n.at[i]) == 0 || !n.place(b, i, n.at[i][0]) {
				return true, false
			}
			changed, again = true, true
		}
	}
	return changed, true
}

// hardest is the job to branch on: one that no agent or several agents choose, with the fewest agents left.
func (b *branching) hardest(n *node) int {
	return slices.MinFunc(n.open, func(x, y int) int {
		one := func(i int) int {
			if len(b.r.chosen[i]) == 1 {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(one(x), one(y)), cmp.Compare(len(n.at[x]), len(n.at[y])), cmp.Compare(x, y))
	})
}

func (n *node) copy() *node {
	return &node{p: n.p, open: slices.Clone(n.open), at: slices.Clone(n.at), room: slices.Clone(n.room), slots: slices.Clone(n.slots), fixed: n.fixed}
}

// place gives a job to an agent, and drops the agents that have no room left for others. It is false where a job is left without an agent.
func (n *node) place(b *branching, i, j int) bool {
	n.room[j] -= n.p.Weight[i][j]
	n.slots[j]--
	if n.room[j] < 0 || n.slots[j] < 0 {
		return false
	}
	n.fixed += n.p.Cost[i][j]
	n.open = slices.DeleteFunc(n.open, func(k int) bool { return k == i })
	b.agent[i] = j
	for _, k := range n.open {
		at := slices.Index(n.at[k], j)
		if at < 0 || n.p.Weight[k][j] <= n.room[j] && n.slots[j] > 0 {
			continue
		}
		n.at[k] = slices.Delete(slices.Clone(n.at[k]), at, at+1)
		if len(n.at[k]) == 0 {
			return false
		}
	}
	return true
}
