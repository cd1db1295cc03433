package gap

import (
	"math"
	"slices"
)

// node is what is left of a problem: the open jobs with the agents that may take them.
type node struct {
	p     *Problem
	open  []int
	at    [][]int // by job: the agents that may take it
	room  []int64
	slots []int
	fixed int64 // cost of the jobs that are placed
}

func root(p *Problem) *node {
	n := &node{p: p, at: make([][]int, p.jobs()), room: slices.Clone(p.Room)}
	for j := range p.agents() {
		n.slots = append(n.slots, p.slots(j))
	}
	for i := range p.jobs() {
		n.open = append(n.open, i)
		for j := range p.agents() {
			if p.able(i, j) {
				n.at[i] = append(n.at[i], j)
			}
		}
	}
	return n
}

// prices say what it is worth that a job is done, and what a slot of an agent costs. At any prices the bound is one.
type prices struct {
	job, slot []float64
	bound     float64
}

func (d *prices) copy() *prices {
	return &prices{job: slices.Clone(d.job), slot: slices.Clone(d.slot), bound: d.bound}
}

// relaxed is the relaxed problem at some prices: each agent chooses for itself.
type relaxed struct {
	chosen [][]int // by job: the agents that take it
	count  []int   // by agent
	spare  []int64 // by agent: the room that its choice leaves
	// with is, by job and place in node.at, a bound for the case that this agent takes the job; only where it was asked for.
	with [][]float64
}

// relaxation solves relaxed problems. Its memory is used again.
type relaxation struct {
	knapsack
	relaxed
	items  []int
	gain   []float64
	weight []int64
	byRoom [][]int // by agent: the open jobs that it may take
	steps  int64   // work done
}

// prepare lists the jobs of each agent.
func (r *relaxation) prepare(n *node) {
	agents := len(n.room)
	r.byRoom = make([][]int, agents)
	for _, i := range n.open {
		for _, j := range n.at[i] {
			r.byRoom[j] = append(r.byRoom[j], i)
		}
	}
	r.chosen, r.count, r.spare = make([][]int, n.p.jobs()), make([]int, agents), make([]int64, agents)
}

// solve sets the bound of the prices, and what each agent chooses. With asks for relaxed.with too.
func (r *relaxation) solve(n *node, d *prices, with bool) {
	for _, i := range n.open {
		r.chosen[i] = r.chosen[i][:0]
	}
	d.bound = float64(n.fixed)
	for _, i := range n.open {
		d.bound += d.job[i]
	}
	values := make([]float64, len(n.room))
	if with {
		r.with = make([][]float64, n.p.jobs())
		for _, i := range n.open {
			r.with[i] = make([]float64, len(n.at[i]))
		}
	}
	for j := range n.room {
		values[j] = r.agent(n, d, j)
		d.bound -= values[j] + d.slot[j]*float64(n.slots[j])
		if with {
			r.forced(n, d, j, values[j])
		}
	}
	if with {
		for _, i := range n.open {
			for k := range r.with[i] {
				r.with[i][k] += d.bound
			}
		}
	}
}

// agent is what the best choice of an agent gains at the prices.
func (r *relaxation) agent(n *node, d *prices, j int) float64 {
	r.items, r.gain, r.weight = r.items[:0], r.gain[:0], r.weight[:0]
	for _, i := range r.byRoom[j] {
		w := n.p.Weight[i][j]
		if g := d.job[i] - float64(n.p.Cost[i][j]) - d.slot[j]; g > 0 && w <= n.room[j] {
			r.items, r.gain, r.weight = append(r.items, i), append(r.gain, g), append(r.weight, w)
		}
	}
	r.count[j], r.spare[j] = 0, n.room[j]
	value := r.knapsack.solve(r.gain, r.weight, n.room[j], func(item int) {
		i := r.items[item]
		r.chosen[i] = append(r.chosen[i], j)
		r.count[j]++
		r.spare[j] -= n.p.Weight[i][j]
	})
	r.steps += int64(len(r.byRoom[j])) + int64(len(r.items))*(r.knapsack.room+1)/4
	return value
}

// forced adds what the bound grows by if agent j takes a job that it may take. The knapsack with the rest of the room may choose the job again, so it is
// a bound only.
func (r *relaxation) forced(n *node, d *prices, j int, value float64) {
	for _, i := range r.byRoom[j] {
		own := float64(n.p.Cost[i][j]) + d.slot[j] - d.job[i]
		r.with[i][slices.Index(n.at[i], j)] = own + value - r.within(n.room[j]-n.p.Weight[i][j])
	}
}

