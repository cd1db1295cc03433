package web

import (
	"math"
	"time"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
)

// LastDay is the last day before a moment at which something was to be done: a day of a plan ends at the midnight after it.
func (t *reader) LastDay(before *time.Time) Moment {
	return t.Day(pmo.Date(before.Add(-time.Second).In(t.zone).Format(time.DateOnly)))
}

// OverPlan says how far the acceptance of delivered work was off the end of its first plan; empty where that named none.
func (t *reader) OverPlan(w *approach.Worked) string {
	switch {
	case w.DaysOver == nil:
		return ""
	case math.Abs(*w.DaysOver) < 1:
		return t.T("how.on_time")
	case *w.DaysOver > 0:
		return t.T("how.later", "days", t.Days(math.Round(*w.DaysOver)))
	}
	return t.T("how.earlier", "days", t.Days(math.Round(-*w.DaysOver)))
}
