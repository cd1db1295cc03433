package supply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/supply"
)

var teams = []pmo.Team{
	{ID: "falcon", Leads: []string{"theo"}, Members: []string{"ana"}, Skills: []string{"web", "gis:2"}, CapacityPerPerson: 2, Shares: map[string]float64{"ana": 0.5}},
	{ID: "otter", Leads: []string{"lena"}, Skills: []string{"data"}, Capacity: 8},
}

const file = "\ufeffteam;person;share;skills;from;until;amount;whole_team;reason\n" +
	"falcon;bo;50 %;;;;;;\n" +
	"falcon;theo;0,25;;;;;;\n" +
	"falcon;;;\"gis:3, data:4\";;;;;\n" +
	"falcon;ana;;;2027-07-05;2027-07-16;;;leave\n" +
	"otter;;;;2027-12-24;;;yes;\n"

func TestRowsChangeTeams(t *testing.T) {
	rows, faults := supply.ReadCSV(file)
	require.Empty(t, faults)
	changes, faults := supply.Changes(rows, teams)
	require.Empty(t, faults)
	require.Len(t, changes, 2)
	falcon, otter := changes[0], changes[1]
	require.Equal(t, []string{"ana", "bo"}, falcon.Team.Members, "a lead becomes no member")
	require.Equal(t, map[string]float64{"ana": 0.5, "bo": 0.5, "theo": 0.25}, falcon.Team.Shares)
	require.Equal(t, []string{"web", "gis:3", "data:4"}, falcon.Team.Skills)
	require.Equal(t, 2.5, falcon.Team.Capacity, "it follows from the people: 1.25 with the whole week")
	require.Equal(t, []string{"member bo", "bo with 0.5 of the week", "theo with 0.25 of the week", "skill gis:3 instead of gis:2", "skill data:4", "absence 2027-07-05 to 2027-07-16: all of (ana)"}, falcon.Says)
	require.Equal(t, []pmo.Absence{{From: "2027-12-24", Until: "2027-12-24", WholeTeam: true}}, otter.Team.Absences)
	require.Equal(t, []string{"ana"}, teams[0].Members, "nothing of what was given is changed")
	require.Empty(t, supply.OverAllocated(changes, teams))
	require.Empty(t, supply.NewSkills(changes, teams))

	again, _ := supply.Changes(rows, []pmo.Team{falcon.Team, otter.Team})
	require.Empty(t, again[0].Says, "what is so already changes nothing")
	require.Empty(t, again[1].Says)
	line, field := falcon.LineOf("/absences/0/until")
	require.Equal(t, 5, line)
	require.Equal(t, "until", field)
	line, field = falcon.LineOf("/shares/bo")
	require.Equal(t, 2, line)
	require.Equal(t, "share", field)
	line, _ = falcon.LineOf("/skills/0")
	require.Zero(t, line, "it was there before")
}

func TestEveryBadRowIsNamed(t *testing.T) {
	for row, want := range map[string]supply.Fault{
		",bo,,,,,,,":                      {2, "team", "is empty"},
		"falcon,,0.5,,,,,,":               {2, "person", "is empty, and there is a share"},
		"falcon,bo,half,,,,,,":            {2, "share", "is no number"},
		"falcon,bo,nan,,,,,,":             {2, "share", "is no number"},
		"falcon,bo,-1,,,,,,":              {2, "share", "is negative"},
		"falcon,bo,,,2027-01-01,,-2,,":    {2, "amount", "is negative"},
		"falcon,bo,,,,2027-01-01,,,":      {2, "from", "is empty, and there is until"},
		"falcon,,,,2027-01-01,,,perhaps,": {2, "whole_team", "is yes or no"},
		"falcon,,,,,,,,":                  {2, "person", "is empty, and the row says nothing else"},
		"otter,,,,,,,,,-1":                {2, "capacity", "is negative"},
		"otter,,,,,,,,,1001":              {2, "capacity", "is more than 1000"},
		"falcon,bo,,\"a\"b,,,,,":          {2, "file", "cannot be read"},
	} {
		_, faults := supply.ReadCSV("team,person,share,skills,from,until,amount,whole_team,reason,capacity\n" + row + "\n")
		require.Len(t, faults, 1, row)
		require.Contains(t, faults[0].Why, want.Why, row)
		require.Equal(t, want.Field, faults[0].Field, row)
		require.Equal(t, want.Line, faults[0].Line, row)
	}
	for head, why := range map[string]string{"": "has no head", "team,colour\n": "colour", "person\nbo\n": "has no column team", "team,team\n": "twice", "team\n": "has no row",
		"team,person\n" + strings.Repeat("a,b\n", supply.MaxRows+1): "more than 1000 rows"} {
		_, faults := supply.ReadCSV(head)
		require.Len(t, faults, 1)
		require.Contains(t, faults[0].Why, why)
	}
	none := 0.0
	changes, faults := supply.Changes([]supply.Row{{Line: 2, Team: "otter", Capacity: &none}, {Line: 3, Team: "falcon", Capacity: &none}}, teams)
	require.Equal(t, []supply.Fault{{Line: 3, Field: "capacity", Why: "follows from the people of falcon"}}, faults)
	require.Equal(t, []string{"capacity 0 instead of 8"}, changes[1].Says)
	_, faults = supply.Changes([]supply.Row{{Line: 7, Team: "heron"}}, teams)
	require.Equal(t, []supply.Fault{{Line: 7, Field: "team", Why: "is no team"}}, faults)
}

