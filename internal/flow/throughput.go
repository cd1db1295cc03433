package flow

import "time"

// Bucket is what was finished in a period.
type Bucket struct {
	Start time.Time `json:"start"`
	Days  int       `json:"days"` // less than seven for a week cut by the window
	Count int       `json:"count"`
}

// Throughput counts delivered items by calendar day from the day of from to the day of to, both included. Days without
// a completion are there with 0: forecasts need them.
func Throughput(items []Item, from, to time.Time, o Options) []Bucket {
	loc := o.location()
	first, last := dayNumber(from, loc), dayNumber(to, loc)
	if last < first {
		return nil
	}
	out := make([]Bucket, last-first+1)
	for n := range out {
		out[n] = Bucket{Start: dayStart(first+n, loc), Days: 1}
	}
	for _, i := range items {
		if i.Done == nil {
			continue
		}
		if n := dayNumber(*i.Done, loc) - first; n >= 0 && n < len(out) {
			out[n].Count++
		}
	}
	return out
}

// WeeklyThroughput sums Throughput by weeks that begin on Monday (ISO 8601).
func WeeklyThroughput(items []Item, from, to time.Time, o Options) []Bucket {
	var out []Bucket
	for _, b := range Throughput(items, from, to, o) {
		if n := len(out); n == 0 || b.Start.Weekday() == time.Monday {
			out = append(out, b)
			continue
		}
		week := &out[len(out)-1]
		week.Days += b.Days
		week.Count += b.Count
	}
	return out
}
