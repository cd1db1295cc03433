package cli

import (
	"fmt"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/approach"
)

// howWorked compares of a delivered request what was recommended and chosen with what came of it; none of any other.
func howWorked(w *approach.Worked) []text.Fact {
	if w == nil {
		return nil
	}
	chosen := spaced(w.Began)
	switch {
	case w.Taken:
		chosen += ", as recommended"
	case w.Recommended != "":
		chosen += " instead of " + spaced(w.Recommended)
	}
	if !w.Kept {
		chosen += ", changed to " + spaced(w.Ended)
	}
	took := fmt.Sprintf("%.0f days from the pull to the acceptance", w.Days)
	if w.ForecastError != nil {
		took += fmt.Sprintf(", %.0f %s than the first agreed plan said (%+.0f %%)", abs(*w.DaysOver), moreOrLess(*w.DaysOver), 100**w.ForecastError)
	}
	judged := "accepted without remarks, never sent back"
	switch {
	case w.Reworks > 0:
		judged = fmt.Sprintf("sent back %d times", w.Reworks)
	case !w.Satisfied:
		judged = "accepted with remarks"
	}
	return []text.Fact{{Name: "worked as", Value: chosen}, {Name: "took", Value: took}, {Name: "result", Value: judged}, {Name: "benefit", Value: spaced(w.Benefit)}}
}

func abs(n float64) float64 { return max(n, -n) }

func moreOrLess(n float64) string {
	if n < 0 {
		return "less"
	}
	return "more"
}
