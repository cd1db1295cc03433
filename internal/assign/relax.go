package assign

import (
	"math"
	"sort"
)

// rounds limits the search for multipliers; the bound is valid after any number of them.
const rounds = 250

// multipliers price an agent's capacity and slots. At any prices the relaxed problem bounds the true one (Lagrangian
// relaxation, Fisher 1981); good prices bound it closely and point to good assignments.
type multipliers struct {
	room, slot []float64
	bound      float64
}

// reduced is what job i still gains at agent j after paying for the room and the slot.
func (m multipliers) reduced(p *problem, i, j int) float64 {
	return p.gain[i][j] - m.room[j]*p.weight[i][j] - m.slot[j]
}

// relax lowers the bound by subgradient steps and offers every repaired choice on the way.
func relax(p *problem, b *best) multipliers {
	m := multipliers{room: make([]float64, p.agents()), slot: make([]float64, p.agents())}
	top := multipliers{bound: math.Inf(1)}
	step, stale := 2.0, 0
	for range rounds {
		want := choose(p, &m)
		if m.bound < top.bound-tolerance(m.bound) {
			top, stale = m.copy(), 0
		} else if stale++; stale%15 == 0 {
			step /= 2
		}
		s := repair(p, want, byReduced(p, m, want))
		if s.valid() {
			if !b.known() || s.gain > b.gain-0.02*math.Abs(b.gain) {
				improve(s)
			}
			b.offer(s)
		}
		if (b.known() && top.bound <= b.gain+tolerance(b.gain)) || !m.descend(p, want, step, b) {
			break
		}
	}
	return top
}

func (m multipliers) copy() multipliers {
	return multipliers{room: append([]float64(nil), m.room...), slot: append([]float64(nil), m.slot...), bound: m.bound}
}

// choose solves the relaxed problem at the prices: every job takes the agent with its greatest reduced gain. It sets the bound.
func choose(p *problem, m *multipliers) []int {
	m.bound = 0
	for j := range p.agents() {
		m.bound += m.room[j]*p.room[j] + m.slot[j]*float64(p.slots[j])
	}
	want := make([]int, p.jobs())
	for i := range want {
		agent, gain := nobody, 0.0
		if p.must {
			gain = math.Inf(-1)
		}
		for j := range p.agents() {
			if r := m.reduced(p, i, j); p.allowed(i, j) && r > gain {
				agent, gain = j, r
			}
		}
		want[i] = agent
		m.bound += gain
	}
	return want
}

// byReduced orders jobs by the reduced gain of their agent, so that repair places the greatest first.
func byReduced(p *problem, m multipliers, want []int) []int {
	key := make([]float64, p.jobs())
	order := make([]int, p.jobs())
	for i := range order {
		order[i] = i
		if want[i] == nobody {
			key[i] = math.Inf(-1)
			continue
		}
		second := 0.0
		if p.must {
			second = math.Inf(-1)
		}
		for j := range p.agents() {
			if j != want[i] && p.allowed(i, j) {
				second = max(second, m.reduced(p, i, j))
			}
		}
		key[i] = m.reduced(p, i, want[i]) - second
	}
	sort.SliceStable(order, func(a, b int) bool { return key[order[a]] > key[order[b]] })
	return order
}

// descend moves the prices against the violated limits by Polyak's step. It reports whether any price changed.
func (m *multipliers) descend(p *problem, want []int, step float64, b *best) bool {
	room := append([]float64(nil), p.room...)
	slot := make([]float64, p.agents())
	for j, n := range p.slots {
		slot[j] = float64(n)
	}
	for i, j := range want {
		if j != nobody {
			room[j] -= p.weight[i][j]
			slot[j]--
		}
	}
	norm := 0.0
	for j := range room {
		norm += room[j]*room[j] + slot[j]*slot[j]
	}
	target := m.bound - 0.05*max(1, math.Abs(m.bound))
	if b.known() {
		target = b.gain
	}
	t := step * (m.bound - target) / norm
	if norm == 0 || t <= 0 || math.IsNaN(t) || math.IsInf(t, 0) {
		return false
	}
	for j := range room {
		m.room[j] = max(0, m.room[j]-t*room[j])
		m.slot[j] = max(0, m.slot[j]-t*slot[j])
	}
	return true
}
