package gap

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// search finds assignments by simulated annealing. What is over a limit costs a price, which grows while the current assignment is over it and falls
// while it is not, so that the search stays near the edge of what is allowed.
type search struct {
	p     *Problem
	rng   *rand.Rand
	agent []int
	jobs  [][]int // by agent
	place []int   // by job: where it is in jobs
	load  []int64
	count []int
	cost  int64
	price []float64 // of a unit of load over an agent's room
	slot  []float64 // of a job over an agent's slots
	near  [][]int   // by job: the agents worth trying, the cheapest at the prices of the bound first
	best  []int
	least int64 // cost of best
	steps int64
	over  int // agents over a limit
	heat  float64
	scale float64 // of the prices
}

// nearest is how many agents are tried for a job.
const nearest = 6

func newSearch(n *node, d *prices, room []float64) *search {
	p := n.p
	s := &search{p: p, rng: rand.New(rand.NewPCG(1, 2)), load: make([]int64, p.agents()), count: make([]int, p.agents()),
		price: make([]float64, p.agents()), slot: make([]float64, p.agents()), near: make([][]int, p.jobs()), least: math.MaxInt64, scale: 1}
	mean := 0.0
	for j := range room {
		mean += room[j]
	}
	mean /= float64(max(1, len(room)))
	for j := range s.price {
		s.price[j] = 1.5*room[j] + 0.1*mean + 1e-3
		s.slot[j] = 1.5*d.slot[j] + 1
	}
	s.order(n, func(i, k int) float64 {
		j := n.at[i][k]
		return float64(p.Cost[i][j]) + room[j]*float64(p.Weight[i][j]) + d.slot[j]
	})
	return s
}

// order lists for each job the agents worth trying, by what they cost; and sets the heat to what a typical second choice costs more.
func (s *search) order(n *node, cost func(job, place int) float64) {
	var second []float64
	for i := range s.p.jobs() {
		places := make([]int, len(n.at[i]))
		for k := range places {
			places[k] = k
		}
		slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(cost(i, a), cost(i, b)) })
		s.near[i] = s.near[i][:0]
		for _, k := range places[:min(nearest, len(places))] {
			s.near[i] = append(s.near[i], n.at[i][k])
		}
		if len(places) > 1 {
			second = append(second, cost(i, places[1])-cost(i, places[0]))
		}
	}
	s.heat = 1
	if len(second) > 0 {
		slices.Sort(second)
		s.heat = max(second[len(second)/2], 1e-3)
	}
}

// begin sets the current assignment.
func (s *search) begin(agent []int) {
	s.agent = slices.Clone(agent)
	clear(s.load)
	clear(s.count)
	s.cost, s.over = 0, 0
	s.jobs, s.place = make([][]int, s.p.agents()), make([]int, len(agent))
	for i, j := range agent {
		s.place[i] = len(s.jobs[j])
		s.jobs[j] = append(s.jobs[j], i)
		s.load[j] += s.p.Weight[i][j]
		s.count[j]++
		s.cost += s.p.Cost[i][j]
	}
	for j := range s.load {
		if s.isOver(j) {
			s.over++
		}
	}
	s.keep()
}

// restart sets another assignment to go on from, and forgets the best; nil keeps both.
func (s *search) restart(agent []int) {
	if agent == nil {
		return
	}
	s.best, s.least = nil, math.MaxInt64
	s.begin(agent)
}

// beyond is what an agent costs for being over its limits, with more load and jobs.
func (s *search) beyond(j int, load int64, count int) float64 {
	sum := 0.0
	if over := s.load[j] + load - s.p.Room[j]; over > 0 {
		sum = s.scale * s.price[j] * float64(over)
	}
	if s.p.Slots != nil {
		if over := s.count[j] + count - s.p.Slots[j]; over > 0 {
			sum += s.scale * s.slot[j] * float64(over)
		}
	}
	return sum
}

// keep remembers the current assignment if it is valid and the best.
func (s *search) keep() {
	if s.over == 0 && s.cost < s.least {
		s.least = s.cost
		s.best = append(s.best[:0], s.agent...)
	}
}

