package forecast

import (
	"fmt"
	"math"
)

// When a pace counts as broken.
const (
	paceDays     = 28  // the days that are compared with those before
	paceBefore   = 56  // the least number of days before
	paceSigns    = 3.0 // so many standard deviations off
	silenceLeast = 14  // days without a completion …
	silenceUsual = 8.0 // … in which so many were usual …
	silenceTimes = 2   // … and so many times the longest silence before
)

// Pace is how the throughput of the last weeks compares with that before.
type Pace struct {
	// Silent is how many days nothing was finished, up to today.
	Silent int `json:"silent_days,omitempty"`
	// Recent is how many were finished in the last weeks, Usual how many would have been at the rate before.
	Recent int     `json:"recent"`
	Usual  float64 `json:"usual"`
	Broken bool    `json:"broken,omitempty"`
	// Refused says that the silence is so long that the past says nothing about the future.
	Refused bool   `json:"refused,omitempty"`
	Words   string `json:"words,omitempty"`
}

// judgePace compares the last weeks with what went before. The deviation is that of a sum of days that vary as those before did.
func (m *Model) judgePace() Pace {
	p := Pace{Silent: m.silence(len(m.counts))}
	before := len(m.counts) - max(paceDays, p.Silent)
	if before < paceBefore {
		return p
	}
	days := momentsOf(m.counts[max(before-rateWindows[len(rateWindows)-1], 0):before])
	span := float64(len(m.counts) - before)
	p.Recent, p.Usual = m.done[len(m.counts)]-m.done[before], days.mean*span
	longest := m.longestSilence(before)
	deviation := math.Sqrt(max(days.variance, days.mean) * span)
	switch {
	case p.Silent >= silenceLeast && p.Usual >= silenceUsual && p.Silent >= silenceTimes*longest:
		p.Broken, p.Refused = true, true
		p.Words = fmt.Sprintf("nothing was finished for %d days, in which about %d would have been usual", p.Silent, int(math.Round(p.Usual)))
	case deviation > 0 && math.Abs(float64(p.Recent)-p.Usual) > paceSigns*deviation:
		p.Broken = true
		p.Words = fmt.Sprintf("The pace has changed: %d finished in the last %d days, where about %d were usual; the dates are less certain.",
			p.Recent, int(span), int(math.Round(p.Usual)))
	}
	return p
}

// PerWeek is how many items are finished in a week, by the rate that forecasts begin with; 0 when nothing can be forecast.
func (m *Model) PerWeek() float64 {
	if m.why != "" {
		return 0
	}
	return 7 * m.rate(len(m.counts))
}

// silence is how many days before a day nothing was finished.
func (m *Model) silence(day int) int {
	n := 0
	for n < day && m.counts[day-1-n] == 0 {
		n++
	}
	return n
}

func (m *Model) longestSilence(before int) int {
	longest, run := 0, 0
	for _, c := range m.counts[:before] {
		if run++; c > 0 {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// refuses says why the pace gives no forecast; "" when it does.
func (p Pace) refuses() string {
	if !p.Refused {
		return ""
	}
	return p.Words + "; once work is finished again it can be"
}

// widens is what a changed pace adds to the spread of the logarithm: half of the change.
func (p Pace) widens() float64 {
	if !p.Broken {
		return 0
	}
	return math.Abs(math.Log((float64(p.Recent)+1)/(p.Usual+1))) / 2
}
