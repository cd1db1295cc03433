package history

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Dates says how days, months and years are ordered where a file does not.
type Dates string

// The orders.
const (
	DatesAuto     Dates = ""
	DatesUS       Dates = "us"       // month/day/year
	DatesEuropean Dates = "european" // day/month/year
)

// numeric is a date of three numbers, with a time or without.
var numeric = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:[ ,T]+(.+))?$`)

var isoLayouts = []string{time.DateOnly, time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02T15:04", "2/Jan/06 3:04 PM", "02/Jan/06", "2 Jan 2006 15:04", "Jan 2, 2006"}

var clockLayouts = []string{"3:04:05 PM", "3:04 PM", "15:04:05", "15:04", "3:04:05 pm", "3:04 pm"}

// dateReader reads the dates of one file.
type dateReader struct {
	order    Dates
	location *time.Location
}

// readerFor finds out how a file orders its dates: a number above 12 says it, dots are European. A file that could be read either way is an
// error, unless asked says how.
func readerFor(cells []string, asked Dates, location *time.Location) (dateReader, string, error) {
	if location == nil {
		location = time.UTC
	}
	r := dateReader{order: asked, location: location}
	found, us, european := false, false, false
	for _, cell := range cells {
		m := numeric.FindStringSubmatch(strings.TrimSpace(cell))
		if m == nil {
			continue
		}
		first, _ := strconv.Atoi(m[1])
		second, _ := strconv.Atoi(m[3])
		found = true
		us = us || second > 12
		european = european || first > 12 || m[2] == "."
	}
	switch {
	case us && european:
		return r, "", fmt.Errorf("some dates are month/day/year and others day/month/year")
	case !found:
		return r, "ISO", nil
	case asked == DatesUS && european, asked == DatesEuropean && us:
		return r, "", fmt.Errorf("the dates are not in the order that was given")
	case us:
		r.order = DatesUS
	case european:
		r.order = DatesEuropean
	case asked == DatesAuto:
		return r, "", fmt.Errorf("the dates could be month/day/year or day/month/year: say which")
	}
	return r, map[Dates]string{DatesUS: "month/day/year", DatesEuropean: "day/month/year"}[r.order], nil
}

// read is the time of a cell; zero for an empty one.
func (r dateReader) read(cell string) (time.Time, error) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return time.Time{}, nil
	}
	if m := numeric.FindStringSubmatch(cell); m != nil {
		return r.readNumeric(m)
	}
	for _, layout := range isoLayouts {
		if at, err := time.ParseInLocation(layout, cell, r.location); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no date that is known", cell)
}

func (r dateReader) readNumeric(m []string) (time.Time, error) {
	day, month := m[1], m[3]
	if r.order == DatesUS {
		day, month = month, day
	}
	date, err := time.ParseInLocation("2006-1-2", m[4]+"-"+month+"-"+day, r.location)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.40q is no day", m[0])
	}
	if m[5] == "" {
		return date.UTC(), nil
	}
	for _, layout := range clockLayouts {
		if clock, err := time.Parse(layout, m[5]); err == nil {
			return time.Date(date.Year(), date.Month(), date.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, r.location).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no time of a day", m[5])
}
