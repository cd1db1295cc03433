package flow

import (
	"slices"
	"time"
)

// interval is a closed-open stretch of time.
type interval struct{ from, to time.Time }

// spansOf closes what still lasts at the given moment and drops what is empty.
func spansOf(spans []Span, at time.Time) []interval {
	var out []interval
	for _, s := range spans {
		to := at
		if s.To != nil {
			to = *s.To
		}
		if s.From.Before(to) {
			out = append(out, interval{s.From, to})
		}
	}
	return out
}

// union merges what overlaps, so that no moment counts twice.
func union(in []interval) []interval {
	slices.SortFunc(in, func(a, b interval) int { return a.from.Compare(b.from) })
	var out []interval
	for _, s := range in {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// clip keeps what lies between two moments.
func clip(in []interval, from, to time.Time) []interval {
	var out []interval
	for _, s := range in {
		if s.from.Before(from) {
			s.from = from
		}
		if s.to.After(to) {
			s.to = to
		}
		if s.from.Before(s.to) {
			out = append(out, s)
		}
	}
	return out
}

// total is the length of merged intervals.
func total(in []interval) time.Duration {
	var sum time.Duration
	for _, s := range in {
		sum += s.to.Sub(s.from)
	}
	return sum
}

// overlap is how long two merged lists hold at once.
func overlap(a, b []interval) time.Duration {
	var sum time.Duration
	for _, s := range a {
		sum += total(clip(b, s.from, s.to))
	}
	return sum
}
