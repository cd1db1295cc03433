package assign

import (
	"cmp"
	"math"
	"slices"
)

// seat finds any assignment that gives all given jobs an agent, within nodes steps. found and proven are both false
// when the steps ran out.
func seat(p *problem, jobs []int, nodes int) (agent []int, found, proven bool) {
	order, reach := append([]int(nil), jobs...), make([]reach, p.jobs())
	for _, i := range jobs {
		reach[i] = p.reach(i)
	}
	// The jobs hardest to place come first: dead ends show early.
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(reach[b].most, reach[a].most), cmp.Compare(reach[a].agents, reach[b].agents))
	})
	f := &seating{s: newState(p), order: order, nodes: nodes, least: make([]float64, len(order)+1)}
	for d := len(order) - 1; d >= 0; d-- {
		f.least[d] = f.least[d+1] + reach[order[d]].least
	}
	found = f.dive(0)
	return f.s.agent, found, found || f.nodes >= 0
}

// reach is how many agents could take a job on an empty plan, and what it takes of them at least and at most.
type reach struct {
	agents      int
	least, most float64
}

func (p *problem) reach(i int) (r reach) {
	for j, gain := range p.gain[i] {
		if math.IsInf(gain, -1) {
			continue
		}
		w := p.weight[i][j]
		if r.agents == 0 || w < r.least {
			r.least = w
		}
		r.agents++
		r.most = max(r.most, w)
	}
	return r
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
