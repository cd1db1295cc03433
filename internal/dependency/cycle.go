package dependency

import (
	"cmp"
	"slices"
)

// breakCycles leaves out, of what requests in cycles need, the edges that came last. Two amendments at the same moment can close a cycle that
// neither of them sees.
func (g *Graph) breakCycles() {
	circular := g.circular()
	if len(circular) == 0 {
		return
	}
	var edges []edge
	for _, n := range g.nodes {
		if !circular[n] {
			continue
		}
		var others []edge
		for _, e := range g.needs[n.ID] {
			if circular[e.to] {
				edges = append(edges, e)
			} else {
				others = append(others, e)
			}
		}
		g.needs[n.ID] = others
	}
	slices.SortStableFunc(edges, func(a, b edge) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.from.Number, b.from.Number), cmp.Compare(a.to.Number, b.to.Number))
	})
	for _, e := range edges {
		if back := g.Path(e.to, e.from); back != nil {
			g.Cycles = append(g.Cycles, back)
			continue
		}
		g.needs[e.from.ID] = append(g.needs[e.from.ID], e)
	}
}

// circular are the requests that are pending and in a cycle, or between two cycles: what is left when those that need nothing, and then those
// that nobody needs, are taken away again and again.
func (g *Graph) circular() map[*Node]bool {
	needs, behind := map[*Node][]*Node{}, map[*Node][]*Node{}
	var nodes []*Node
	for _, n := range g.nodes {
		if n.pending() {
			nodes, needs[n] = append(nodes, n), g.Pending(n.ID)
		}
		for _, p := range needs[n] {
			behind[p] = append(behind[p], n)
		}
	}
	left := peel(nodes, needs, behind)
	return peel(slices.DeleteFunc(nodes, func(n *Node) bool { return !left[n] }), behind, needs)
}

// peel takes away, again and again, the nodes from which no step leads to one that is left.
func peel(nodes []*Node, steps, back map[*Node][]*Node) map[*Node]bool {
	left := make(map[*Node]bool, len(nodes))
	for _, n := range nodes {
		left[n] = true
	}
	open := make(map[*Node]int, len(nodes))
	var free []*Node
	for _, n := range nodes {
		for _, p := range steps[n] {
			if left[p] {
				open[n]++
			}
		}
		if open[n] == 0 {
			free = append(free, n)
		}
	}
	for len(free) > 0 {
		n := free[0]
		free = free[1:]
		delete(left, n)
		for _, d := range back[n] {
			if !left[d] {
				continue
			}
			if open[d]--; open[d] == 0 {
				free = append(free, d)
			}
		}
	}
	return left
}
