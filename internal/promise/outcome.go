package promise

import (
	"time"

	"leanpmo/internal/pmo"
)

// Outcome is what became of a request that something was promised about.
type Outcome struct {
	FinishedOn pmo.Date // the day of its acceptance; empty: not finished
	ClosedOn   pmo.Date // closed without being finished, such as withdrawn or rejected; empty: not
}

// OutcomeOf reads it from the times of a request, in the portfolio's time zone.
func OutcomeOf(accepted, closed *time.Time, zone *time.Location) Outcome {
	switch {
	case accepted != nil:
		return Outcome{FinishedOn: pmo.Date(accepted.In(zone).Format(time.DateOnly))}
	case closed != nil:
		return Outcome{ClosedOn: pmo.Date(closed.In(zone).Format(time.DateOnly))}
	}
	return Outcome{}
}

// State is whether a promised day was kept.
type State string

// The states. A promise is judged once its day is over, whatever happened before: to judge early what was finished early, and the rest later,
// would make promises look better than they are.
const (
	Pending State = "pending" // its day is not over
	Kept    State = "kept"
	Missed  State = "missed"
	Void    State = "void" // the request was closed without being finished before the day was over
	None    State = "none" // no day was promised
)

// Judge says whether a promised day was kept, as it is known on a day.
func (o Outcome) Judge(promised, today pmo.Date) State {
	switch {
	case promised == "":
		return None
	case o.ClosedOn != "" && o.ClosedOn <= promised:
		return Void
	case today <= promised:
		return Pending
	case o.FinishedOn != "" && o.FinishedOn <= promised:
		return Kept
	}
	return Missed
}
