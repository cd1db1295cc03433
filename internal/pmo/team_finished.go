package pmo

import (
	"cmp"
	"fmt"
	"math"
	"time"
)

const (
	// FinishedWeeks is over how many weeks the finished work of a team is measured.
	FinishedWeeks = 26
	// LeastFinished is how many requests a measured capacity rests on at least.
	LeastFinished = 10
)

// FinishedWork is a request that a team finished, or works on: its size in team-weeks, and when it was in work.
type FinishedWork struct {
	Size           float64
	Started, Ended time.Time // Ended is zero as long as the team works on it
	Estimated      float64   // the size that it was estimated at, in team-weeks of an ordinary team; 0: it was not
}

// FinishedFrom is from when on work that ended is read to measure until a moment: what counts was in work beside what ended before it.
func FinishedFrom(until time.Time) time.Time { return until.AddDate(0, 0, -2*7*FinishedWeeks) }

// CountFinished is how many of them ended in the measured weeks.
func CountFinished(list []FinishedWork, until time.Time) (n int) {
	for _, w := range list {
		if w.ended(until.AddDate(0, 0, -7*FinishedWeeks), until) {
			n++
		}
	}
	return n
}

// ended reports whether it began, and ended after a moment and no later than another one.
func (w FinishedWork) ended(since, until time.Time) bool {
	return w.Ended.After(since) && !w.Ended.After(until) && !w.Started.After(w.Ended)
}

// Finished is what a team finished, and the capacity that follows from it. By Little's law what is in work at once is what is finished in a week times
// how many weeks it is in work. A team may carry as much as its ceiling, so that is the share of its capacity that the ceiling is.
type Finished struct {
	Until     Date    `json:"until" format:"date" doc:"The day on which it was measured"`
	Weeks     float64 `json:"weeks" doc:"Over how many weeks: 26, or fewer where the first work began later"`
	Requests  int     `json:"requests" doc:"How many it rests on; fewer than ten are no measure"`
	PerWeek   float64 `json:"per_week" doc:"Team-weeks finished in a week"`
	WeeksEach float64 `json:"weeks_each" doc:"How many weeks a team-week of it was in work on average, from the start to the acceptance"`
	AtOnce    float64 `json:"at_once" doc:"Team-weeks in work at once on average: per_week times weeks_each (Little's law)"`
	Ceiling   float64 `json:"ceiling" doc:"The share of capacity that might be taken"`
	Capacity  float64 `json:"capacity" doc:"at_once divided by ceiling, in team-weeks"`

	Pace *MeasuredPace `json:"pace,omitempty" doc:"The pace that it proposes; absent where fewer than ten of them have an estimated size, and for a team of one person"`
}

// FinishedOf measures the finished work of a team until a moment, in a time zone, under its ceiling or else that of the policy; nil where there is too
// little of it. Work that ended before the measured weeks, or after the moment, does not count.
func FinishedOf(team Team, list []FinishedWork, until time.Time, zone *time.Location, policyCeiling float64) *Finished {
	const week = 7 * 24 * time.Hour
	since, first, ceiling := until.Add(-FinishedWeeks*week), until, cmp.Or(team.LoadCeiling, policyCeiling)
	f := Finished{Until: Date(until.In(zone).Format(time.DateOnly)), Ceiling: ceiling}
	size, inWork := 0.0, 0.0
	for _, w := range list {
		if !w.ended(since, until) || !(w.Size > 0) {
			continue
		}
		f.Requests++
		size += w.Size
		inWork += w.Size * float64(w.Ended.Sub(w.Started)) / float64(week)
		if w.Started.Before(first) {
			first = w.Started
		}
	}
	if f.Requests < LeastFinished || !(ceiling > 0) {
		return nil
	}
	if first.Before(since) {
		first = since
	}
	f.Weeks = max(float64(until.Sub(first))/float64(week), 1)
	f.PerWeek, f.WeeksEach = hundredths(size/f.Weeks), hundredths(inWork/size)
	f.AtOnce = hundredths(inWork / f.Weeks)
	f.Capacity, f.Weeks = min(hundredths(inWork/f.Weeks/ceiling), mostCapacity), hundredths(f.Weeks)
	if !team.alone() {
		f.Pace = paceOf(list, since, until)
	}
	return &f
}

// hundredths rounds what is measured: more digits would say more than is known.
func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// Words say the measure in one line.
func (f Finished) Words() string {
	return fmt.Sprintf("from what was finished in %g weeks until %s: %d requests, %g team-weeks a week, each in work for %g weeks, so %g at once; at a ceiling of %g %% a capacity of %g",
		f.Weeks, f.Until, f.Requests, f.PerWeek, f.WeeksEach, f.AtOnce, hundredths(f.Ceiling*100), f.Capacity)
}
