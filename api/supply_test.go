package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

func withSupply(t *testing.T) *bundle {
	b := setup(t) // it is Monday, 1 March
	b.store.teams = []store.TeamLoad{
		{Team: pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "digital", Leads: []string{"theo"}, Skills: []string{"web"}, CapacityPerPerson: 2, Revision: 1}},
		{Team: pmo.Team{ID: "otter", Name: "Otter", Portfolio: "digital", Leads: []string{"lena"}, Skills: []string{"data"}, Capacity: 4, Revision: 1}}}
	return b
}

func (b *bundle) supply(t *testing.T, who string, in wire.ImportSupply) (int, map[string]any) {
	t.Helper()
	body, err := json.Marshal(in)
	require.NoError(t, err)
	status, doc, _ := b.call(t, who, "POST", "/v1/teams/import", string(body))
	return status, doc
}

// TestAFileOfSupplyIsTakenWholeOrNot: a dry run stores nothing, a second import changes nothing, and a bad row keeps the good ones out.
func TestAFileOfSupplyIsTakenWholeOrNot(t *testing.T) {
	b := withSupply(t)
	file := wire.ImportSupply{Format: "csv", Dry: true, File: "team,person,share,skills,from,until,amount,whole_team,reason\n" +
		"falcon,ana,0.5,,,,,,\nfalcon,,,data:3,,,,,\nfalcon,ana,,,2027-07-05,2027-07-16,,,leave\notter,,,,2027-12-24,,,yes,\n"}
	status, doc := b.supply(t, "petra", file)
	require.Equal(t, http.StatusOK, status, doc)
	require.EqualValues(t, 4, doc["rows"])
	require.Equal(t, []any{"member ana", "ana with 0.5 of the week", "skill data:3", "absence 2027-07-05 to 2027-07-16: all of (ana)"}, doc["teams"].([]any)[0].(map[string]any)["changes"])
	require.Zero(t, b.store.puts)
	bad := file
	bad.Dry, bad.File = false, file.File+"otter,nobody-like-that,,,,,,,\notter,ana,0.75,cobol,,,,,\nfalcon,ana,,,2027-07-16,2027-07-17,,,\n"
	status, doc = b.supply(t, "petra", bad)
	require.Equal(t, http.StatusUnprocessableEntity, status, doc)
	require.Equal(t, []string{"/file/2/share", "/file/6/person", "/file/7/share", "/file/7/skills", "/file/8/from"}, pointers(doc), doc)
	require.Zero(t, b.store.puts, "nothing is half-done")
	file.Dry = false
	status, doc = b.supply(t, "petra", file)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, 2, b.store.puts)
	require.Equal(t, 1.0, b.store.teams[0].Capacity, "half a person of 2 team-weeks")
	status, doc = b.supply(t, "petra", file)
	require.Equal(t, http.StatusOK, status, doc)
	require.Empty(t, doc["teams"].([]any)[0].(map[string]any)["changes"])
	require.Equal(t, 2, b.store.puts, "it is so already")
}

func TestLeadsImportForTheirOwnTeams(t *testing.T) {
	b := withSupply(t)
	row := wire.ImportSupply{Format: "csv", File: "team,capacity\notter,6\n"}
	for who, want := range map[string]int{"lena": 200, "petra": 200, "theo": 403, "sam": 403} {
		status, doc := b.supply(t, who, row)
		require.Equal(t, want, status, "%s %v", who, doc)
	}
	status, _ := b.supply(t, "theo", wire.ImportSupply{Format: "csv", File: "team,skills\nfalcon,web:2\notter,web:2\n"})
	require.Equal(t, http.StatusForbidden, status, "one of the teams is another's")
	status, doc := b.supply(t, "theo", wire.ImportSupply{Format: "csv", Team: "falcon", File: "team,skills\nfalcon,web:2\notter,web:2\n"})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/file/3/team"}, pointers(doc))
	status, doc = b.supply(t, "theo", wire.ImportSupply{Format: "csv", File: "team,skills\nfalcon,cobol:2\n", NewSkills: true})
	require.Equal(t, http.StatusOK, status, doc)
}

func TestACalendarBecomesAbsences(t *testing.T) {
	b := withSupply(t)
	const calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\nDTSTART;VALUE=DATE:20270405\r\nDTEND;VALUE=DATE:20270410\r\nSUMMARY:Easter\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	for i := range 2 {
		status, doc := b.supply(t, "theo", wire.ImportSupply{Format: "ics", Team: "falcon", Who: "theo", File: calendar})
		require.Equal(t, http.StatusOK, status, doc)
		require.Equal(t, []pmo.Absence{{From: "2027-04-05", Until: "2027-04-09", Who: "theo", Reason: "Easter"}}, b.store.teams[0].Absences)
		require.Equal(t, 1, b.store.puts, i)
	}
	status, doc := b.supply(t, "petra", wire.ImportSupply{Format: "ics", Team: "otter", Who: "theo", File: calendar})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/file/4/amount", "/file/4/who"}, pointers(doc), "he is none of theirs, and how much of a stated capacity it is has to be said")
	status, doc = b.supply(t, "petra", wire.ImportSupply{Format: "ics", File: calendar})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/team"}, pointers(doc))
	status, doc = b.supply(t, "petra", wire.ImportSupply{Format: "ics", Team: "otter", File: "no calendar"})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/file/1/file"}, pointers(doc))
}
