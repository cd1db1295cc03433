package supply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"leanpmo/internal/pmo"
)

// Calendar is how the events of a calendar become absences of a team.
type Calendar struct {
	Team   string
	Who    string  // whose they are; empty: nobody's in particular
	Amount float64 // of the capacity, in team-weeks; 0: all that the person holds or, without one, the whole team
	// Today is the first day that counts. Occurrences are read for a year from then on.
	Today time.Time // in the zone of the portfolio
}

const (
	// daysRead is for how many days from today on the occurrences of events are read.
	daysRead = 366
	// shortest is how long an event lasts at least that is an absence; a shorter one is an appointment.
	shortest = 4 * time.Hour
	// mostOccurrences is how many occurrences of one event are read.
	mostOccurrences = 60
	// mostYearsRepeated is how long ago an event that repeats may have begun.
	mostYearsRepeated = 10
)

// ReadICS reads the events of a calendar (RFC 5545) as absences. left is how many events were left out, because they are over, cancelled, later than a
// year, or shorter than half a working day.
func (c Calendar) ReadICS(file string) (rows []Row, left int, faults []Fault) {
	decoded, err := decode(file)
	if err != nil {
		return nil, 0, []Fault{{1, "file", "is no calendar that can be read: " + err.Error()}}
	}
	lines, events := eventLines(file), decoded.Events()
	if len(events) != len(lines) {
		return nil, 0, []Fault{{1, "file", "has events within other parts, which is not read"}}
	}
	for i, event := range events {
		days, err := c.days(event)
		if err != nil {
			faults = append(faults, Fault{lines[i], "event", err.Error()})
			continue
		}
		if len(days) == 0 {
			left++
		}
		for _, d := range days {
			a := pmo.Absence{From: pmo.Date(d[0].Format(time.DateOnly)), Until: pmo.Date(d[1].Format(time.DateOnly)), Who: c.Who, Amount: c.Amount, WholeTeam: c.Who == "" && c.Amount == 0, Reason: reasonOf(event)}
			rows = append(rows, Row{Line: lines[i], Team: c.Team, Absence: &a})
		}
		if len(rows) > MaxRows {
			return nil, 0, append(faults, Fault{lines[i], "file", fmt.Sprintf("has more than %d occurrences in a year", MaxRows)})
		}
	}
	if len(events) == 0 {
		faults = append(faults, Fault{1, "file", "has no event"})
	}
	return rows, left, faults
}

// decode reads a calendar. The decoder stops the program at some lines that are none, as a fuzz test found: that is an error of the file here.
func decode(file string) (decoded *ical.Calendar, err error) {
	defer func() {
		if wrong := recover(); wrong != nil {
			err = errors.New("a line is malformed")
		}
	}()
	return ical.NewDecoder(strings.NewReader(file)).Decode()
}

// eventLines are the lines on which events begin.
func eventLines(file string) (lines []int) {
	line := 0
	for text := range strings.Lines(file) {
		line++
		if strings.EqualFold(strings.TrimSpace(text), "BEGIN:VEVENT") {
			lines = append(lines, line)
		}
	}
	return lines
}

// days are the first and last days of the occurrences of an event that count; none where no one does.
func (c Calendar) days(event ical.Event) (days [][2]time.Time, err error) {
	zone := c.Today.Location()
	start, err := event.DateTimeStart(zone)
	if err != nil || start.IsZero() {
		return nil, errors.New("has no first day that can be read")
	}
	end, err := event.DateTimeEnd(zone)
	if err != nil || end.Before(start) {
		return nil, errors.New("has no last day that can be read, or one before the first")
	}
	if status := event.Props.Get(ical.PropStatus); status != nil && strings.EqualFold(status.Value, "CANCELLED") || end.Sub(start) < shortest {
		return nil, nil
	}
	starts, err := c.starts(event, start)
	for _, at := range starts {
		first, last := at.In(zone), at.Add(end.Sub(start)-time.Nanosecond).In(zone)
		if whole := event.Props.Get(ical.PropDateTimeStart); whole.ValueType() == ical.ValueDate {
			last = first.AddDate(0, 0, int(end.Sub(start).Hours()/24+0.5)-1) // whole days, also where the clock is changed
		}
		if last.Format(time.DateOnly) >= c.Today.Format(time.DateOnly) && first.Before(c.Today.AddDate(0, 0, daysRead)) {
			days = append(days, [2]time.Time{first, last})
		}
	}
	return days, err
}

// starts are when the occurrences of an event begin, of one that repeats those of the year from today on.
func (c Calendar) starts(event ical.Event, start time.Time) ([]time.Time, error) {
	rule := event.Props.Get(ical.PropRecurrenceRule)
	switch {
	case event.Props.Get("RDATE") != nil || event.Props.Get("RECURRENCE-ID") != nil:
		return nil, errors.New("moves or adds single occurrences (RECURRENCE-ID, RDATE), which is not read: write them as events of their own")
	case rule == nil:
		return []time.Time{start}, nil
	case start.Before(c.Today.AddDate(-mostYearsRepeated, 0, 0)):
		return nil, fmt.Errorf("repeats since more than %d years", mostYearsRepeated)
	}
	if err := bounded(rule.Value); err != nil {
		return nil, err
	}
	set, err := event.RecurrenceSet(c.Today.Location())
	if err != nil {
		return nil, fmt.Errorf("has a rule of repetition that cannot be read: %w", err)
	}
	starts := set.Between(c.Today.AddDate(0, 0, -1), c.Today.AddDate(0, 0, daysRead), true)
	if len(starts) > mostOccurrences {
		return nil, fmt.Errorf("repeats %d times in a year, and at most %d are read: change the capacity or the parts of the week instead", len(starts), mostOccurrences)
	}
	return starts, nil
}

// parts of a rule of repetition that are read, by frequency. With others a rule could look for an occurrence that never comes, day by day.
var parts = map[string][]string{
	"DAILY":   {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"},
	"WEEKLY":  {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"},
	"MONTHLY": {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYSETPOS"},
	"YEARLY":  {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH"},
}

func bounded(rule string) error {
	given := map[string]string{}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		name, value, _ := strings.Cut(part, "=")
		given[name] = value
	}
	for name := range given {
		if !slices.Contains(parts[given["FREQ"]], name) {
			return fmt.Errorf("has a rule of repetition that is not read (%s): daily, weekly, monthly or yearly, by days alone", rule)
		}
	}
	return nil
}

// reasonOf is the title of an event; nothing of one that is marked as private.
func reasonOf(event ical.Event) string {
	if class := event.Props.Get(ical.PropClass); class != nil && !strings.EqualFold(class.Value, "PUBLIC") {
		return ""
	}
	summary, err := event.Props.Text(ical.PropSummary)
	if err != nil {
		return ""
	}
	words := strings.Join(strings.Fields(summary), " ")
	if runes := []rune(words); len(runes) > maxReason {
		words = string(runes[:maxReason])
	}
	return words
}

// maxReason is how many characters of a title are kept.
const maxReason = 200
