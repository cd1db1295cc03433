package recommend

import (
	"fmt"
	"time"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
)

const (
	// mismatchesKept limits how much of what speaks against an approach goes into a plan as risks; the rest is read when it is asked for.
	mismatchesKept = 4
	// goalKept limits the goal of a drafted plan, in characters: a recommendation stays within 4 KB.
	goalKept = 500
)

// Draft makes a plan of the weight of an approach, the recommended one where none is named, that begins on a day. What speaks against the approach goes into it as risks.
func Draft(c pmo.Content, r approach.Recommendation, chosen string, begins pmo.Date, cycles approach.CycleTimes, works approach.Days) pmo.Plan {
	start, _ := begins.Time(time.UTC) // no dates without a day
	w := approach.Work{Approach: r.Approach, Size: &c.Size, Start: start, Goal: pmo.Shorten(c.Outcome, goalKept), Planned: r.Planned, Agile: r.Agile, Mismatches: Mismatches(r), Cycles: cycles, Works: works}
	if chosen != "" && chosen != string(r.Approach) {
		w.Approach = approach.Approach(chosen)
		w.Mismatches = append([]string{fmt.Sprintf("by the answers, %s was recommended: %s", r.Approach.Title(), r.Reasons[0].Text)}, w.Mismatches...)
	}
	return approach.Skeleton(w)
}

// Mismatches are what speaks against the recommendation, as far as a request keeps it.
func Mismatches(r approach.Recommendation) []string {
	return r.Mismatches[:min(len(r.Mismatches), mismatchesKept)]
}
