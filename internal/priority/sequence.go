package priority

import (
	"cmp"
	"slices"
)

// Job is a piece of work for sequencing: how long it takes and what every unit
// of time it is late costs.
type Job struct {
	ID          string
	Duration    float64
	CostOfDelay float64
}

// DelayCost is Σ cost of delay × completion time when the jobs are done one
// after another in this order.
func DelayCost(order []Job) float64 {
	var cost, clock float64
	for _, j := range order {
		clock += j.Duration
		cost += j.CostOfDelay * clock
	}
	return cost
}

// WaitingCost is Σ cost of delay × start time: what the queue costs, without
// the time each job needs for itself, which no order can save.
func WaitingCost(order []Job) float64 {
	var cost, clock float64
	for _, j := range order {
		cost += j.CostOfDelay * clock
		clock += j.Duration
	}
	return cost
}

// Sequence orders chains of jobs (each chain must be done front to back) so
// that DelayCost is least on one server. A job that unlocks a better one is
// ranked by the best ratio over a prefix of its chain, not by its own: Sidney's
// decomposition (1975), for chains also Horn (1972). Durations must be > 0 and
// costs ≥ 0, else an *InputError with the job's id.
func Sequence(chains [][]Job) ([]Job, error) {
	var blocks []block
	var n int
	for _, chain := range chains {
		for _, j := range chain {
			if j.Duration < smallest || j.Duration > largest || !(j.CostOfDelay >= 0 && j.CostOfDelay <= largest) {
				return nil, &InputError{ID: j.ID, Field: "job", Reason: "must have a duration above 0 and a cost of delay of at least 0"}
			}
		}
		n += len(chain)
		for len(chain) > 0 {
			b := bestPrefix(chain)
			blocks = append(blocks, b)
			chain = chain[len(b.jobs):]
		}
	}
	slices.SortStableFunc(blocks, func(a, b block) int {
		return cmp.Or(cmp.Compare(b.ratio, a.ratio), cmp.Compare(a.jobs[0].ID, b.jobs[0].ID))
	})
	order := make([]Job, 0, n)
	for _, b := range blocks {
		order = append(order, b.jobs...)
	}
	return order, nil
}

type block struct {
	jobs  []Job
	ratio float64
}

// bestPrefix takes the longest prefix with the highest ratio of cost of delay
// to duration. The longest, so that the ratios of the blocks of a chain fall
// strictly and sorting never reverses a chain.
func bestPrefix(chain []Job) block {
	var cost, time float64
	best := block{ratio: -1}
	for i, j := range chain {
		cost += j.CostOfDelay
		time += j.Duration
		if r := cost / time; r >= best.ratio {
			best = block{jobs: chain[:i+1], ratio: r}
		}
	}
	return best
}
