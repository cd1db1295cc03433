package pmo

import (
	"fmt"
	"slices"
	"time"
)

// MeasuredPace is the pace that follows from what a team finished, as a proposal: Team.Pace is what is stated, and only people change it.
//
// What a request really took is the time in which it was in work, where each moment is shared alike by all that the team had in work then. A team that
// worked on two requests for four weeks used two team-weeks for each. The pace is the median, over the requests, of the estimated size divided by what
// was used; a median, because such ratios are skewed (calibration by past work: McConnell, Software Estimation, 2006, chapter 8).
type MeasuredPace struct {
	Pace      float64 `json:"pace" doc:"The median of estimated size divided by team-weeks used: 1.6 is 60 percent more in a week than was estimated"`
	Requests  int     `json:"requests" doc:"How many it rests on: finished, with an estimated size; at least ten"`
	Estimated float64 `json:"estimated" doc:"Their sizes together, in team-weeks as estimated"`
	Used      float64 `json:"used" doc:"Team-weeks that they used together: the time in which each was in work, shared alike among all that the team had in work"`
}

// alone reports whether exactly one person is known to have a part of the week for the team: a measure of it would be one of that person.
func (t Team) alone() bool {
	people := slices.Concat(t.Members, t.Leads)
	slices.Sort(people)
	return len(slices.DeleteFunc(slices.Compact(people), func(person string) bool { return t.ShareOf(person) == 0 })) == 1
}

// paceOf measures the pace from what ended after a moment until another one; nil where fewer than LeastFinished have an estimated size. What began before
// the list does is left out: beside what it was in work is not known.
func paceOf(list []FinishedWork, since, until time.Time) *MeasuredPace {
	const week = 7 * 24 * time.Hour
	used := usage(list, until)
	var ratios []float64
	m := MeasuredPace{}
	for _, w := range list {
		if !w.ended(since, until) || !(w.Estimated > 0) || w.Started.Before(FinishedFrom(until)) {
			continue
		}
		weeks := used(w.Started, w.Ended) / float64(week)
		if weeks <= 0 {
			continue
		}
		m.Requests++
		m.Estimated, m.Used = m.Estimated+w.Estimated, m.Used+weeks
		ratios = append(ratios, w.Estimated/weeks)
	}
	if m.Requests < LeastFinished {
		return nil
	}
	slices.Sort(ratios)
	n := len(ratios)
	m.Pace = hundredths((ratios[(n-1)/2] + ratios[n/2]) / 2)
	m.Estimated, m.Used = hundredths(m.Estimated), hundredths(m.Used)
	return &m
}

// usage is how much of the time between two moments, in nanoseconds, one of the requests used that were in work then.
func usage(list []FinishedWork, until time.Time) func(from, to time.Time) float64 {
	type change struct {
		at   time.Time
		sign int
	}
	var changes []change
	for _, w := range list {
		end := w.Ended
		if end.IsZero() || end.After(until) { // it is in work still
			end = until
		}
		if w.Started.Before(end) {
			changes = append(changes, change{w.Started, 1}, change{end, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	sums, sum, inWork := make(map[int64]float64, len(changes)), 0.0, 0
	for i, c := range changes {
		if inWork > 0 {
			sum += float64(c.at.Sub(changes[i-1].at)) / float64(inWork)
		}
		inWork += c.sign
		sums[c.at.UnixNano()] = sum
	}
	return func(from, to time.Time) float64 { return sums[to.UnixNano()] - sums[from.UnixNano()] }
}

// Possible reports whether it can be stated. Where it cannot, the sizes are estimated wrongly rather than the team so different.
func (m MeasuredPace) Possible() bool { return m.Pace > 0 && Team{Pace: m.Pace}.PaceFault() == "" }

// Proposed is the pace that may be stated instead of another one; ok is false where it is the same, or cannot be stated.
func (m MeasuredPace) Proposed(stated float64) (pace float64, ok bool) {
	return m.Pace, m.Possible() && hundredths(Team{Pace: stated}.pace()) != m.Pace
}

// Words say the measure in one line.
func (m MeasuredPace) Words() string {
	return fmt.Sprintf("%g, the median of %d finished requests with an estimated size: %g team-weeks were estimated and %g used", m.Pace, m.Requests, m.Estimated, m.Used)
}
