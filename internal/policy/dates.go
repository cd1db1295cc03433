package policy

import (
	"fmt"
	"time"

	"leanpmo/internal/pmo"
)

// A date outside these years is a slip of the hand: 0226 for 2026, 9999 for never.
const (
	firstYear  = 2000
	yearsAhead = 30
)

// DateFault says why a date that people give is refused, or is empty. An empty date is no fault.
func DateFault(date pmo.Date, now time.Time) string {
	if date == "" {
		return ""
	}
	day, err := date.Time(time.UTC)
	switch {
	case err != nil:
		return "is not a date like 2027-03-31"
	case day.Year() < firstYear:
		return fmt.Sprintf("lies before the year %d: %s; is the year right?", firstYear, date)
	case day.After(now.AddDate(yearsAhead, 0, 0)):
		return fmt.Sprintf("lies more than %d years ahead: %s; is the year right?", yearsAhead, date)
	}
	return ""
}

// ValidateDates lists the faults of a form that depend on the day it is given: a wanted date that is over in the time zone of its
// portfolio, or far away. It is apart from Validate because a form that was right stays so when its date passes.
func (p *Policy) ValidateDates(c pmo.Content, now time.Time) []FieldFault {
	if c.WantedBy == "" || !c.WantedBy.Valid() { // Validate reports what is no date
		return nil
	}
	v := &validator{}
	portfolio := p.doc.Portfolios[p.pick("portfolios", len(p.doc.Portfolios), facts{content: c}.known())].ID
	zone := p.Calendar(portfolio).Location()
	today := p.DayOf(portfolio, now)
	fault := DateFault(c.WantedBy, now)
	v.check(fault == "", "/wanted_by", "%s", fault)
	v.check(fault != "" || c.WantedBy >= today, "/wanted_by", "lies in the past: %s is before today, %s in %s", c.WantedBy, today, zone)
	return v.faults
}
