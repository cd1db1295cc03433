package gap

import (
	"fmt"
	"math"
)

// Forbidden is the cost of a job at an agent that cannot take it.
const Forbidden = math.MaxInt64

// Limits of what a problem may have, so that no sum overflows.
const (
	maxCost   = 1 << 40
	maxWeight = 1 << 40
	maxJobs   = 1 << 20
)

// Problem is what is to be solved. A job that may stay undone is a job that an agent with room for all takes, at what leaving it costs.
type Problem struct {
	Cost   [][]int64 // by job and agent, from -maxCost to maxCost; Forbidden where the agent cannot take the job
	Weight [][]int64 // by job and agent, ≥ 0
	Room   []int64   // by agent, ≥ 0
	Slots  []int     // how many jobs an agent takes at most; nil: as many as fit
}

// Options limit the work. The same problem with the same work gives the same answer, unless Stop ends it earlier.
type Options struct {
	Start []int       // an assignment that the answer must not be worse than; ignored where it is not valid
	Work  int64       // how many steps to do at most; ≤ 0 is DefaultWork
	Stop  func() bool // asked now and then: true ends the search with what has been found; nil never does
}

// DefaultWork is what takes some four seconds on one core, where nothing is proven earlier.
const DefaultWork = 400_000_000

// Solution is an assignment, and how good it is.
type Solution struct {
	Agent  []int // by job; nil when none was found
	Cost   int64
	Bound  int64 // no assignment costs less
	Proven bool  // no assignment costs less than this one; without an assignment: there is none
}

// Fault is an input that cannot be solved with.
type Fault struct{ What string }

// Error implements error.
func (f *Fault) Error() string { return "assignment: " + f.What }

func (p *Problem) jobs() int { return len(p.Cost) }

func (p *Problem) agents() int { return len(p.Room) }

// able reports whether an agent can take a job on its own.
func (p *Problem) able(i, j int) bool {
	return p.Cost[i][j] != Forbidden && p.Weight[i][j] <= p.Room[j] && (p.Slots == nil || p.Slots[j] > 0)
}

// slots is how many jobs an agent takes.
func (p *Problem) slots(j int) int {
	if p.Slots == nil {
		return p.jobs()
	}
	return p.Slots[j]
}

func (p *Problem) check() error {
	if p.jobs() > maxJobs || len(p.Weight) != p.jobs() || p.Slots != nil && len(p.Slots) != p.agents() {
		return &Fault{"the sizes of costs, weights and slots differ, or there are too many jobs"}
	}
	for j, room := range p.Room {
		if room < 0 || room > maxWeight*maxJobs/2 || p.Slots != nil && p.Slots[j] < 0 {
			return &Fault{fmt.Sprintf("the room or the slots of agent %d", j)}
		}
	}
	for i := range p.Cost {
		if len(p.Cost[i]) != p.agents() || len(p.Weight[i]) != p.agents() {
			return &Fault{fmt.Sprintf("job %d has not one cost and weight for each agent", i)}
		}
		for j, c := range p.Cost[i] {
			if c != Forbidden && (c > maxCost || c < -maxCost) || p.Weight[i][j] < 0 || p.Weight[i][j] > maxWeight {
				return &Fault{fmt.Sprintf("cost or weight of job %d at agent %d", i, j)}
			}
		}
	}
	return nil
}

// cost of an assignment; ok is false where it breaks a limit.
func (p *Problem) cost(agent []int) (sum int64, ok bool) {
	if len(agent) != p.jobs() {
		return 0, false
	}
	load, count := make([]int64, p.agents()), make([]int, p.agents())
	for i, j := range agent {
		if j < 0 || j >= p.agents() || !p.able(i, j) {
			return 0, false
		}
		load[j] += p.Weight[i][j]
		count[j]++
		sum += p.Cost[i][j]
	}
	for j := range load {
		if load[j] > p.Room[j] || count[j] > p.slots(j) {
			return 0, false
		}
	}
	return sum, true
}

// reduced counts the weights of each agent in the largest unit that divides them all: the assignments within the limits stay the same, and tables
// become small.
func (p *Problem) reduced() Problem {
	out := Problem{Cost: p.Cost, Slots: p.Slots, Room: make([]int64, p.agents()), Weight: make([][]int64, p.jobs())}
	for i := range out.Weight {
		out.Weight[i] = make([]int64, p.agents())
	}
	for j, room := range p.Room {
		unit := int64(0)
		for i := range p.Weight {
			if p.able(i, j) {
				unit = commonDivisor(unit, p.Weight[i][j])
			}
		}
		unit = max(unit, 1)
		out.Room[j] = room / unit
		for i := range p.Weight {
			out.Weight[i][j] = (p.Weight[i][j] + unit - 1) / unit // rounded up, because who is not able has any weight
		}
	}
	return out
}

func commonDivisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
