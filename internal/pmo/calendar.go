package pmo

import (
	"slices"
	"sort"
	"time"
)

// Calendar is the working time of a portfolio, as plain values: a request carries the part it needs, because the process itself reads no
// policy and no time zone. All arithmetic on days is done on the wall clock of the calendar's zone.
type Calendar struct {
	Name     string        `json:"name,omitempty"` // of the policy, the portfolio and the year it was made for
	Zone     []Offset      `json:"zone,omitempty"` // ascending; empty is UTC
	Days     [7]bool       `json:"days"`           // worked, Sunday first
	Opens    time.Duration `json:"opens"`          // wall clock since midnight
	Closes   time.Duration `json:"closes"`
	Holidays []Date        `json:"holidays,omitempty"` // ascending
}

// Offset is how far the wall clock is ahead of UTC from a moment on. The first one of a zone also holds before its moment.
type Offset struct {
	From    int64 `json:"from"`    // seconds since 1970
	Seconds int   `json:"seconds"` // east of UTC
}

// TimeUnit is what the length of a step counts in.
type TimeUnit string

// The units. Days keep the time of day when the clock is changed.
const (
	InElapsedTime TimeUnit = ""
	InDays        TimeUnit = "days"
	InWorkingTime TimeUnit = "working"
)

// A request carries the changes of the clock and the holidays of so many years, and of so many days before; so many holidays at most.
const (
	calendarYears    = 5
	calendarDaysBack = 370
	maxHolidays      = 60
)

// Around is the part of the calendar that a request needs which asks at a time.
func (c Calendar) Around(at time.Time) *Calendar {
	from, until := at.AddDate(0, 0, -calendarDaysBack), at.AddDate(calendarYears, 0, 0)
	zone := []Offset{}
	for i, o := range c.Zone {
		if o.From < until.Unix() && (i+1 == len(c.Zone) || c.Zone[i+1].From > from.Unix()) {
			zone = append(zone, o)
		}
	}
	first, last := Date(from.Format(time.DateOnly)), Date(until.Format(time.DateOnly))
	holidays := slices.DeleteFunc(slices.Clone(c.Holidays), func(d Date) bool { return d < first || d > last })
	c.Zone, c.Holidays = zone, holidays[:min(len(holidays), maxHolidays)]
	return &c
}

// reading is a position on the wall clock: a day and the time since its midnight. The day is kept in UTC, where all days are equally long.
type reading struct {
	day   time.Time
	clock time.Duration
}

func (w reading) addDays(n int) reading { return reading{w.day.AddDate(0, 0, n), w.clock} }

// plain is the reading as if the clock showed UTC.
func (w reading) plain() time.Time { return w.day.Add(w.clock) }

func readingOf(plain time.Time) reading {
	y, m, d := plain.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return reading{day, plain.Sub(day)}
}

// offsetAt is the place in the zone of the offset that holds at a moment.
func (c *Calendar) offsetAt(unix int64) int {
	return max(sort.Search(len(c.Zone), func(i int) bool { return c.Zone[i].From > unix })-1, 0)
}

// wall reads the clock at t. While the clock repeats the hour by which it was set back, the reading stays at the end of that hour, so that
// later moments never have an earlier reading.
func (c *Calendar) wall(t time.Time) reading {
	if len(c.Zone) == 0 {
		return readingOf(t.UTC())
	}
	i := c.offsetAt(t.Unix())
	if i > 0 {
		back := time.Duration(c.Zone[i-1].Seconds-c.Zone[i].Seconds) * time.Second
		if start := time.Unix(c.Zone[i].From, 0); t.Sub(start) < back {
			t = start.Add(back)
		}
	}
	return readingOf(t.UTC().Add(time.Duration(c.Zone[i].Seconds) * time.Second))
}

// instant is the moment the clock first shows w, or the moment it jumps over it.
func (c *Calendar) instant(w reading) time.Time {
	plain := w.plain()
	first := c.offsetAt(plain.Add(-2 * 24 * time.Hour).Unix())
	for i := first; i < len(c.Zone); i++ {
		t := plain.Add(-time.Duration(c.Zone[i].Seconds) * time.Second)
		if start := time.Unix(c.Zone[i].From, 0).UTC(); i > first && t.Before(start) {
			return start
		}
		if i+1 == len(c.Zone) || t.Before(time.Unix(c.Zone[i+1].From, 0)) {
			return t
		}
	}
	return plain
}

func (c *Calendar) worked(w reading) bool {
	_, holiday := slices.BinarySearch(c.Holidays, Date(w.day.Format(time.DateOnly)))
	return c.Days[w.day.Weekday()] && !holiday
}

// IsWorkingDay reports whether t's day is a working day.
func (c *Calendar) IsWorkingDay(t time.Time) bool { return c.worked(c.wall(t)) }

