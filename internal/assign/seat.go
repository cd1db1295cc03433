package assign

import "sort"

// seat finds any assignment that gives all given jobs an agent, within nodes steps. found and proven are both false
// when the steps ran out.
func seat(p *problem, jobs []int, nodes int) (agent []int, found, proven bool) {
	order := append([]int(nil), jobs...)
	key := func(i int) (options int, weight float64) {
		for j := range p.agents() {
			if p.allowed(i, j) {
				options++
				weight = max(weight, p.weight[i][j])
			}
		}
		return options, weight
	}
	// The jobs hardest to place come first: dead ends show early.
	sort.SliceStable(order, func(a, b int) bool {
		oa, wa := key(order[a])
		ob, wb := key(order[b])
		if wa != wb {
			return wa > wb
		}
		return oa < ob
	})
	f := &seating{s: newState(p), order: order, nodes: nodes, least: make([]float64, len(order)+1)}
	for d := len(order) - 1; d >= 0; d-- {
		f.least[d] = f.least[d+1] + p.lightest(order[d])
	}
	found = f.dive(0)
	return f.s.agent, found, found || f.nodes >= 0
}

func (p *problem) lightest(i int) float64 {
	w, any := 0.0, false
	for j := range p.agents() {
		if p.allowed(i, j) && (!any || p.weight[i][j] < w) {
			w, any = p.weight[i][j], true
		}
	}
	return w
}

type seating struct {
	s     *state
	order []int
	least []float64 // capacity that the jobs from this depth on take at least
	nodes int
}

func (f *seating) dive(depth int) bool {
	if depth == len(f.order) {
		return true
	}
	if !f.enough(depth) {
		return false
	}
	i := f.order[depth]
	for j := range f.s.p.agents() {
		if !f.s.fits(i, j) {
			continue
		}
		if f.nodes--; f.nodes < 0 {
			return false
		}
		f.s.put(i, j)
		if f.dive(depth + 1) {
			return true
		}
		f.s.take(i)
	}
	return false
}

// enough compares what is left with what is still needed, over all agents together.
func (f *seating) enough(depth int) bool {
	slots, room := 0, 0.0
	for j, n := range f.s.slots {
		slots += max(n, 0)
		room += max(f.s.room[j], 0)
	}
	return slots >= len(f.order)-depth && room+eps >= f.least[depth]
}
