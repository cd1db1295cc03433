package text

import (
	"fmt"
	"time"
)

// When is a moment, absolute and relative: "2027-03-31 14:00 (in 2d)". It is empty for the zero time.
func (p *Printer) When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s (%s)", t.In(p.zone).Format("2006-01-02 15:04"), Relative(t.Sub(p.now)))
}

// Past reports whether a moment is over.
func (p *Printer) Past(t time.Time) bool { return !t.After(p.now) }

// Relative is the distance of a moment from now in words: "in 2d", "3h ago", "now".
func Relative(d time.Duration) string {
	switch {
	case d.Abs() < time.Minute:
		return "now"
	case d < 0:
		return Length(-d) + " ago"
	}
	return "in " + Length(d)
}

// Length is a duration in its one fitting unit: "5m", "2h", "20d", "13w".
func Length(d time.Duration) string {
	const day = 24 * time.Hour
	var n string
	switch {
	case d < 90*time.Minute:
		n = fmt.Sprintf("%dm", d.Round(time.Minute)/time.Minute)
	case d < 36*time.Hour:
		n = fmt.Sprintf("%dh", d.Round(time.Hour)/time.Hour)
	case d < 21*day:
		n = fmt.Sprintf("%dd", d.Round(day)/day)
	default:
		n = fmt.Sprintf("%dw", d.Round(7*day)/(7*day))
	}
	return n
}

// Days is a measured number of days in a unit that shows it: "8s", "12m", "3.5h", "4.1d". It is "-" without a measurement.
func Days(days float64, measured int) string {
	switch d := time.Duration(days * float64(24*time.Hour)); {
	case measured == 0:
		return "-"
	case d < time.Minute:
		return fmt.Sprintf("%.0fs", d.Seconds())
	case d < 90*time.Minute:
		return fmt.Sprintf("%.0fm", d.Minutes())
	case d < 36*time.Hour:
		return fmt.Sprintf("%.1fh", d.Hours())
	}
	return fmt.Sprintf("%.1fd", days)
}

// Since is how long ago a moment was, without "ago".
func (p *Printer) Since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Length(max(0, p.now.Sub(t)))
}
