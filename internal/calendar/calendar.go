// Package calendar turns deadlines such as "2 working days" into moments, over weekends, holidays and changes of the clock.
//
// All arithmetic on days is done on the wall clock of the calendar's time zone: what opens at 15:00 and is due in two days is
// due at 15:00, also when the clock changed in between. Moving a moment forward never makes its deadline earlier. The arithmetic itself is
// pmo.Calendar, which the process carries; this package reads descriptions and time zones.
package calendar

import (
	"fmt"
	"slices"
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
	working pmo.Calendar
	loc     *time.Location
}

// The changes of the clock are known from 1970 to 2200, as holidays are.
var firstMoment, lastMoment = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// zone lists the offsets of a time zone. By its rules for years to come Go also ends a period with every year, a day early in leap years.
func zone(loc *time.Location) []pmo.Offset {
	var list []pmo.Offset
	for at := firstMoment; at.Before(lastMoment); {
		_, seconds := at.In(loc).Zone()
		if n := len(list); n == 0 || list[n-1].Seconds != seconds {
			list = append(list, pmo.Offset{From: at.Unix(), Seconds: seconds})
		}
		_, end := at.In(loc).ZoneBounds()
		switch {
		case end.IsZero():
			return list
		case end.After(at):
			at = end
		default:
			at = at.Add(24 * time.Hour).Truncate(24 * time.Hour)
		}
	}
	return list
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
	c := &Calendar{loc: time.UTC}
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
		c.working.Days[day] = c.working.Days[day] || ok
	}
	if len(s.WorkingDays) == 0 {
		fault("working_days", "at least one day of the week must be worked")
	}
	if c.working.Opens, c.working.Closes, err = parseHours(s.Hours); err != nil {
		fault("hours", "%s", err)
	}
	for _, day := range s.Holidays {
		if day == "" || !day.Valid() {
			fault("holidays", "%q is not a date like 2027-03-31", day)
		} else if day < "1970" || day >= "2200" { // 0226 for 2026 would be a holiday nobody has
			fault("holidays", "%q is in a year that cannot be meant", day)
		}
		c.working.Holidays = append(c.working.Holidays, day)
	}
	if faults != nil {
		return nil, faults
	}
	slices.Sort(c.working.Holidays)
	c.working.Zone = zone(c.loc)
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
	n := sign * d.N
	switch d.Unit {
	case Days:
		return c.working.AddDays(t, n).In(c.loc)
	case Weeks:
		return c.working.AddDays(t, 7*n).In(c.loc)
	case WorkingDays:
		return c.working.AddWorking(t, time.Duration(n)*(c.working.Closes-c.working.Opens)).In(c.loc)
	case WorkingHours:
		return c.working.AddWorking(t, time.Duration(n)*time.Hour).In(c.loc)
	}
	elapsed, _ := d.Fixed()
	return t.Add(time.Duration(sign) * elapsed)
}

// IsWorkingDay reports whether t's day is a working day.
func (c *Calendar) IsWorkingDay(t time.Time) bool { return c.working.IsWorkingDay(t) }

// Weekdays are the days of the week that are worked, Sunday first.
func (c *Calendar) Weekdays() [7]bool { return c.working.Days }

// Around is the part of the calendar that a request carries which asks at a time.
func (c *Calendar) Around(at time.Time) *pmo.Calendar { return c.working.Around(at) }
