package selection

import "math"

// random is the generator SplitMix64.
type random uint64

func (x *random) next() uint64 {
	*x += 0x9e3779b97f4a7c15
	z := uint64(*x)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n−1.
func (x *random) below(n int) int32 { return int32(x.next() >> 33 * uint64(n) >> 31) }

// The temperatures, as shares of the mean profit of a bundle: at the first, one mean bundle in 43 that should stay is lost; at the last, none.
const (
	hot  = 0.27
	cold = 0.02
	// penalty is what a unit of cost beyond the budget loses, as a multiple of the relaxation's price.
	penalty = 1.5
	// between is the number of moves between two looks at the temperature and the limits.
	between = 1024
)

// annealing is simulated annealing over sets of bundles. A move adds, removes or exchanges bundles; a set beyond the budget is allowed, at a
// penalty.
type annealing struct {
	*state
	rnd     random
	price   float64 // of a unit of cost beyond the budget
	heat    float64
	chances []float64
	found   []bool // the best set that fits
	highest int64
}

// anneal searches with this much work, from the relaxation's set. It returns the best set and keeps it if it is the best so far.
func (s *search) anneal(r *reduced, x relaxation, work int64, seed uint64) []bool {
	var sum int64
	for _, profit := range r.profit {
		sum += profit
	}
	n := len(r.profit)
	a := &annealing{state: newState(r), rnd: random(seed), price: penalty * x.price.Float(),
		found: make([]bool, n), heat: hot * float64(sum) / float64(n), chances: logarithms()}
	a.set(x.within)
	a.keep()
	moves := work / moveSteps
	cool := math.Pow(cold/hot, between/float64(max(moves, between)))
	for ; moves > 0 && !s.over(); moves -= between {
		for range between {
			a.move(a.rnd.below(n))
		}
		a.heat *= cool
		s.work -= between * moveSteps
	}
	s.found(r, a.found)
	return a.found
}

// moveSteps is what a move costs, in steps of work.
const moveSteps = 10

// keep remembers the set if it fits and is the best so far.
func (a *annealing) keep() {
	if a.cost <= a.r.budget && a.profit > a.highest {
		a.highest = a.profit
		copy(a.found, a.in)
	}
}

// excess is the penalty of a cost.
func (a *annealing) excess(cost int64) float64 { return a.price * float64(max(0, cost-a.r.budget)) }

// move removes bundle b, adds it, or exchanges it for another, if chance at this temperature allows it.
func (a *annealing) move(b int32) {
	least := a.heat * a.chances[a.rnd.next()%uint64(len(a.chances))] // the change of value that is still accepted
	now := a.excess(a.cost)
	profit := float64(a.r.profit[b])
	if a.in[b] {
		if now-a.excess(a.cost-a.delta[b])-profit >= least {
			a.remove(b)
		}
		return
	}
	if profit+now-a.excess(a.cost+a.delta[b]) >= least {
		a.add(b)
		a.keep()
		return
	}
	other := a.rnd.below(len(a.in))
	if !a.in[other] {
		return
	}
	gain := profit - float64(a.r.profit[other]) + now
	cost := a.cost - a.delta[other] + a.delta[b]
	if gain-a.excess(cost) >= least && gain-a.excess(cost+a.common(b, other)) >= least {
		a.remove(other)
		a.add(b)
		a.keep()
	}
}

// logarithms are those of evenly spread chances, so that a move needs no logarithm.
func logarithms() []float64 {
	out := make([]float64, 4096)
	for i := range out {
		out[i] = math.Log((float64(i) + 0.5) / float64(len(out)))
	}
	return out
}
