package promise

import (
	"fmt"
	"math"
	"strconv"
)

// Cause is why a promise changed.
type Cause string

// The causes, those that move a day most first.
const (
	Approved    Cause = "approved"     // it was undecided
	Pulled      Cause = "pulled"       // work on it may begin
	SlotGone    Cause = "slot_gone"    // it was pulled and waits again
	Team        Cause = "team"         // another team, or the first
	Priority    Cause = "priority"     // another rank
	Queue       Cause = "queue"        // more or fewer requests ahead
	WIPLimit    Cause = "wip_limit"    // of the portfolio
	Pace        Cause = "pace"         // the portfolio finishes more or fewer a week
	Arrivals    Cause = "arrivals"     // more or fewer a week are expected to rank above it
	Needs       Cause = "needs"        // more or fewer requests must come first
	Wanted      Cause = "wanted_date"  // another wanted date
	Known       Cause = "known"        // it can be forecast now
	Unknown     Cause = "unknown"      // it can no longer be forecast
	TimePassing Cause = "time_passing" // none of these: time passed and it was not done
)

// Difference is a cause with what it was before and is now, where it has values.
type Difference struct {
	Cause Cause  `json:"cause"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// paceMove is the share by which a pace has to differ to count as another.
const paceMove = 0.1

// leastArrivals is by how many a week arrivals have to differ.
const leastArrivals = 0.1

// Why says why a promise differs from the one before.
func Why(before, now *Promise) []Difference {
	var out []Difference
	add := func(is bool, cause Cause, from, to any) {
		if is {
			out = append(out, Difference{cause, text(from), text(to)})
		}
	}
	b, n := before.Facts, now.Facts
	add(before.Cannot != "" && now.Cannot == "", Known, "", "")
	add(before.Cannot == "" && now.Cannot != "", Unknown, "", now.Cannot)
	add(b.Undecided && !n.Undecided, Approved, "", "")
	add(!b.Pulled && n.Pulled, Pulled, "", "")
	add(b.Pulled && !n.Pulled, SlotGone, "", "")
	add(b.Team != n.Team && n.Team != "", Team, b.Team, n.Team)
	add(b.Rank != n.Rank && b.Rank > 0 && n.Rank > 0, Priority, b.Rank, n.Rank)
	add(b.Ahead != n.Ahead && b.Pulled == n.Pulled, Queue, b.Ahead, n.Ahead)
	add(b.WIPLimit != n.WIPLimit, WIPLimit, b.WIPLimit, n.WIPLimit)
	add(math.Abs(b.PerWeek-n.PerWeek) > paceMove*b.PerWeek, Pace, b.PerWeek, n.PerWeek)
	add(!n.Pulled && math.Abs(b.Above-n.Above) > max(paceMove*b.Above, leastArrivals), Arrivals, b.Above, n.Above)
	add(!n.Pulled && b.Needs != n.Needs, Needs, b.Needs, n.Needs)
	add(before.WantedBy != now.WantedBy, Wanted, before.WantedBy, now.WantedBy)
	if len(out) == 0 {
		out = []Difference{{Cause: TimePassing}}
	}
	return out
}

func text(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// Words say a difference in English.
func (d Difference) Words() string {
	switch d.Cause {
	case Approved:
		return "it was approved"
	case Pulled:
		return "it was pulled"
	case SlotGone:
		return "its slot was given back"
	case Team:
		if d.From == "" {
			return "team " + d.To + " has it"
		}
		return "team " + d.To + " has it instead of " + d.From
	case Priority:
		return "its rank went from " + d.From + " to " + d.To
	case Queue:
		return "ahead of it were " + d.From + " requests, now " + d.To
	case WIPLimit:
		return "the WIP limit went from " + d.From + " to " + d.To
	case Pace:
		return "the pace went from " + d.From + " to " + d.To + " a week"
	case Arrivals:
		return "of those expected to come and rank above it were " + d.From + " a week, now " + d.To
	case Needs:
		return "of what has to come first were " + d.From + ", now " + d.To
	case Wanted:
		return "another day is wanted"
	case Known:
		return "enough is known to forecast it"
	case Unknown:
		return "it can no longer be forecast: " + d.To
	}
	return "time passed and it was not done"
}