// norm is the squared length of the subgradient.
func (r *relaxation) norm(n *node) float64 {
	sum := 0.0
	for _, i := range n.open {
		miss := float64(1 - len(r.chosen[i]))
		sum += miss * miss
	}
	for j, count := range r.count {
		if over := float64(count - n.slots[j]); n.slots[j] < n.p.jobs() {
			sum += over * over
		}
	}
	return sum
}

// move changes the prices by a step along the subgradient: a job that nobody takes becomes dearer, a slot that is overfull too.
func (r *relaxation) move(n *node, d *prices, step float64) {
	for _, i := range n.open {
		d.job[i] += step * float64(1-len(r.chosen[i]))
	}
	for j, count := range r.count {
		if n.slots[j] < n.p.jobs() {
			d.slot[j] = max(0, d.slot[j]+step*float64(count-n.slots[j]))
		}
	}
}

// raise improves the prices by subgradient steps towards a target, the cost of an assignment or a guess. It ends when the bound reaches the target or
// the steps become short. seen is called with each relaxed solution.
func (r *relaxation) raise(n *node, d *prices, target float64, rounds int, stop func() bool, seen func()) *prices {
	best, step, stale := d.copy(), 2.0, 0
	best.bound = math.Inf(-1)
	patience := max(5, rounds/20)
	for range rounds {
		r.solve(n, d, false)
		if d.bound > best.bound+1e-9*math.Abs(best.bound) || math.IsInf(best.bound, -1) {
			best, stale = d.copy(), 0
		} else if stale++; stale >= patience {
			step, stale = step/2, 0
			*d = *best.copy()
			r.solve(n, d, false)
		}
		if seen != nil {
			seen()
		}
		norm := r.norm(n)
		goal := max(target, best.bound+1e-6*math.Abs(best.bound))
		if best.bound >= target || norm == 0 || step < 1e-4 || stop() {
			break
		}
		r.move(n, d, step*(goal-d.bound)/norm)
	}
	return best
}

// startPrices prices each agent's room first, which is quick, and each job by its cheapest agent at these prices.
func startPrices(n *node) (d *prices, room []float64) {
	m := len(n.room)
	room, slot := make([]float64, m), make([]float64, m)
	best := math.Inf(-1)
	bestRoom, bestSlot := slices.Clone(room), slices.Clone(slot)
	step, stale := 1.0, 0
	for range 200 {
		bound, load, count := byAgentPrices(n, room, slot)
		if bound > best+1e-9*math.Abs(best) || math.IsInf(best, -1) {
			best, stale = bound, 0
			copy(bestRoom, room)
			copy(bestSlot, slot)
		} else if stale++; stale >= 10 {
			step, stale = step/2, 0
			copy(room, bestRoom)
			copy(slot, bestSlot)
			_, load, count = byAgentPrices(n, room, slot)
		}
		norm := 0.0
		for j := range m {
			over, more := load[j]-float64(n.room[j]), float64(count[j]-n.slots[j])
			norm += over*over + more*more
		}
		if norm == 0 {
			break
		}
		t := step * (0.05*math.Abs(best) + 1) / norm
		for j := range m {
			room[j] = max(0, room[j]+t*(load[j]-float64(n.room[j])))
			slot[j] = max(0, slot[j]+t*float64(count[j]-n.slots[j]))
		}
	}
	d = &prices{job: make([]float64, n.p.jobs()), slot: bestSlot}
	for _, i := range n.open {
		_, d.job[i] = cheapest(n, i, bestRoom, bestSlot)
	}
	return d, bestRoom
}

// byAgentPrices lets each job go to the agent that is cheapest at the prices.
func byAgentPrices(n *node, room, slot []float64) (bound float64, load []float64, count []int) {
	load, count = make([]float64, len(room)), make([]int, len(room))
	for j := range room {
		bound -= room[j]*float64(n.room[j]) + slot[j]*float64(n.slots[j])
	}
	for _, i := range n.open {
		j, cost := cheapest(n, i, room, slot)
		bound += cost
		if j >= 0 {
			load[j] += float64(n.p.Weight[i][j])
			count[j]++
		}
	}
	return bound, load, count
}

func cheapest(n *node, i int, room, slot []float64) (agent int, cost float64) {
	agent, cost = -1, math.Inf(1)
	for _, j := range n.at[i] {
		if c := float64(n.p.Cost[i][j]) + room[j]*float64(n.p.Weight[i][j]) + slot[j]; c < cost {
			agent, cost = j, c
		}
	}
	return agent, cost
}
