package assign

import "math"

const (
	tangents     = 2       // how often the load is priced at a new point
	improvements = 40      // passes over all requests at most
	enumerable   = 14      // requests up to which all plans may be tried
	enumerated   = 200_000 // steps of that
	nearly       = 1e-7    // relative: what counts as the same gain
)

// solveLoaded solves a problem whose load costs something. The cost is convex, so a tangent is nowhere above it: with the cost replaced by a
// tangent, the problem is linear and its bound holds. What the linear problem finds is improved under the cost itself.
func solveLoaded(p *problem, start []int, steps int) solution {
	var best *state
	if start != nil {
		best = stateOf(p, start)
		best.improve()
	}
	added, count := p.spread()
	bound := math.Inf(1)
	for range tangents {
		linear, constant := p.tangent(added, count)
		var from []int
		if best != nil {
			from = best.agent
		}
		sol := solveLinear(linear, from, steps/tangents)
		bound = min(bound, sol.bound+constant)
		if sol.agent != nil {
			if s := stateOf(p, sol.agent); best == nil || s.improve() > best.gain {
				best = s
			}
		}
		if best == nil || same(best.gain, bound) {
			break
		}
		added, count = best.added, best.count
	}
	if best == nil {
		return solution{bound: math.Inf(1), exact: math.IsInf(bound, -1)}
	}
	return proveSmall(p, solution{agent: best.agent, gain: best.gain, bound: max(bound, best.gain), exact: same(best.gain, bound)})
}

// same reports whether a gain is the bound, up to rounding.
func same(gain, bound float64) bool { return bound-gain <= nearly*max(1, math.Abs(bound)) }

// spread is where the load would lie if it could be spread evenly; the first tangent is taken there.
func (p *problem) spread() (added []float64, count []int) {
	full, rooms := 0.0, 0.0
	for i := range p.jobs() {
		full += p.reach(i).least
	}
	for _, r := range p.room {
		rooms += r
	}
	added, count = make([]float64, p.agents()), make([]int, p.agents())
	for j, r := range p.room {
		if rooms > 0 {
			added[j] = r * min(full/rooms, 1)
		}
	}
	return added, count
}

// tangent is the problem with the cost of load replaced by its tangent at some loads. A plan gains at most what it gains there, and the constant.
func (p *problem) tangent(added []float64, count []int) (linear *problem, constant float64) {
	linear = &problem{weight: p.weight, room: p.room, plain: p.plain, urgent: p.urgent, stock: p.stock, needs: p.needs, other: p.other, slots: p.slots, must: p.must}
	unit, request := make([]float64, p.agents()), make([]float64, p.agents())
	for j := range p.costs {
		unit[j], request[j] = p.costs[j].slopes(added[j], count[j])
		constant += unit[j]*added[j] + request[j]*float64(count[j]) - p.costs[j].of(added[j], count[j])
	}
	for i := range p.jobs() {
		gain := make([]float64, p.agents())
		for j := range gain {
			gain[j] = p.gain[i][j] - unit[j]*p.weight[i][j] - request[j]
		}
		linear.gain = append(linear.gain, gain)
	}
	return linear, constant
}

// improve moves requests and exchanges pairs of them while the gain grows. It returns the gain.
func (s *state) improve() float64 {
	for pass, changed := 0, true; changed && pass < improvements; pass++ {
		changed = false
		for i := range s.agent {
			changed = s.shift(i) || changed
			for k := i + 1; k < len(s.agent); k++ {
				changed = s.swap(i, k) || changed
			}
		}
	}
	return s.gain
}

// shift moves a job to where it gains most.
func (s *state) shift(i int) bool {
	from, before := s.agent[i], s.gain
	if from == nobody && s.p.half(i) {
		return false // one part of a request alone gets no place
	}
	s.take(i)
	to, gain := from, before+nearly*max(1, math.Abs(before))
	for j := range s.p.agents() {
		if j != from && s.fits(i, j) {
			if g := s.gain + s.marginal(i, j); g > gain {
				to, gain = j, g
			}
		}
	}
	if to != nobody {
		s.put(i, to)
	}
	return to != from
}

// swap exchanges the agents of two jobs where that gains.
func (s *state) swap(i, k int) bool {
	a, b := s.agent[i], s.agent[k]
	if a == b || a == nobody || b == nobody || !s.p.allowed(i, b) || !s.p.allowed(k, a) || !s.swapsApart(i, k) {
		return false
	}
	wi, wk := s.p.weight[i], s.p.weight[k]
	if wk[a]-wi[a] > s.room[a]+eps || wi[b]-wk[b] > s.room[b]+eps || !s.swapsPlain(i, k) {
		return false
	}
	gain := s.p.gain[i][b] + s.p.gain[k][a] - s.p.gain[i][a] - s.p.gain[k][b]
	if s.p.costs != nil {
		ca, cb := &s.p.costs[a], &s.p.costs[b]
		gain += ca.of(s.added[a], s.count[a]) + cb.of(s.added[b], s.count[b])
		gain -= ca.of(s.added[a]-wi[a]+wk[a], s.count[a]) + cb.of(s.added[b]-wk[b]+wi[b], s.count[b])
	}
	if gain <= nearly*max(1, math.Abs(s.gain)) {
		return false
	}
	s.take(i)
	s.take(k)
	s.put(i, b)
	s.put(k, a)
	return true
}

// swapsPlain reports whether an exchange keeps the reserve of both agents free.
func (s *state) swapsPlain(i, k int) bool {
	if s.p.plain == nil {
		return true
	}
	a, b := s.agent[i], s.agent[k]
	takes := func(job, at int) float64 {
		if s.p.ordinary(job) {
			return s.p.weight[job][at]
		}
		return 0
	}
	return takes(k, a)-takes(i, a) <= s.plain[a]+eps && takes(i, b)-takes(k, b) <= s.plain[b]+eps
}

// enumeration tries the plans of a small problem.
type enumeration struct {
	s     *state
	best  solution
	steps int
}

// enumerate proves the best plan of a small problem, or finds a better one, within some steps.
func enumerate(p *problem, from solution) solution {
	e := &enumeration{s: newState(p), best: from, steps: enumerated}
	e.dive(0)
	e.best.exact = e.steps > 0
	e.best.bound = max(e.best.bound, e.best.gain)
	return e.best
}

func (e *enumeration) dive(i int) {
	if e.steps--; e.steps <= 0 {
		return
	}
	s := e.s
	if i == s.p.jobs() {
		if s.gain > e.best.gain && !same(e.best.gain, s.gain) && s.p.complete(s.agent) {
			e.best.agent, e.best.gain = append([]int(nil), s.agent...), s.gain
		}
		return
	}
	if most := s.gain + s.most(i); most <= e.best.gain || same(e.best.gain, most) {
		return
	}
	for j := range s.p.agents() {
		if s.fits(i, j) {
			s.put(i, j)
			e.dive(i + 1)
			s.take(i)
		}
	}
	if !s.p.must {
		e.dive(i + 1)
	}
}

// most is what the jobs from i on can add at most: load only makes the next one dearer. It is -Inf where one of them has no place left.
func (s *state) most(i int) float64 {
	sum := 0.0
	for k := i; k < s.p.jobs(); k++ {
		best := 0.0
		if s.p.must {
			best = math.Inf(-1)
		}
		for j := range s.p.agents() {
			if s.fits(k, j) {
				best = max(best, s.marginal(k, j))
			}
		}
		sum += best
	}
	return sum
}
