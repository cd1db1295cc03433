package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

var made = time.Date(2027, 3, 1, 9, 30, 0, 0, time.UTC)

// property is a line of a calendar, unfolded: its name, its parameters and its value as it stands.
type property struct{ name, params, value string }

// parse reads a calendar by RFC 5545, 3.1: lines end with CRLF and have 75 bytes at most, and a line that begins with a blank goes on.
func parse(t require.TestingT, text string) (all []property) {
	require.True(t, strings.HasSuffix(text, "\r\n"))
	var lines []string
	for _, raw := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		require.LessOrEqual(t, len(raw), 75)
		require.True(t, utf8.ValidString(raw))
		require.NotContains(t, raw, "\n")
		require.NotContains(t, raw, "\r")
		if strings.HasPrefix(raw, " ") {
			require.NotEmpty(t, lines)
			lines[len(lines)-1] += raw[1:]
			continue
		}
		lines = append(lines, raw)
	}
	for _, line := range lines {
		head, value, found := strings.Cut(line, ":")
		require.True(t, found, line)
		name, params, _ := strings.Cut(head, ";")
		all = append(all, property{name, params, value})
	}
	return all
}

// unescape reads a value of type TEXT (3.3.11).
func unescape(t require.TestingT, value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		require.NotContains(t, ";,", string(value[i]), "it would end the value")
		if value[i] != '\\' {
			b.WriteByte(value[i])
			continue
		}
		i++
		require.Less(t, i, len(value))
		switch value[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',':
			b.WriteByte(value[i])
		default:
			require.Failf(t, "no escape", "%q", value)
		}
	}
	return b.String()
}

func written(t require.TestingT, events ...Event) []property {
	var b strings.Builder
	require.NoError(t, Calendar{Name: "Mine", Product: "-//Lean PMO//EN", Made: made, Every: "PT6H", Events: events}.Write(&b))
	return parse(t, b.String())
}

func TestACalendarHasItsEvents(t *testing.T) {
	all := written(t, Event{UID: "a", Day: "2027-02-28", Summary: "R-1: Lists", URL: "https://pmo.example/requests/R-1"},
		Event{UID: "b", At: time.Date(2027, 3, 4, 12, 0, 0, 0, time.FixedZone("", 3600)), Summary: "Answer", Description: "One,\ntwo; three\\"},
		Event{UID: "no day", Day: "soon"}, Event{UID: "nothing"})
	require.Equal(t, []property{{"BEGIN", "", "VCALENDAR"}, {"VERSION", "", "2.0"}, {"PRODID", "", "-//Lean PMO//EN"}, {"CALSCALE", "", "GREGORIAN"}, {"METHOD", "", "PUBLISH"}, {"X-WR-CALNAME", "", "Mine"},
		{"REFRESH-INTERVAL", "VALUE=DURATION", "PT6H"}, {"X-PUBLISHED-TTL", "", "PT6H"},
		{"BEGIN", "", "VEVENT"}, {"UID", "", "a"}, {"DTSTAMP", "", "20270301T093000Z"}, {"DTSTART", "VALUE=DATE", "20270228"}, {"DTEND", "VALUE=DATE", "20270301"}, {"SUMMARY", "", "R-1: Lists"},
		{"URL", "", "https://pmo.example/requests/R-1"}, {"TRANSP", "", "TRANSPARENT"}, {"END", "", "VEVENT"},
		{"BEGIN", "", "VEVENT"}, {"UID", "", "b"}, {"DTSTAMP", "", "20270301T093000Z"}, {"DTSTART", "", "20270304T110000Z"}, {"DURATION", "", "PT30M"}, {"SUMMARY", "", "Answer"},
		{"DESCRIPTION", "", `One\,\ntwo\; three\\`}, {"TRANSP", "", "TRANSPARENT"}, {"END", "", "VEVENT"}, {"END", "", "VCALENDAR"}}, all)
}

// TestEveryTextIsReadBack: whatever somebody calls a request, it is one value of one line, and begins no line of its own.
func TestEveryTextIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + rapid.SampledFrom([]string{"", "\r\nEND:VCALENDAR", strings.Repeat("ä€😀", 60), `\n;,:"`}).Draw(t, "more")
		all := written(t, Event{UID: "a", Day: pmo.Date("2027-03-01"), Summary: text, URL: "https://x/" + text})
		require.Len(t, all, 18)
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
		want = strings.Map(func(r rune) rune {
			if r != '\n' {
				return printable(r)
			}
			return r
		}, want)
		require.Equal(t, want, unescape(t, all[13].value))
	})
}
