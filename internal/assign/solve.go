package assign

import (
	"math"

	"leanpmo/internal/gap"
)

// Gains and sizes are counted in whole units, because the solver's are whole numbers. A gain is counted in billionths of the greatest.
const (
	gainUnits   = 1e9
	weightUnits = 1e6 // in one of size
)

// solution is what solve found and what it proved.
type solution struct {
	agent []int // nil when no valid assignment was found
	gain  float64
	bound float64 // no assignment is better
	exact bool
}

// solve finds a good assignment and an upper bound, within some steps of the solver. start, when not nil, is an assignment known to be valid.
func solve(p *problem, start []int, steps int) solution {
	if p.costs != nil {
		return solveLoaded(p, start, steps)
	}
	return proveSmall(p, solveLinear(p, start, steps))
}

// proveSmall tries the plans of a small problem whose best plan was not proven: the bound leaves out resources, that the parts of a request need two
// teams, and one of the two limits of a reserve.
func proveSmall(p *problem, sol solution) solution {
	if sol.agent == nil {
		return sol
	}
	if !sol.exact && p.jobs() <= enumerable {
		sol = enumerate(p, sol)
	}
	if sol.exact {
		sol.bound = sol.gain
	}
	return sol
}

// solveLinear solves a problem whose load costs nothing. A reserve is a second limit of the same agents, which the solver does not know: see
// solveReserved.
func solveLinear(p *problem, start []int, steps int) solution {
	if p.other != nil {
		return solvePairs(p, start, steps)
	}
	if p.stock != nil {
		return solveStocked(p, start, steps)
	}
	if p.plain != nil {
		return solveReserved(p, start, steps)
	}
	if start == nil && !p.must {
		start = nobodies(p.jobs()) // valid, so that there always is an answer
	}
	scale := gainUnits / max(p.greatest(), math.SmallestNonzeroFloat64*gainUnits)
	found, err := gap.Solve(p.whole(scale), gap.Options{Start: p.withNobody(start), Work: int64(steps)})
	if err != nil || found.Agent == nil {
		return solution{bound: math.Inf(1), exact: err == nil && found.Proven}
	}
	s := solution{agent: found.Agent, exact: found.Proven}
	for i, j := range found.Agent {
		if j == p.agents() {
			s.agent[i] = nobody
			continue
		}
		s.gain += p.gain[i][j]
	}
	s.bound = s.gain
	if !s.exact { // each gain was rounded by half a unit at most
		s.bound = max(s.gain, (float64(-found.Bound)+float64(p.jobs()))/scale)
	}
	return s
}

// greatest is the greatest gain, without its sign; 1 where all are 0.
func (p *problem) greatest() float64 {
	most := 0.0
	for i := range p.gain {
		for j := range p.gain[i] {
			if p.allowed(i, j) {
				most = max(most, math.Abs(p.gain[i][j]))
			}
		}
	}
	if most == 0 {
		return 1
	}
	return most
}

// whole is the problem in whole units, as costs. Where a job may go to nobody, that is one agent more, with room for all.
func (p *problem) whole(scale float64) gap.Problem {
	var w gap.Problem
	for i := range p.jobs() {
		cost, weight := make([]int64, p.agents()), make([]int64, p.agents())
		for j := range p.agents() {
			cost[j], weight[j] = gap.Forbidden, int64(math.Ceil(p.weight[i][j]*weightUnits-eps*weightUnits))
			if p.allowed(i, j) {
				cost[j] = -int64(math.Round(p.gain[i][j] * scale))
			}
		}
		if !p.must {
			cost, weight = append(cost, 0), append(weight, 0)
		}
		w.Cost, w.Weight = append(w.Cost, cost), append(w.Weight, weight)
	}
	for j, room := range p.room {
		w.Room, w.Slots = append(w.Room, int64(math.Floor(room*weightUnits+eps*weightUnits))), append(w.Slots, p.slots[j])
	}
	if !p.must {
		w.Room, w.Slots = append(w.Room, 0), append(w.Slots, p.jobs())
	}
	return w
}

// withNobody is an assignment in which nobody is the agent after the last.
func (p *problem) withNobody(start []int) []int {
	var out []int
	for _, j := range start {
		if j == nobody {
			j = p.agents()
		}
		out = append(out, j)
	}
	return out
}