// EndOf is the first moment after a day on the calendar's clock; the zero time for an empty or wrong date. Without a calendar days are those of UTC.
func (c *Calendar) EndOf(d Date) time.Time {
	end := d.EndUTC()
	if c == nil || end.IsZero() {
		return end
	}
	return c.instant(readingOf(end))
}

// DayOf is the day of a moment on the calendar's clock, without a calendar that of UTC.
func (c *Calendar) DayOf(t time.Time) Date {
	if c == nil {
		return Date(t.UTC().Format(time.DateOnly))
	}
	return Date(c.wall(t).day.Format(time.DateOnly))
}

// AddDays moves t by days and keeps the time of day.
func (c *Calendar) AddDays(t time.Time, n int) time.Time { return c.instant(c.wall(t).addDays(n)) }

// AddWorking moves t by working time, back when it is negative. Working time that begins outside office hours begins when the office opens.
func (c *Calendar) AddWorking(t time.Time, amount time.Duration) time.Time {
	sign := 1
	if amount < 0 {
		amount, sign = -amount, -1
	}
	return c.instant(c.work(c.wall(t), amount, sign))
}

// work moves w by an amount of working time, forward (sign 1) or back (-1).
func (c *Calendar) work(w reading, amount time.Duration, sign int) reading {
	for range 100_000 { // some 270 years; only a calendar without working days reaches this
		if room := c.room(w, sign); room > 0 {
			if amount <= room {
				at := max(w.clock, c.Opens)
				if sign < 0 {
					at = min(w.clock, c.Closes)
				}
				return reading{w.day, at + time.Duration(sign)*amount}
			}
			amount -= room
		}
		w = w.addDays(sign)
		w.clock = 0
		if sign < 0 {
			w.clock = 24 * time.Hour
		}
	}
	return w
}

// room is the working time of w's day that lies after w, or before it.
func (c *Calendar) room(w reading, sign int) time.Duration {
	if !c.worked(w) {
		return 0
	}
	if sign < 0 {
		return max(min(w.clock, c.Closes)-c.Opens, 0)
	}
	return max(c.Closes-max(w.clock, c.Opens), 0)
}

// workingTime is the working time between two moments; none when the second one is earlier.
func (c *Calendar) workingTime(from, to time.Time) (total time.Duration) {
	w, end := c.wall(from), c.wall(to)
	for w.day.Before(end.day) {
		total += c.room(w, 1)
		w = reading{w.day.AddDate(0, 0, 1), 0}
	}
	if w.day.Equal(end.day) {
		total += c.room(w, 1) - c.room(end, 1)
	}
	return max(total, 0)
}

// keepLength is when a step ends that begins at another time: it keeps its length, in its unit. Without a calendar all time is elapsed time.
func (c *Calendar) keepLength(end, from, to time.Time, in TimeUnit) time.Time {
	switch {
	case end.IsZero():
		return end
	case c == nil || in == InElapsedTime || end.Before(from):
		return to.Add(end.Sub(from))
	case in == InDays:
		return c.instant(readingOf(c.wall(to).plain().Add(c.wall(end).plain().Sub(c.wall(from).plain()))))
	}
	length := c.workingTime(from, end)
	if length == 0 {
		return to
	}
	return c.AddWorking(to, length)
}

// periodEnd is when a period ends: one of days at the same time of day, in working time.
func (c *Calendar) periodEnd(t time.Time, period time.Duration) time.Time {
	if c == nil || !ofDays(period) {
		return t.Add(period)
	}
	return c.workedAt(c.AddDays(t, int(period/(24*time.Hour))), period)
}

// ofDays reports whether a period is counted in days. One of minutes or hours is elapsed time, as the policy gives it.
func ofDays(period time.Duration) bool { return period%(24*time.Hour) == 0 }

// workedAt is the end t of a period of days when somebody works then, and else the next opening of the office. The moment the office closes
// is still worked.
func (c *Calendar) workedAt(t time.Time, period time.Duration) time.Time {
	if c == nil || !ofDays(period) {
		return t
	}
	w := c.wall(t)
	if c.worked(w) && w.clock >= c.Opens && w.clock <= c.Closes {
		return t
	}
	return c.instant(c.work(w, 0, 1))
}

// calendar is the request's working time; nil where all time is elapsed time: before Process06, and until a step brought one.
func (r *Request) calendar() *Calendar {
	if r.Process < Process06 {
		return nil
	}
	return r.Calendar
}

// dayOf is the day of a moment in the request's time zone. Before Process10 texts said the day in UTC.
func (r *Request) dayOf(t time.Time) Date {
	if r.Process < Process10 {
		return Date(t.UTC().Format(time.DateOnly))
	}
	return r.calendar().DayOf(t)
}

// meetCalendar takes the calendar that came with a step.
func (r *Request) meetCalendar(c *Calendar) {
	if c != nil {
		r.Calendar = c
	}
}
