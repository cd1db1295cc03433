// Package calendar turns deadlines such as "2 working days" into moments, over weekends, holidays and changes of the clock.
//
// All arithmetic on days is done on the wall clock of the calendar's time zone: what opens at 15:00 and is due in two days is
// due at 15:00, also when the clock changed in between. Moving a moment forward never makes its deadline earlier.
package calendar

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // so that time zones work in a container without zone files

	"leanpmo/internal/pmo"
)

// Spec describes a calendar as written in a policy.
type Spec struct {
	TimeZone    string     // IANA name; empty is UTC
	WorkingDays []string   // mon … sun
	Hours       string     // 09:00-17:00
	Holidays    []pmo.Date // days without work
}

// Fault is an error in a field of a Spec.
type Fault struct{ Field, Problem string }

// Calendar holds the working time of an organization. New builds one.
type Calendar struct {
	loc        *time.Location
	days       [7]bool
	start, end time.Duration // wall clock since midnight
	holidays   map[pmo.Date]bool
}

var weekdays = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday,
	"thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday,
}

// New builds a calendar, or returns every fault of its description.
func New(s Spec) (*Calendar, []Fault) {
	var faults []Fault
	fault := func(field, format string, args ...any) {
		faults = append(faults, Fault{field, fmt.Sprintf(format, args...)})
	}
	c := &Calendar{loc: time.UTC, holidays: map[pmo.Date]bool{}}
	loc, err := time.LoadLocation(s.TimeZone)
	if err != nil || s.TimeZone == "Local" {
		fault("time_zone", "%q is not a time zone like Europe/Berlin", s.TimeZone)
	} else {
		c.loc = loc
	}
	for _, name := range s.WorkingDays {
		day, ok := weekdays[name]
		if !ok {
			fault("working_days", "%q is not one of mon, tue, wed, thu, fri, sat, sun", name)
		}
		c.days[day] = c.days[day] || ok
	}
	if len(s.WorkingDays) == 0 {
		fault("working_days", "at least one day of the week must be worked")
	}
	if c.start, c.end, err = parseHours(s.Hours); err != nil {
		fault("hours", "%s", err)
	}
	for _, day := range s.Holidays {
		if day == "" || !day.Valid() {
			fault("holidays", "%q is not a date like 2027-03-31", day)
		} else if day < "1970" || day >= "2200" { // 0226 for 2026 would be a holiday nobody has
			fault("holidays", "%q is in a year that cannot be meant", day)
		}
		c.holidays[day] = true
	}
	if faults != nil {
		return nil, faults
	}
	return c, nil
}

func parseHours(text string) (start, end time.Duration, err error) {
	from, to, found := strings.Cut(text, "-")
	start, errFrom := parseClock(from)
	end, errTo := parseClock(to)
	if !found || errFrom != nil || errTo != nil || end <= start {
		return 0, 0, fmt.Errorf("%q is not a span of one day like 09:00-17:00", text)
	}
	return start, end, nil
}

func parseClock(text string) (time.Duration, error) {
	if text == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fmt.Errorf("parse time of day: %w", err)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// Location is the calendar's time zone.
func (c *Calendar) Location() *time.Location { return c.loc }

// Add is the moment a duration after t. Working time that begins outside office hours begins when the office opens.
func (c *Calendar) Add(t time.Time, d Duration) time.Time { return c.move(t, d, 1) }

// Sub is the moment a duration before t.
func (c *Calendar) Sub(t time.Time, d Duration) time.Time { return c.move(t, d, -1) }

func (c *Calendar) move(t time.Time, d Duration, sign int) time.Time {
	if d.N == 0 {
		return t
	}
	w := c.wall(t)
	switch d.Unit {
	case Days:
		return c.instant(w.addDays(sign * d.N))
	case Weeks:
		return c.instant(w.addDays(sign * 7 * d.N))
	case WorkingDays:
		return c.instant(c.work(w, time.Duration(d.N)*(c.end-c.start), sign))
	case WorkingHours:
		return c.instant(c.work(w, time.Duration(d.N)*time.Hour, sign))
	}
	elapsed, _ := d.Fixed()
	return t.Add(time.Duration(sign) * elapsed)
}

// IsWorkingDay reports whether t's day is a working day.
func (c *Calendar) IsWorkingDay(t time.Time) bool { return c.worked(c.wall(t)) }
