package flow

import "time"

const day = 24 * time.Hour

// dayNumber numbers the calendar day of a moment, so that days can be counted without regard to clock changes.
func dayNumber(t time.Time, loc *time.Location) int {
	y, m, d := t.In(loc).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// dayStart is the first moment of a calendar day.
func dayStart(number int, loc *time.Location) time.Time {
	y, m, d := time.Unix(int64(number)*86_400, 0).UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}

// elapsed is the days from one moment to another under the options.
func elapsed(from, to time.Time, held []Span, o Options) float64 {
	var off time.Duration
	if o.ExcludeHeld {
		off = total(clip(union(spansOf(held, to)), from, to))
	}
	if o.PlusOneDay {
		loc := o.location()
		return float64(dayNumber(to, loc)-dayNumber(from, loc)+1) - float64(int(off/day))
	}
	return (to.Sub(from) - off).Hours() / 24
}
