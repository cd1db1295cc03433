package pmo_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

func absent(from, until pmo.Date, amount float64, who string) pmo.Absence {
	return pmo.Absence{From: from, Until: until, Amount: amount, WholeTeam: amount == 0, Who: who}
}

func over(days ...pmo.Date) pmo.Days { return pmo.Days{Worked: days} }

// TestNothingIsHeldOnAHoliday: two of the five days of a week take two fifths of it, beside what is absent on the others.
func TestNothingIsHeldOnAHoliday(t *testing.T) {
	team, week := pmo.Team{Capacity: 10}, pmo.Days{Worked: []pmo.Date{"2027-03-01", "2027-03-02", "2027-03-03"}, Off: 2}
	require.InDelta(t, 6, team.CapacityIn(week), 1e-9)
	require.InDelta(t, 0.4, team.AbsentIn(week), 1e-9)
	team.Absences = []pmo.Absence{absent("2027-03-01", "2027-03-01", 0, "")}
	require.InDelta(t, 4, team.CapacityIn(week), 1e-9)
	require.Zero(t, team.CapacityIn(pmo.Days{Off: 5}), "a week of holidays is none of work")
}

func TestAbsencesLowerTheCapacityWhileTheyLast(t *testing.T) {
	team := pmo.Team{Capacity: 10, Absences: []pmo.Absence{absent("2027-03-01", "2027-03-03", 4, "kai"), absent("2027-03-03", "2027-03-05", 7, ""), absent("2027-03-08", "2027-03-08", 0, "")}}
	for day, want := range map[pmo.Date]float64{"2027-02-28": 10, "2027-03-01": 6, "2027-03-02": 6, "2027-03-03": 0, "2027-03-04": 3, "2027-03-05": 3, "2027-03-06": 10, "2027-03-08": 0} {
		require.Equal(t, want, team.CapacityOn(day), day)
	}
	require.InDelta(t, (6+6+0+3+3)/5.0, team.CapacityIn(over("2027-03-01", "2027-03-02", "2027-03-03", "2027-03-04", "2027-03-05")), 1e-9)
	require.InDelta(t, 1, team.AbsentIn(over("2027-03-08")), 1e-9, "all of it, and nothing is left")
	require.InDelta(t, 10, team.CapacityIn(pmo.Days{}), 1e-9)
	require.Zero(t, pmo.Team{}.AbsentIn(over("2027-03-08")))
}

// TestMoreAbsenceIsNeverMoreCapacity: whatever absences there are, one more leaves no more, and never less than nothing.
func TestMoreAbsenceIsNeverMoreCapacity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(n int) pmo.Date { return pmo.Date(fmt.Sprintf("2027-03-%02d", n)) }
		some := rapid.Custom(func(t *rapid.T) pmo.Absence {
			from := rapid.IntRange(1, 28).Draw(t, "from")
			return absent(day(from), day(rapid.IntRange(from, 28).Draw(t, "until")), float64(rapid.IntRange(0, 12).Draw(t, "amount")), "")
		})
		team := pmo.Team{Capacity: 10, Absences: rapid.SliceOfN(some, 0, 5).Draw(t, "absences")}
		days := over(day(1), day(9), day(28))
		before := team.CapacityIn(days)
		team.Absences = append(team.Absences, some.Draw(t, "more"))
		after := team.CapacityIn(days)
		if after > before || after < 0 {
			t.Fatalf("%g became %g", before, after)
		}
	})
}

func TestAbsencesThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		list  []pmo.Absence
		field string
		index int
	}{
		"no day":                       {[]pmo.Absence{absent("2027-02-30", "2027-03-01", 1, "")}, "from", 0},
		"no last day":                  {[]pmo.Absence{absent("2027-03-01", "", 1, "")}, "until", 0},
		"backwards":                    {[]pmo.Absence{absent("2027-03-02", "2027-03-01", 1, "")}, "until", 0},
		"longer than a year":           {[]pmo.Absence{absent("2027-03-02", "2028-03-02", 1, "")}, "until", 0},
		"less than nothing":            {[]pmo.Absence{absent("2027-03-01", "2027-03-01", -1, "")}, "amount", 0},
		"no number":                    {[]pmo.Absence{absent("2027-03-01", "2027-03-01", math.NaN(), "")}, "amount", 0},
		"more than the team":           {[]pmo.Absence{absent("2027-03-01", "2027-03-01", 11, "")}, "amount", 0},
		"nothing":                      {[]pmo.Absence{{From: "2027-03-01", Until: "2027-03-01"}}, "amount", 0},
		"an amount and all":            {[]pmo.Absence{{From: "2027-03-01", Until: "2027-03-01", Amount: 1, WholeTeam: true}}, "amount", 0},
		"a stranger":                   {[]pmo.Absence{absent("2027-03-01", "2027-03-01", 1, "sam")}, "who", 0},
		"the same person twice a day":  {[]pmo.Absence{absent("2027-03-01", "2027-03-05", 1, "kai"), absent("2027-03-05", "2027-03-06", 1, "kai")}, "from", 1},
		"more together than the team":  {[]pmo.Absence{absent("2027-03-01", "2027-03-05", 6, ""), absent("2027-03-05", "2027-03-08", 6, "")}, "amount", 1},
		"the whole team twice on days": {[]pmo.Absence{absent("2027-03-01", "2027-03-05", 0, ""), absent("2027-03-05", "2027-03-06", 0, "")}, "from", 1},
	} {
		team := pmo.Team{Capacity: 10, Leads: []string{"kai"}, Members: []string{"mia"}, Absences: c.list}
		faults := team.AbsenceFaults(nil)
		require.Len(t, faults, 1, name)
		require.Equal(t, c.field, faults[0].Field, name)
		require.Equal(t, c.index, faults[0].Index, name)
	}
	team := pmo.Team{Capacity: 10, Leads: []string{"kai"}, Members: []string{"mia"}, Absences: []pmo.Absence{absent("2027-03-01", "2027-03-05", 1, "kai"), absent("2027-03-06", "2027-03-06", 1, "kai"),
		absent("2027-03-01", "2027-03-05", 1, "mia"), absent("2027-03-01", "2027-03-05", 1, ""), absent("2027-03-02", "2027-03-02", 1, ""), absent("2027-03-01", "2028-02-29", 0, "")}}
	require.Empty(t, team.AbsenceFaults(nil), "next to each other, of two people, of nobody named, and of one year")
	more := pmo.Team{Capacity: 10, Absences: []pmo.Absence{absent("2027-03-04", "2027-03-06", 6, ""), absent("2027-03-01", "2027-03-05", 6, "")}}
	require.Equal(t, []pmo.AbsenceFault{{Index: 0, Field: "amount", Why: "comes to 12 on 2027-03-04 with other absences, more than the team's capacity of 10"}}, more.AbsenceFaults(more.Absences[1:]), "wherever in the list it is")
	require.Empty(t, more.AbsenceFaults(more.Absences), "both were there before")
	smaller := pmo.Team{Capacity: 0.5, Leads: []string{"lena"}, Absences: team.Absences}
	require.NotEmpty(t, smaller.AbsenceFaults(nil))
	require.Empty(t, smaller.AbsenceFaults(team.Absences), "who leaves the team leaves no fault behind")
	require.Equal(t, "2027-03-01 to 2027-03-05: 1 (kai)", team.Absences[0].Words())
	require.Equal(t, "2027-03-06: the whole team", absent("2027-03-06", "2027-03-06", 0, "").Words())
}
