package assign

import "math"

const (
	eps    = 1e-9
	nobody = -1
)

// problem is a generalised assignment problem in maximising form, with a capacity and a number of slots an agent.
// A job goes to one agent or, unless all jobs must go, to nobody at gain 0.
type problem struct {
	gain   [][]float64 // [job][agent]; -Inf is forbidden
	weight [][]float64
	room   []float64
	plain  []float64 // of room, what jobs that may not use the reserve have; nil: all of it
	urgent []bool    // jobs that may use the reserve; nil: none
	stock  []float64 // what is free of each resource; nil: jobs share none
	needs  [][]need  // by job
	other  []int     // by job, the other job of the same request, which needs another agent; nobody: none; nil: no request has two
	slots  []int
	must   bool
	costs  []loadCost // what the load of each agent takes off the gain; nil: nothing
}

func (p *problem) jobs() int { return len(p.gain) }

func (p *problem) agents() int { return len(p.room) }

func (p *problem) allowed(i, j int) bool { return !math.IsInf(p.gain[i][j], -1) }

// ordinary reports whether a job may not use the reserve of the agents; false where there is none.
func (p *problem) ordinary(i int) bool { return p.plain != nil && !p.urgent[i] }

// state is a partial assignment that always respects the limits.
type state struct {
	p     *problem
	agent []int
	room  []float64
	plain []float64 // left for jobs that may not use the reserve; nil without a reserve
	stock []float64 // left of each resource; nil without resources
	slots []int
	added []float64 // load by this assignment, by agent
	count []int     // jobs of this assignment, by agent
	gain  float64
}

func newState(p *problem) *state {
	s := &state{p: p, agent: make([]int, p.jobs()), room: append([]float64(nil), p.room...), plain: append([]float64(nil), p.plain...), stock: append([]float64(nil), p.stock...), slots: append([]int(nil), p.slots...),
		added: make([]float64, p.agents()), count: make([]int, p.agents())}
	for i := range s.agent {
		s.agent[i] = nobody
	}
	return s
}

func (s *state) fits(i, j int) bool {
	return s.p.allowed(i, j) && s.stocked(i) && !s.otherAt(i, j) && s.slots[j] > 0 && s.p.weight[i][j] <= s.room[j]+eps && (!s.p.ordinary(i) || s.p.weight[i][j] <= s.plain[j]+eps)
}

// left is the room that an agent has for a job.
func (s *state) left(i, j int) float64 {
	if s.p.ordinary(i) && s.plain != nil {
		return min(s.room[j], s.plain[j])
	}
	return s.room[j]
}

// hold takes room of an agent for a job, or gives it back.
func (s *state) hold(i, j int, weight float64) {
	s.room[j] -= weight
	if s.p.ordinary(i) {
		s.plain[j] -= weight
	}
}

func (s *state) put(i, j int) {
	s.gain += s.marginal(i, j)
	s.agent[i] = j
	s.hold(i, j, s.p.weight[i][j])
	s.use(i, 1)
	s.slots[j]--
	s.added[j] += s.p.weight[i][j]
	s.count[j]++
}

// marginal is what putting a job to an agent would add to the gain.
func (s *state) marginal(i, j int) float64 {
	if s.p.costs == nil {
		return s.p.gain[i][j]
	}
	c := &s.p.costs[j]
	return s.p.gain[i][j] - c.of(s.added[j]+s.p.weight[i][j], s.count[j]+1) + c.of(s.added[j], s.count[j])
}

// stateOf is an assignment that is known to be within the limits.
func stateOf(p *problem, agent []int) *state {
	s := newState(p)
	for i, j := range agent {
		if j != nobody {
			s.put(i, j)
		}
	}
	return s
}

func (s *state) take(i int) {
	j := s.agent[i]
	if j == nobody {
		return
	}
	s.agent[i] = nobody
	s.hold(i, j, -s.p.weight[i][j])
	s.use(i, -1)
	s.slots[j]++
	s.added[j] -= s.p.weight[i][j]
	s.count[j]--
	s.gain -= s.marginal(i, j)
}
