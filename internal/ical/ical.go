// Package ical writes calendars by RFC 5545, for feeds that calendar programs subscribe to. It is pure.
package ical

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"leanpmo/internal/pmo"
)

// Event is an entry of a calendar: of a whole day, or of a moment.
type Event struct {
	UID         string // the same entry has the same one in every answer
	Day         pmo.Date
	Until       pmo.Date  // the last day, where there are several
	At          time.Time // where there is no Day
	Summary     string
	Description string
	URL         string
}

// Calendar is a feed.
type Calendar struct {
	Name    string
	Product string    // who wrote it
	Made    time.Time // the stamp of all entries
	Every   string    // how often programs look again, as a duration of RFC 5545
	Events  []Event
}

// length is how long the entry of a moment is shown.
const length = "PT30M"

// maxLine is how many bytes a line has before it is folded.
const maxLine = 75

const (
	dayForm  = "20060102"
	timeForm = "20060102T150405Z"
)

// Write writes the calendar. An event whose day is none is left out.
func (c Calendar) Write(to io.Writer) error {
	var b strings.Builder
	line := func(name, value string) { fold(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", escape(c.Product))
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", escape(c.Name))
	line("REFRESH-INTERVAL;VALUE=DURATION", c.Every)
	line("X-PUBLISHED-TTL", c.Every)
	for _, e := range c.Events {
		when := e.when()
		if when == nil {
			continue
		}
		line("BEGIN", "VEVENT")
		line("UID", escape(e.UID))
		line("DTSTAMP", c.Made.UTC().Format(timeForm))
		for _, l := range when {
			fold(&b, l)
		}
		line("SUMMARY", escape(e.Summary))
		if e.Description != "" {
			line("DESCRIPTION", escape(e.Description))
		}
		if e.URL != "" {
			line("URL", strings.Map(printable, e.URL))
		}
		line("TRANSP", "TRANSPARENT")
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	_, err := io.WriteString(to, b.String())
	return err
}

// when are the lines that say when an event is; none where that is not known.
func (e Event) when() []string {
	if e.Day == "" {
		if e.At.IsZero() {
			return nil
		}
		return []string{"DTSTART:" + e.At.UTC().Format(timeForm), "DURATION:" + length}
	}
	day, err := e.Day.Time(time.UTC)
	if err != nil {
		return nil
	}
	last := day
	if until, err := e.Until.Time(time.UTC); err == nil && until.After(day) {
		last = until
	}
	return []string{"DTSTART;VALUE=DATE:" + day.Format(dayForm), "DTEND;VALUE=DATE:" + last.AddDate(0, 0, 1).Format(dayForm)}
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// escape writes a text as a value, without control characters.
func escape(text string) string {
	return strings.Map(printable, escaper.Replace(strings.ToValidUTF8(text, "�")))
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// fold writes a line of at most so many bytes, and the rest in lines that begin with a blank. No character is cut.
func fold(b *strings.Builder, line string) {
	room := maxLine
	for len(line) > room {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		b.WriteString(line[:at] + "\r\n ")
		line, room = line[at:], maxLine-1 // the blank counts
	}
	b.WriteString(line + "\r\n")
}
