package pmo

import (
	"fmt"
	"time"
)

// Date is a calendar day, written 2006-01-02, without a time zone. Empty means none.
type Date string

// Time is the moment the day begins in loc. It fails on a text that is no day.
func (d Date) Time(loc *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, string(d), loc)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a date like 2027-03-31", string(d))
	}
	return t, nil
}

// Valid reports whether d is empty or a real day.
func (d Date) Valid() bool {
	if d == "" {
		return true
	}
	_, err := d.Time(time.UTC)
	return err == nil
}

// EndUTC is the first moment after the day, in UTC; the zero time for an empty or wrong date.
func (d Date) EndUTC() time.Time {
	t, err := d.Time(time.UTC)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1)
}

// Plus is the day some days later; empty for an empty or wrong date.
func (d Date) Plus(days int) Date {
	t, err := d.Time(time.UTC)
	if err != nil {
		return ""
	}
	return Date(t.AddDate(0, 0, days).Format(time.DateOnly))
}