func TestNobodyHasMoreThanTheWholeWeek(t *testing.T) {
	half, most := 0.5, 0.6
	changes, _ := supply.Changes([]supply.Row{{Line: 2, Team: "otter", Person: "ana", Share: &half}}, teams)
	require.Empty(t, supply.OverAllocated(changes, teams))
	for _, share := range []*float64{&most, nil} { // without a share a member has all of it
		changes, _ = supply.Changes([]supply.Row{{Line: 2, Team: "otter", Person: "ana", Share: share}}, teams)
		faults := supply.OverAllocated(changes, teams)
		require.Len(t, faults, 1)
		require.Equal(t, 2, faults[0].Line)
		require.Contains(t, faults[0].Why, "0.5 in falcon")
	}
	changes, _ = supply.Changes([]supply.Row{{Line: 3, Team: "otter", Skills: []string{"cobol:2", "gis"}}}, teams)
	faults := supply.NewSkills(changes, teams)
	require.Len(t, faults, 1)
	require.Contains(t, faults[0].Why, `"cobol"`)
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func calendar(events ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

func TestEventsAreAbsences(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	c := supply.Calendar{Team: "falcon", Who: "ana", Today: time.Date(2027, 3, 1, 9, 0, 0, 0, berlin)}
	rows, left, faults := c.ReadICS(calendar(
		event("DTSTART;VALUE=DATE:20270325", "DTEND;VALUE=DATE:20270330", "SUMMARY:Spring\\, away"), // the clock is changed within
		event("DTSTART;VALUE=DATE:20270105", "DTEND;VALUE=DATE:20270106", "SUMMARY:over"),
		event("DTSTART:20270310T080000Z", "DTEND:20270310T090000Z", "SUMMARY:an appointment"),
		event("DTSTART:20270311T070000Z", "DURATION:PT9H", "CLASS:PRIVATE", "SUMMARY:nobody's business"),
		event("DTSTART;VALUE=DATE:20270401", "STATUS:CANCELLED"),
		event("DTSTART;VALUE=DATE:20270205", "RRULE:FREQ=WEEKLY;BYDAY=FR;UNTIL=20270319", "EXDATE;VALUE=DATE:20270312", "SUMMARY:Fridays")))
	require.Empty(t, faults)
	require.Equal(t, 3, left)
	var got []pmo.Absence
	for _, r := range rows {
		require.Equal(t, "falcon", r.Team)
		got = append(got, *r.Absence)
	}
	require.Equal(t, []pmo.Absence{{From: "2027-03-25", Until: "2027-03-29", Who: "ana", Reason: "Spring, away"}, {From: "2027-03-11", Until: "2027-03-11", Who: "ana"},
		{From: "2027-03-05", Until: "2027-03-05", Who: "ana", Reason: "Fridays"}, {From: "2027-03-19", Until: "2027-03-19", Who: "ana", Reason: "Fridays"}}, got)
	require.Equal(t, 4, rows[0].Line)
	c.Who = ""
	rows, _, _ = c.ReadICS(calendar(event("DTSTART;VALUE=DATE:20270401")))
	require.True(t, rows[0].Absence.WholeTeam)
}

func TestCalendarsAreBounded(t *testing.T) {
	c := supply.Calendar{Team: "falcon", Today: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	for lines, why := range map[string]string{
		"DTSTART;VALUE=DATE:20270301\r\nRRULE:FREQ=DAILY":                         "at most 60 are read",
		"DTSTART;VALUE=DATE:20270301\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30": "is not read",
		"DTSTART;VALUE=DATE:20270301\r\nRRULE:FREQ=SECONDLY":                      "is not read",
		"DTSTART;VALUE=DATE:20270301\r\nRRULE:BYDAY=MO":                           "is not read",
		"DTSTART;VALUE=DATE:00020101\r\nRRULE:FREQ=WEEKLY":                        "more than 10 years",
		"DTSTART;VALUE=DATE:20270301\r\nRECURRENCE-ID;VALUE=DATE:20270302":        "single occurrences",
		"DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270201":                "before the first",
		"DTSTART:soon": "no first day",
		"SUMMARY:x":    "no first day",
	} {
		_, _, faults := c.ReadICS(calendar(event(lines)))
		require.Len(t, faults, 1, lines)
		require.Contains(t, faults[0].Why, why, lines)
		require.Equal(t, 4, faults[0].Line)
	}
	for _, file := range []string{"", "no calendar", calendar(), "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "0;0="} {
		_, _, faults := c.ReadICS(file)
		require.Len(t, faults, 1, file)
	}
	never := "DTSTART;VALUE=DATE:20270301\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
	rows, left, faults := c.ReadICS(calendar(event(never)))
	require.Empty(t, rows)
	require.Empty(t, faults)
	require.Equal(t, 1, left)
	_, _, faults = c.ReadICS(calendar(slicesOf(event("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=WEEKLY"), 25)...))
	require.Contains(t, faults[0].Why, "more than 1000 occurrences")
}

func slicesOf(text string, n int) (list []string) {
	for range n {
		list = append(list, text)
	}
	return list
}

func FuzzReadICS(f *testing.F) {
	f.Add(calendar(event("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=WEEKLY;BYDAY=FR")))
	c := supply.Calendar{Team: "falcon", Today: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	f.Fuzz(func(t *testing.T, file string) {
		rows, _, faults := c.ReadICS(file)
		require.True(t, len(rows) <= supply.MaxRows+60 || len(faults) > 0)
	})
}
