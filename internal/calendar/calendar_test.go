package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
)

func office(t require.TestingT, zone string, holidays ...pmo.Date) *calendar.Calendar {
	c, faults := calendar.New(calendar.Spec{TimeZone: zone, WorkingDays: []string{"mon", "tue", "wed", "thu", "fri"}, Hours: "09:00-17:00", Holidays: holidays})
	require.Empty(t, faults)
	return c
}

func TestParse(t *testing.T) {
	for text, words := range map[string]string{
		"30m": "30 minutes", "4h": "4 hours", "1d": "1 day", "3w": "3 weeks", "2wd": "2 working days", "1wh": "1 working hour", "0d": "0 days",
	} {
		d, err := calendar.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, text, d.String())
		require.Equal(t, words, d.Words())
	}
	for _, text := range []string{"", "2", "wd", "-1d", "1.5h", "2 d", "2D", "01d", "+1d", "1y", "99999999999999999999h", "1000w", "2dd"} {
		_, err := calendar.Parse(text)
		require.Error(t, err, text)
	}
}

func TestFixed(t *testing.T) {
	elapsed, ok := calendar.Duration{N: 2, Unit: calendar.Weeks}.Fixed()
	require.True(t, ok)
	require.Equal(t, 14*24*time.Hour, elapsed)
	_, ok = calendar.Duration{N: 2, Unit: calendar.WorkingDays}.Fixed()
	require.False(t, ok)
}

func TestNewNamesEveryFault(t *testing.T) {
	_, faults := calendar.New(calendar.Spec{TimeZone: "Mars/Olympus", WorkingDays: []string{"funday"}, Hours: "17:00-09:00", Holidays: []pmo.Date{"2027-02-30"}})
	var fields []string
	for _, f := range faults {
		fields = append(fields, f.Field)
	}
	require.Equal(t, []string{"time_zone", "working_days", "hours", "holidays"}, fields)
	_, faults = calendar.New(calendar.Spec{TimeZone: "UTC", WorkingDays: []string{"mon"}, Hours: "09:00-17:00", Holidays: []pmo.Date{"0226-12-25", "2026-12-25", "9999-12-31"}})
	require.Len(t, faults, 2)
	_, faults = calendar.New(calendar.Spec{TimeZone: "Local", Hours: "09:00"})
	require.Len(t, faults, 3)
}

// Offices: Berlin sets its clock forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
func TestAdd(t *testing.T) {
	for _, c := range []struct{ name, zone, from, add, want string }{
		{"elapsed hours ignore the office", "Europe/Berlin", "2026-03-27T16:00:00+01:00", "4h", "2026-03-27T20:00:00+01:00"},
		{"elapsed hours over the change", "Europe/Berlin", "2026-03-29T01:30:00+01:00", "1h", "2026-03-29T03:30:00+02:00"},
		{"a day keeps its time over the change", "Europe/Berlin", "2026-03-28T15:00:00+01:00", "1d", "2026-03-29T15:00:00+02:00"},
		{"a time that was jumped over", "Europe/Berlin", "2026-03-28T02:30:00+01:00", "1d", "2026-03-29T03:00:00+02:00"},
		{"a time that comes twice is the first", "Europe/Berlin", "2026-10-24T02:30:00+02:00", "1d", "2026-10-25T02:30:00+02:00"},
		{"from the second time", "Europe/Berlin", "2026-10-25T02:30:00+01:00", "1d", "2026-10-26T03:00:00+01:00"},
		{"weeks", "Europe/Berlin", "2026-10-20T10:00:00+02:00", "1w", "2026-10-27T10:00:00+01:00"},
		{"midnight that does not exist", "America/Santiago", "2026-09-05T00:00:00-04:00", "1d", "2026-09-06T01:00:00-03:00"},
		{"working days", "Europe/Berlin", "2026-03-25T15:00:00+01:00", "1wd", "2026-03-26T15:00:00+01:00"},
		{"over the weekend and the change", "Europe/Berlin", "2026-03-27T15:00:00+01:00", "2wd", "2026-03-31T15:00:00+02:00"},
		{"from the weekend", "Europe/Berlin", "2026-03-28T12:00:00+01:00", "1wd", "2026-03-30T17:00:00+02:00"},
		{"from the evening", "Europe/Berlin", "2026-03-25T20:00:00+01:00", "1wd", "2026-03-26T17:00:00+01:00"},
		{"from the early morning", "Europe/Berlin", "2026-03-25T06:00:00+01:00", "1wd", "2026-03-25T17:00:00+01:00"},
		{"over a holiday", "Europe/Berlin", "2026-04-30T10:00:00+02:00", "1wd", "2026-05-04T10:00:00+02:00"},
		{"working hours into the next day", "Europe/Berlin", "2026-03-25T16:00:00+01:00", "2wh", "2026-03-26T10:00:00+01:00"},
		{"the zone decides what day it is", "America/Los_Angeles", "2026-03-28T02:00:00Z", "1wh", "2026-03-30T10:00:00-07:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := calendar.Parse(c.add)
			require.NoError(t, err)
			got := office(t, c.zone, "2026-05-01").Add(moment(t, c.from), d)
			require.True(t, got.Equal(moment(t, c.want)), "got %s, want %s", got, c.want)
		})
	}
}

