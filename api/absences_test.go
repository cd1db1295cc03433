package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestAbsencesAreCheckedAtTheDoor(t *testing.T) {
	b := setup(t)
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Members: []string{"lena"}, Skills: []string{}, Capacity: 4, Revision: 3}}}
	put := func(absences string) (int, map[string]any) {
		status, doc, _ := b.call(t, "kai", "PUT", "/v1/teams/heron", `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":[],"capacity":4,"revision":3,"absences":`+absences+`}`)
		return status, doc
	}
	const week = `{"from":"2027-03-01","until":"2027-03-05","amount":1,"who":"lena"}`
	status, doc := put("[" + week + `,{"from":"2027-03-08","until":"2027-03-08","whole_team":true,"reason":"offsite"}]`)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, []pmo.Absence{{From: "2027-03-01", Until: "2027-03-05", Amount: 1, Who: "lena"}, {From: "2027-03-08", Until: "2027-03-08", WholeTeam: true, Reason: "offsite"}}, b.store.saved.Absences)
	for wrong, pointer := range map[string]string{
		`[{"from":"2027-03-05","until":"2027-03-01","amount":1}]`:                        "/absences/0/until",
		`[{"from":"2027-03-01","until":"2027-03-05","amount":5}]`:                        "/absences/0/amount",
		`[{"from":"2027-03-01","until":"2027-03-05"}]`:                                   "/absences/0/amount",
		`[{"from":"2027-03-01","until":"2027-03-05","amount":1,"who":"sam"}]`:            "/absences/0/who",
		`[{"from":"2027-03-01","until":"2027-03-05","amount":1,"reason":"a\nb"}]`:        "/absences/0/reason",
		"[" + week + "," + week + "]":                                                    "/absences/1/from",
		"[" + strings.Repeat(week+",", pmo.MostAbsences) + week + "]":                    "/absences",
		`[{"from":"2027-03-01","until":"2027-03-05","whole_team":true,"colour":"blue"}]`: "/absences/0/colour",
	} {
		status, doc = put(wrong)
		require.Equal(t, http.StatusUnprocessableEntity, status, wrong)
		require.Contains(t, pointers(doc), pointer, wrong)
	}
}

// TestATeamsLoadByWeek: what its plan ends leaves, what is late or has no end stays, and absences lower what it can hold.
func TestATeamsLoadByWeek(t *testing.T) {
	b := setup(t) // it is Monday, 1 March
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Capacity: 10, LoadCeiling: 0.5,
		Absences: []pmo.Absence{{From: "2027-03-08", Until: "2027-03-14", WholeTeam: true}, {From: "2027-03-15", Until: "2027-03-15", Amount: 5}}}, WIP: 4, Load: 10}}
	b.store.holds = []store.Hold{{Size: 1}, {Size: 2, Until: "2027-02-01"}, {Size: 3, Until: "2027-03-05"}, {Size: 4, Until: "2027-03-15"}}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/teams/heron", "")
	require.Equal(t, http.StatusOK, status, doc)
	var got []string
	for _, w := range doc["weeks"].([]any)[:4] {
		week := w.(map[string]any)
		got = append(got, fmt.Sprintf("%v to %v: %v of %v, %v", week["from"], week["until"], week["load"], week["capacity"], week["most"]))
	}
	require.Equal(t, []string{"2027-03-01 to 2027-03-07: 10 of 10, 5", "2027-03-08 to 2027-03-14: 7 of 0, 0", "2027-03-15 to 2027-03-21: 7 of 9, 4.5", "2027-03-22 to 2027-03-28: 3 of 10, 5"}, got)
	require.Len(t, doc["weeks"], weeksAhead)
	require.Equal(t, 0.5, doc["ceiling"])
	require.Equal(t, "heron", b.store.filter.ForTeam)
	require.Equal(t, "sam", b.store.filter.Viewer)
	status, _, _ = b.call(t, "sam", "GET", "/v1/teams/none", "")
	require.Equal(t, http.StatusNotFound, status)
}

// TestATeamsWaits: Kingman at 8 of 10, after one more of the assumed size, and at the ceiling; half of the team away is another load.
func TestATeamsWaits(t *testing.T) {
	b := setup(t)
	team := pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Capacity: 20, LoadCeiling: 0.5}
	b.store.teams = []store.TeamLoad{{Team: team, WIP: 4, Load: 8}}
	wait := func(doc map[string]any, at string) any {
		return doc["waits"].(map[string]any)[at].(map[string]any)["wait"]
	}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/teams/heron", "")
	require.InDelta(t, 0.4/0.6, wait(doc, "now"), 1e-9)
	next := (8 + b.api.Policy.Now().AssignPolicy().AssumeSize) / 20
	require.InDelta(t, next/(1-next), wait(doc, "next"), 1e-9)
	require.InDelta(t, 1, wait(doc, "ceiling"), 1e-9)
	require.Len(t, doc["curve"], curveSteps)
	b.store.teams[0].Absences = []pmo.Absence{{From: "2027-03-01", Until: "2027-03-31", Amount: 10}}
	_, doc, _ = b.call(t, "sam", "GET", "/v1/teams/heron", "")
	require.InDelta(t, 4, wait(doc, "now"), 1e-9, "8 of the 10 that are there")
	b.store.teams[0].Load = 10
	_, doc, _ = b.call(t, "sam", "GET", "/v1/teams/heron", "")
	require.Nil(t, wait(doc, "now"), "without end")
}
