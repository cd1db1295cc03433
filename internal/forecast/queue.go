package forecast

// Queue is the position of a request before a team.
type Queue struct {
	Ahead      int // requests ranked before it that wait for the same team
	InProgress int // requests that the team works on
	// WIPLimit is the team's; 0 takes InProgress, a team that starts one when it finishes one.
	WIPLimit int
	Own      int // pieces of throughput that the request itself takes; 0 counts as 1
}

// toPull is how many completions must happen before the request is pulled.
func (q Queue) toPull() int {
	limit := q.WIPLimit
	if limit <= 0 {
		limit = max(q.InProgress, 1)
	}
	return max(q.InProgress+q.Ahead+1-limit, 0)
}

// Pull forecasts when the request is pulled: a slot is free after enough completions.
func Pull(h History, q Queue, o Options) Result { return When(h, q.toPull(), o) }

// Finish forecasts when the request is finished if all that is in progress and ahead finishes before it.
// With several requests in progress it may overtake, so the result tends to be late.
func Finish(h History, q Queue, o Options) Result {
	return When(h, q.InProgress+q.Ahead+max(q.Own, 1), o)
}

// FinishByCycle forecasts the wait for a slot and then a cycle time like those of finished requests, in days. It suits
// requests that take weeks each, better than Finish does.
func FinishByCycle(h History, q Queue, cycleDays []float64, o Options) Result {
	return Then(o, Pull(h, q, o), Remaining(cycleDays, 0, o))
}