func TestSub(t *testing.T) {
	c := office(t, "Europe/Berlin", "2026-05-01")
	for _, want := range []struct{ from, sub, to string }{
		{"2026-03-31T15:00:00+02:00", "2wd", "2026-03-27T15:00:00+01:00"},
		{"2026-03-30T10:00:00+02:00", "2wh", "2026-03-27T16:00:00+01:00"},
		{"2026-03-29T12:00:00+02:00", "1wh", "2026-03-27T16:00:00+01:00"},
		{"2026-03-29T15:00:00+02:00", "1d", "2026-03-28T15:00:00+01:00"},
	} {
		d, err := calendar.Parse(want.sub)
		require.NoError(t, err)
		require.True(t, c.Sub(moment(t, want.from), d).Equal(moment(t, want.to)), "%+v: %s", want, c.Sub(moment(t, want.from), d))
	}
}

func TestIsWorkingDay(t *testing.T) {
	c := office(t, "Europe/Berlin", "2026-05-01")
	require.False(t, c.IsWorkingDay(moment(t, "2026-05-01T10:00:00+02:00")))
	require.False(t, c.IsWorkingDay(moment(t, "2026-05-02T10:00:00+02:00")))
	require.True(t, c.IsWorkingDay(moment(t, "2026-05-04T10:00:00+02:00")))
}

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu"}

func anyMoment(t *rapid.T, label string) time.Time {
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(start+rapid.Int64Range(0, 15*365*24*3600).Draw(t, label), 0)
}

func anyDuration(t *rapid.T) calendar.Duration {
	unit := rapid.SampledFrom([]calendar.Unit{calendar.Minutes, calendar.Hours, calendar.Days, calendar.Weeks, calendar.WorkingHours, calendar.WorkingDays}).Draw(t, "unit")
	return calendar.Duration{N: rapid.IntRange(0, 40).Draw(t, "n"), Unit: unit}
}

func anyCalendar(t *rapid.T) *calendar.Calendar {
	hours := rapid.SampledFrom([]string{"09:00-17:00", "00:00-24:00", "01:30-02:45", "22:00-23:59"}).Draw(t, "hours")
	days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}), 1, 7, rapid.ID).Draw(t, "days")
	c, faults := calendar.New(calendar.Spec{TimeZone: rapid.SampledFrom(zones).Draw(t, "zone"), WorkingDays: days, Hours: hours,
		Holidays: []pmo.Date{"2026-05-01", "2026-12-25"}})
	require.Empty(t, faults)
	return c
}

// A later start never has an earlier deadline; adding nothing changes nothing; a longer duration never ends earlier; a deadline is
// never before its start.
func TestAddProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, d := anyCalendar(t), anyDuration(t)
		from := anyMoment(t, "from")
		later := from.Add(time.Duration(rapid.Int64Range(0, 3*24*3600).Draw(t, "later")) * time.Second)
		due := c.Add(from, d)
		require.False(t, c.Add(later, d).Before(due), "%s + %s = %s, but %s gives %s", from, d, due, later, c.Add(later, d))
		require.True(t, c.Add(from, calendar.Duration{Unit: d.Unit}).Equal(from))
		require.False(t, c.Add(from, calendar.Duration{N: d.N + 1, Unit: d.Unit}).Before(due))
		if d.N > 0 {
			require.True(t, due.After(from), "%s + %s = %s", from, d, due)
			require.False(t, c.Sub(from, d).After(from))
		}
	})
}

// Working time ends within office hours of a working day, and subtracting it again gives the same working moment.
func TestWorkingTimeProperties(t *testing.T) {
	c := office(t, "UTC", "2026-05-01", "2026-12-25")
	rapid.Check(t, func(t *rapid.T) {
		from := anyMoment(t, "from")
		d := calendar.Duration{N: rapid.IntRange(1, 300).Draw(t, "n"), Unit: rapid.SampledFrom([]calendar.Unit{calendar.WorkingHours, calendar.WorkingDays}).Draw(t, "unit")}
		due := c.Add(from, d).UTC()
		require.True(t, c.IsWorkingDay(due))
		clock := time.Duration(due.Hour())*time.Hour + time.Duration(due.Minute())*time.Minute + time.Duration(due.Second())*time.Second
		require.Greater(t, clock, 9*time.Hour)
		require.LessOrEqual(t, clock, 17*time.Hour)
		require.True(t, c.Add(c.Sub(due, d), d).Equal(due))
	})
}

func moment(t *testing.T, text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// TestARequestCarriesTheSameWorkingTime: the part of a calendar that a request carries computes as the whole, and stays small.
func TestARequestCarriesTheSameWorkingTime(t *testing.T) {
	for _, zone := range []string{"", "Europe/Berlin", "America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu"} {
		spec := calendar.Spec{TimeZone: zone, WorkingDays: []string{"mon", "tue", "wed", "thu", "fri"}, Hours: "09:00-17:00"}
		for day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2034; day = day.AddDate(0, 0, 11) {
			spec.Holidays = append(spec.Holidays, pmo.Date(day.Format(time.DateOnly)))
		}
		c, faults := calendar.New(spec)
		require.Empty(t, faults)
		at := time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
		part := c.Around(at)
		data, err := json.Marshal(part)
		require.NoError(t, err)
		require.Less(t, len(data), 2048)
		for i := range 400 {
			at := at.Add(time.Duration(i) * 17 * time.Hour)
			require.Truef(t, c.Add(at, calendar.Duration{N: 3, Unit: calendar.WorkingDays}).Equal(part.AddWorking(at, 24*time.Hour)), "%s, three working days from %s", zone, at)
			require.Truef(t, c.Add(at, calendar.Duration{N: 2, Unit: calendar.Weeks}).Equal(part.AddDays(at, 14)), "%s, two weeks from %s", zone, at)
		}
	}
}
