package assign

import (
	"fmt"
	"math"
	"slices"
)

// reserve is the share of the team's capacity below its ceiling that ordinary requests leave free.
func (t Team) reserve(p Policy) float64 { return min(p.Reserve, t.ceiling(p)) }

// roomFor is the load that may still be added by a request: under the ceiling and, where it may not use the reserve, without that.
func (t Team) roomFor(r Request, p Policy) float64 {
	if r.Urgent {
		return t.room(p)
	}
	return min(t.room(p), t.plainRoom(p))
}

// most is what the team, if it held nothing, could take of a request.
func (t Team) most(r Request, p Policy) float64 {
	return t.capacity() * t.share(r, p)
}

// share is how much of the team's capacity requests like this one may take together.
func (t Team) share(r Request, p Policy) float64 {
	if r.Urgent {
		return t.ceiling(p)
	}
	return t.ceiling(p) - t.reserve(p)
}

// plainRoom is what ordinary requests may still add. What holds capacity and may use the reserve takes nothing of it.
func (t Team) plainRoom(p Policy) float64 {
	return t.capacity()*(t.ceiling(p)-t.reserve(p)) - (t.Load - t.UrgentLoad)
}

// reserved gives a problem the rooms of ordinary requests. Without a request that may use the reserve, they are the only rooms there are.
func (p *problem) reserved(requests []Request, teams []Team, policy Policy) {
	if policy.Reserve == 0 {
		return
	}
	plain, urgent := make([]float64, len(teams)), make([]bool, len(requests))
	for j, t := range teams {
		plain[j] = max(min(t.room(policy), t.plainRoom(policy)), 0)
	}
	for i, r := range requests {
		urgent[i] = r.Urgent
	}
	if !slices.Contains(urgent, true) {
		p.room = plain
		return
	}
	p.plain, p.urgent = plain, urgent
}

// solveReserved solves a problem with two limits an agent: the room of all jobs, and that of ordinary jobs. Each is left out once, which leaves a problem
// that the solver knows and whose bound holds for both. A plan of either that keeps the other limit too is best, if it was proven.
func solveReserved(p *problem, start []int, steps int) solution {
	best := solution{bound: math.Inf(1)}
	if start == nil && !p.must {
		start = nobodies(p.jobs())
	}
	if start != nil {
		best.agent, best.gain = start, stateOf(p, start).gain
	}
	for _, part := range []*problem{p.ordinaryOnly(), p.allAlike()} {
		sol := solveLinear(part, start, steps/2)
		if sol.agent == nil && sol.exact {
			return solution{bound: math.Inf(-1), exact: true} // no plan keeps even one of the limits
		}
		best.bound = min(best.bound, sol.bound)
		if sol.agent != nil && p.keeps(sol.agent) && (best.agent == nil || sol.gain > best.gain) {
			best.agent, best.gain = sol.agent, sol.gain
		}
		if best.agent != nil && same(best.gain, best.bound) {
			best.exact, best.bound = true, max(best.gain, best.bound)
			break
		}
	}
	return best
}

// ordinaryOnly leaves out the room of all jobs together: those that may use the reserve take none.
func (p *problem) ordinaryOnly() *problem {
	part := &problem{gain: p.gain, room: p.plain, slots: p.slots, must: p.must}
	for i, weights := range p.weight {
		if !p.ordinary(i) {
			weights = make([]float64, p.agents())
		}
		part.weight = append(part.weight, weights)
	}
	for i := range p.gain { // alone it must still fit
		if p.ordinary(i) {
			continue
		}
		part.gain = slices.Clone(part.gain)
		part.gain[i] = slices.Clone(p.gain[i])
		for j, w := range p.weight[i] {
			if w > p.room[j]+eps {
				part.gain[i][j] = math.Inf(-1)
			}
		}
	}
	return part
}

// allAlike leaves out the room of ordinary jobs: all may use the reserve.
func (p *problem) allAlike() *problem {
	return &problem{gain: p.gain, weight: p.weight, room: p.room, slots: p.slots, must: p.must}
}

// keeps reports whether an assignment keeps all limits.
func (p *problem) keeps(agent []int) bool {
	s := newState(p)
	for i, j := range agent {
		if j == nobody {
			continue
		}
		if !s.fits(i, j) {
			return false
		}
		s.put(i, j)
	}
	return p.complete(agent)
}

// kept says that a part of the ceiling is kept from a request; empty where none is.
func (t Team) kept(r Request, p Policy) string {
	if r.Urgent || t.reserve(p) == 0 {
		return ""
	}
	return fmt.Sprintf(", of which %s is kept for expedite and improvement work", percent(t.reserve(p)))
}
