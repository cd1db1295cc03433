package forecast

import (
	"slices"
	"time"

	"leanpmo/internal/pmo"
)

// Calendar says which days of a portfolio are days off. The rule, everywhere in forecasts: a day off is a day of the week that is worked, on
// which nobody works, by a holiday or because the whole team is away. It does not count: not in the pace, not in how long work took, not in an
// age, and not in the days to come. All other days count, days of the week that are never worked too: every history has as many of them.
type Calendar struct {
	Zone     *time.Location
	Works    [7]bool    // days of the week that are worked, Sunday first
	Holidays []pmo.Date // past ones and those to come
}

// Team is what forecasts know of a team.
type Team struct {
	ID       string
	People   []string // leads and members
	Absences []pmo.Absence
}

// Cycle is how long a finished request was worked on.
type Cycle struct {
	Team        string // empty where none is known
	From, Until time.Time
}

// DaysOff are the days off in ascending order: the holidays, and the days on which the whole team is away.
func (c Calendar) DaysOff(absences ...pmo.Absence) []pmo.Date {
	var off []pmo.Date
	add := func(d pmo.Date) {
		if at, err := d.Time(time.UTC); err == nil && c.Works[at.Weekday()] {
			off = append(off, d)
		}
	}
	for _, d := range c.Holidays {
		add(d)
	}
	for _, a := range absences {
		first, err := a.From.Time(time.UTC)
		for day := first; err == nil && a.WholeTeam; day = day.AddDate(0, 0, 1) {
			d := pmo.Date(day.Format(time.DateOnly))
			if !a.On(d) {
				break
			}
			add(d)
		}
	}
	slices.Sort(off)
	return slices.Compact(off)
}

// Worked is how many days lie between two moments, fractions included, days off left out.
func (c Calendar) Worked(off []pmo.Date, from, until time.Time) float64 {
	worked := until.Sub(from)
	first, _ := slices.BinarySearch(off, pmo.Date(from.In(c.Zone).Format(time.DateOnly)))
	for _, d := range off[first:] {
		begins, err := d.Time(c.Zone)
		if err != nil || !begins.Before(until) {
			break
		}
		ends := begins.AddDate(0, 0, 1)
		if begins.Before(from) {
			begins = from
		}
		if ends.After(until) {
			ends = until
		}
		worked -= max(ends.Sub(begins), 0)
	}
	return max(worked.Hours()/24, 0)
}

// openDays counts days to come that are no days off; nil: all of them.
type openDays struct {
	until []int // until[d]: how many of the days 1 to d
}

// openDaysOf are those of options; nil where they have no day off that is to come.
func openDaysOf(o Options) *openDays {
	black := blackout(o)
	coming := false
	for d := range black {
		coming = coming || d > 0 && d <= o.Horizon
	}
	if !coming {
		return nil
	}
	open := &openDays{until: make([]int, o.Horizon+1)}
	for d := 1; d <= o.Horizon; d++ {
		open.until[d] = open.until[d-1]
		if !black[d] {
			open.until[d]++
		}
	}
	return open
}

// at is how many open days there are until a day; all days after the horizon are open.
func (o *openDays) at(day int) int {
	if o == nil {
		return day
	}
	last := len(o.until) - 1
	return o.until[max(min(day, last), 0)] + max(day-last, 0)
}

// after is the day on which so many open days after a day are over.
func (o *openDays) after(day, n int) int {
	if o == nil || n <= 0 {
		return day + max(n, 0)
	}
	want := o.at(day) + n
	if last := len(o.until) - 1; o.until[last] < want {
		return last + want - o.until[last]
	}
	at, _ := slices.BinarySearch(o.until, want)
	return at
}

// stretch turns chances by open days into those by days of the calendar.
func (o *openDays) stretch(cdf []float64) []float64 {
	last := len(cdf) - 1
	out := make([]float64, min(o.after(0, last), len(o.until)-1)+1)
	for day := range out {
		out[day] = cdf[min(o.at(day), last)]
	}
	return out
}
