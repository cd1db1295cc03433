package assign

import (
	"math"
	"sort"
)

// search is a depth-first branch and bound. Jobs are taken in a fixed order, so that the bound of what is left is a
// sum computed once.
type search struct {
	p     *problem
	best  *best
	s     *state
	order []int
	moves [][]move  // by job: agents in the order of reduced gain, possibly nobody
	rest  []float64 // greatest reduced gain of the jobs from this depth on
	nodes int
}

type move struct {
	agent   int
	reduced float64
}

// branch improves b to the optimum. It returns false when effort nodes were not enough to prove it.
func branch(p *problem, m multipliers, b *best, effort int) bool {
	if m.room == nil {
		return false
	}
	f := &search{p: p, best: b, s: newState(p), nodes: effort}
	f.prepare(m)
	fixed := 0.0
	for j := range p.agents() {
		fixed += m.room[j]*p.room[j] + m.slot[j]*float64(p.slots[j])
	}
	return f.dive(0, fixed)
}

// prepare orders the moves of every job by reduced gain, and the jobs by how much they lose without their first choice.
func (f *search) prepare(m multipliers) {
	p := f.p
	key := make([]float64, p.jobs())
	f.moves = make([][]move, p.jobs())
	for i := range f.moves {
		for j := range p.agents() {
			if p.allowed(i, j) {
				f.moves[i] = append(f.moves[i], move{j, m.reduced(p, i, j)})
			}
		}
		if !p.must {
			f.moves[i] = append(f.moves[i], move{nobody, 0})
		}
		sort.SliceStable(f.moves[i], func(a, b int) bool { return f.moves[i][a].reduced > f.moves[i][b].reduced })
		key[i] = math.Inf(1)
		if len(f.moves[i]) > 1 {
			key[i] = f.moves[i][0].reduced - f.moves[i][1].reduced
		}
		f.order = append(f.order, i)
	}
	sort.SliceStable(f.order, func(a, b int) bool { return key[f.order[a]] > key[f.order[b]] })
	f.rest = make([]float64, p.jobs()+1)
	for d := p.jobs() - 1; d >= 0; d-- {
		top := math.Inf(-1)
		if mv := f.moves[f.order[d]]; len(mv) > 0 {
			top = mv[0].reduced
		}
		f.rest[d] = f.rest[d+1] + top
	}
}

// dive tries all moves of the job at this depth that can still beat the best; sum is the bound's fixed part plus the
// reduced gains so far. It returns false when the nodes ran out.
func (f *search) dive(depth int, sum float64) bool {
	if depth == len(f.order) {
		f.best.offer(f.s)
		return true
	}
	i := f.order[depth]
	for _, mv := range f.moves[i] {
		if f.best.known() && sum+mv.reduced+f.rest[depth+1] <= f.best.gain+tolerance(f.best.gain) {
			return true // moves are sorted: no later one is better
		}
		if mv.agent != nobody && !f.s.fits(i, mv.agent) {
			continue
		}
		if f.nodes--; f.nodes < 0 {
			return false
		}
		if !f.try(i, mv, depth, sum) {
			return false
		}
	}
	return true
}

// try makes one move and undoes it exactly, so that rounding does not add up over many nodes.
func (f *search) try(i int, mv move, depth int, sum float64) bool {
	if mv.agent == nobody {
		return f.dive(depth+1, sum+mv.reduced)
	}
	gain, room := f.s.gain, f.s.room[mv.agent]
	f.s.put(i, mv.agent)
	done := f.dive(depth+1, sum+mv.reduced)
	f.s.take(i)
	f.s.gain, f.s.room[mv.agent] = gain, room
	return done
}
