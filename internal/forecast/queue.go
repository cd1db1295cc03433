package forecast

import (
	"fmt"
	"math"
)

// MinCycles is how many finished requests a cycle time is drawn from; with fewer the throughput alone says when a request is finished.
const MinCycles = 10

// Demand is what waits before the teams of a portfolio, and how requests like it were decided.
type Demand struct {
	InProgress int // pulled and not accepted
	Waiting    int // approved and not pulled
	Undecided  int // not reviewed yet
	Accepted   int // of the requests decided lately, those that were approved
	Decided    int // approved, or ended before that
}

// Chance is that of a request that is not decided yet to be approved, by the rule of succession.
func (d Demand) Chance() float64 { return Laplace(d.Accepted, d.Decided) }

// Ahead is how many requests are expected to wait before a new one: those not decided yet count by their chance of approval.
func (d Demand) Ahead() int {
	return d.Waiting + int(math.Round(d.Chance()*float64(d.Undecided)))
}

// Queue is the position of a request before the teams of its portfolio.
type Queue struct {
	Ahead      int     // requests that are pulled before it
	Above      float64 // requests that are expected to come in a day and to be pulled before it
	InProgress int     // requests that are worked on, itself among them once it is pulled
	WIPLimit   int     // of the portfolio; 0 takes InProgress: one begins when one is finished
	Pulled     bool
	Age        int    // days since it was pulled, days off left out
	Team       string // that works on it; empty where none is known
}

// toPull is how many completions must happen before the request is pulled.
func (q Queue) toPull() int {
	limit := q.WIPLimit
	if limit <= 0 {
		limit = max(q.InProgress, 1)
	}
	return max(q.InProgress+q.Ahead+1-limit, 0)
}

// toFinish is how many completions it takes until the request is finished, if requests are finished in the order of their pull.
func (q Queue) toFinish() int {
	if q.Pulled {
		return max(q.InProgress, 1)
	}
	return q.InProgress + q.Ahead + 1
}

// First is how many requests are expected to be finished first.
func (q Queue) First() int { return q.toFinish() - 1 }

// Start forecasts when a request that waits is pulled: once enough others are finished that there is room for it, those included that come and
// rank above it until then.
func (m *Model) Start(q Queue) Result { return m.whenPushedBack(q.toPull(), q.Above) }

// ChanceWords says how requests like one that is not decided yet were decided; "" when none was.
func (d Demand) ChanceWords() string {
	if d.Decided == 0 {
		return ""
	}
	return fmt.Sprintf("%d of the %d requests decided in the last year were approved.", d.Accepted, d.Decided)
}