// add changes what an agent has.
func (s *search) add(j int, load int64, count int) {
	was := s.isOver(j)
	s.load[j] += load
	s.count[j] += count
	if is := s.isOver(j); is != was {
		if is {
			s.over++
		} else {
			s.over--
		}
	}
}

func (s *search) isOver(j int) bool {
	return s.load[j] > s.p.Room[j] || s.p.Slots != nil && s.count[j] > s.p.Slots[j]
}

// pick takes one of the agents worth trying for a job, the better ones more often.
func (s *search) pick(i int) int {
	return s.near[i][min(bits.TrailingZeros64(s.rng.Uint64()), len(s.near[i])-1)]
}

// shift proposes to move a job to another agent.
func (s *search) shift(heat float64) {
	i := s.rng.IntN(len(s.agent))
	from, to := s.agent[i], s.pick(i)
	if from == to {
		return
	}
	w, v := s.p.Weight[i][from], s.p.Weight[i][to]
	cost := s.p.Cost[i][to] - s.p.Cost[i][from]
	delta := float64(cost) + s.change(from, -w, -1) + s.change(to, v, 1)
	if s.accept(delta, heat) {
		s.add(from, -w, -1)
		s.add(to, v, 1)
		s.move(i, to)
		s.cost += cost
		s.keep()
	}
}

// push proposes to move a job to another agent, and one of that agent's jobs on to a third one or back to the first.
func (s *search) push(heat float64) {
	i := s.rng.IntN(len(s.agent))
	a, b := s.agent[i], s.pick(i)
	if a == b || len(s.jobs[b]) == 0 {
		return
	}
	k := s.jobs[b][s.rng.IntN(len(s.jobs[b]))]
	c := s.pick(k)
	if s.rng.IntN(4) == 0 && s.p.able(k, a) {
		c = a
	}
	if c == b {
		return
	}
	p := s.p
	cost := p.Cost[i][b] - p.Cost[i][a] + p.Cost[k][c] - p.Cost[k][b]
	delta := float64(cost) + s.change(b, p.Weight[i][b]-p.Weight[k][b], 0)
	if c == a {
		delta += s.change(a, p.Weight[k][a]-p.Weight[i][a], 0)
	} else {
		delta += s.change(a, -p.Weight[i][a], -1) + s.change(c, p.Weight[k][c], 1)
	}
	if !s.accept(delta, heat) {
		return
	}
	s.add(a, -p.Weight[i][a], -1)
	s.add(b, p.Weight[i][b]-p.Weight[k][b], 0)
	s.add(c, p.Weight[k][c], 1)
	s.move(i, b)
	s.move(k, c)
	s.cost += cost
	s.keep()
}

// change is what being over its limits costs an agent more with more load and jobs.
func (s *search) change(j int, load int64, count int) float64 {
	return s.beyond(j, load, count) - s.beyond(j, 0, 0)
}

// move notes that a job is at another agent.
func (s *search) move(i, to int) {
	from := s.agent[i]
	list := s.jobs[from]
	last := list[len(list)-1]
	list[s.place[i]] = last
	s.place[last] = s.place[i]
	s.jobs[from] = list[:len(list)-1]
	s.place[i] = len(s.jobs[to])
	s.jobs[to] = append(s.jobs[to], i)
	s.agent[i] = to
}

func (s *search) accept(delta, heat float64) bool {
	return delta <= 0 || delta < 30*heat && s.rng.Float64() < math.Exp(-delta/heat)
}

// anneal cools down from one heat to another in so many moves. done ends it.
func (s *search) anneal(from, to float64, moves int64, done func() bool) {
	const at = 1 << 10 // moves between two looks at the prices
	rounds := max(1, moves/at)
	cool, heat := math.Pow(to/from, 1/float64(rounds)), from
	for range rounds {
		for range at / 2 {
			s.shift(heat)
			s.push(heat)
		}
		s.adapt()
		heat *= cool
		s.steps += 12 * at
		if done() {
			return
		}
	}
}

// adapt makes broken limits dearer while one is broken, and cheaper while none is.
func (s *search) adapt() {
	factor := 0.96
	if s.over > 0 {
		factor = 1.04
	}
	s.scale = min(1e3, max(0.3, s.scale*factor))
}
