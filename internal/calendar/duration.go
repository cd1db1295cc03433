package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// Unit is what a duration counts in.
type Unit string

// Seconds, minutes and hours are elapsed time; days and weeks keep the time of day; working hours and days count office time only.
const (
	Seconds      Unit = "s"
	Minutes      Unit = "m"
	Hours        Unit = "h"
	Days         Unit = "d"
	Weeks        Unit = "w"
	WorkingHours Unit = "wh"
	WorkingDays  Unit = "wd"
)

// longest refuses durations that can only be typing errors, and keeps every loop over days short.
var longest = map[Unit]int{Seconds: 100_000, Minutes: 100_000, Hours: 10_000, Days: 3_660, Weeks: 520, WorkingHours: 10_000, WorkingDays: 2_600}

var unitWords = map[Unit]string{
	Seconds: "second", Minutes: "minute", Hours: "hour", Days: "day", Weeks: "week", WorkingHours: "working hour", WorkingDays: "working day",
}

// Duration is an amount of calendar or working time. The zero value means none.
type Duration struct {
	N    int
	Unit Unit
}

// Parse reads a duration such as 30m, 4h, 2d, 3w, 2wd or 6wh.
func Parse(text string) (Duration, error) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	unit := Unit(text[len(digits):])
	limit, known := longest[unit]
	n, err := strconv.Atoi(digits)
	if !known || err != nil || n < 0 || digits != strconv.Itoa(n) {
		return Duration{}, fmt.Errorf("%q is not a duration like 30m, 4h, 2d, 3w or 2wd (working days)", text)
	}
	if n > limit {
		return Duration{}, fmt.Errorf("%q is longer than %d%s", text, limit, unit)
	}
	return Duration{N: n, Unit: unit}, nil
}

// Zero reports whether the duration is none at all.
func (d Duration) Zero() bool { return d.N == 0 }

// Working reports whether only working time counts.
func (d Duration) Working() bool { return d.Unit == WorkingDays || d.Unit == WorkingHours }

// TimeUnit is the unit by which the process keeps the length of a step.
func (d Duration) TimeUnit() pmo.TimeUnit {
	switch d.Unit {
	case WorkingHours, WorkingDays:
		return pmo.InWorkingTime
	case Days, Weeks:
		return pmo.InDays
	}
	return pmo.InElapsedTime
}

// Fixed is the elapsed time of a duration that needs no calendar, a day being 24 hours; ok is false for working time.
func (d Duration) Fixed() (elapsed time.Duration, ok bool) {
	switch d.Unit {
	case Seconds:
		return time.Duration(d.N) * time.Second, true
	case Minutes:
		return time.Duration(d.N) * time.Minute, true
	case Hours:
		return time.Duration(d.N) * time.Hour, true
	case Days:
		return time.Duration(d.N) * 24 * time.Hour, true
	case Weeks:
		return time.Duration(d.N) * 7 * 24 * time.Hour, true
	}
	return 0, d.N == 0
}

// String is the form Parse reads.
func (d Duration) String() string {
	if d.Unit == "" {
		return "0m"
	}
	return strconv.Itoa(d.N) + string(d.Unit)
}

// Words writes the duration in plain words.
func (d Duration) Words() string {
	word := unitWords[d.Unit]
	if word == "" {
		return "at once"
	}
	if d.N != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", d.N, word)
}

// MarshalText writes the form Parse reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what Parse reads.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
