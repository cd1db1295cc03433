package api

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func whatIfAssignment(t *testing.T, b *bundle, who, body string) map[string]any {
	t.Helper()
	status, doc, _ := b.call(t, who, "POST", "/v1/what-if/assignment", body)
	require.Equal(t, 200, status, doc)
	return doc
}

// waitForTeam has the three requests of the fake plan: B gets Falcon's room, A starts in two weeks, C needs a skill that nobody has.
func waitForTeam(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	for id, number := range map[string]int64{requestA: 1, requestB: 2, requestC: 3} {
		row := b.store.rows[id]
		row.Request = inReview(id, number, "sam")
		b.store.rows[id] = row
	}
	return b
}

func TestWhatIfAnotherTeamSaysWhoMoves(t *testing.T) {
	b := waitForTeam(t)
	doc := whatIfAssignment(t, b, "petra", `{"changes":[{"name":"Heron","capacity":6,"skills":["Cobol:3"]}]}`)
	require.EqualValues(t, 3, doc["waiting"])
	require.EqualValues(t, 1, doc["served_now"])
	require.EqualValues(t, 3, doc["served"], "A needs no skill, and C gets the one it needs")
	require.EqualValues(t, 2, doc["moved"])
	first := doc["lines"].([]any)[0].(map[string]any)
	require.Equal(t, "R-1", first["ref"])
	require.Equal(t, "falcon", first["now"].(map[string]any)["team"])
	require.Nil(t, first["now"].(map[string]any)["starts_now"])
	teams := doc["teams"].([]any)
	require.Len(t, teams, 2)
	require.Equal(t, "Heron", teams[1].(map[string]any)["name"])
	require.Equal(t, true, teams[1].(map[string]any)["new"])
	require.Nil(t, teams[0].(map[string]any)["new"])

	require.Nil(t, doc["unknown_skills"], "a request needs it")
	doc = whatIfAssignment(t, b, "petra", `{"changes":[{"team":"falcon","skills":["Cobl:3","cobol"]},{"capacity":1,"skills":["cobl"]}]}`)
	require.Equal(t, []any{"cobl"}, doc["unknown_skills"], "each once, without its level")

	doc = whatIfAssignment(t, b, "petra", `{"changes":[{"team":"falcon","capacity":20}]}`)
	require.EqualValues(t, 2, doc["served"])
	week := doc["teams"].([]any)[0].(map[string]any)["weeks"].([]any)[0].(map[string]any)
	require.EqualValues(t, 10, week["capacity_now"])
	require.EqualValues(t, 20, week["capacity"])
	require.EqualValues(t, 6, week["load_now"])
	require.EqualValues(t, 9, week["load"])

	doc = whatIfAssignment(t, b, "petra", `{"changes":[{"team":"falcon","pace":2}]}`)
	require.EqualValues(t, 2, doc["served"])
	week = doc["teams"].([]any)[0].(map[string]any)["weeks"].([]any)[0].(map[string]any)
	require.EqualValues(t, 5.5, week["load"], "the two that it holds stay, and the others take half of 7")
	doc = whatIfAssignment(t, b, "petra", `{"changes":[{"team":"falcon","gone":true}]}`)
	require.EqualValues(t, 0, doc["served"])
	require.EqualValues(t, 2, doc["moved"], "both that Falcon would do have no team then")
	doc = whatIfAssignment(t, b, "petra", `{"changes":[{"team":"falcon","load_ceiling":0.8}]}`)
	require.Empty(t, doc["lines"], "what changes nothing moves nobody")
	waits := doc["waits"].([]any)
	require.Len(t, waits, 2, "B starts now")
	require.Equal(t, "R-1", waits[0].(map[string]any)["ref"])
	require.Equal(t, "falcon", waits[0].(map[string]any)["then"].(map[string]any)["team"])
	require.Equal(t, "R-3", waits[1].(map[string]any)["ref"])
	require.Contains(t, waits[1].(map[string]any)["why"], "cobol")
}

func TestWhatIfAnotherTeamHidesAndRefuses(t *testing.T) {
	b := waitForTeam(t)
	b.store.unreadable = []string{requestB}
	doc := whatIfAssignment(t, b, "rita", `{"changes":[{"team":"falcon","gone":true}]}`)
	require.EqualValues(t, 1, doc["hidden"])
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	require.NotContains(t, string(text), "R-2")
	text, err = json.Marshal(whatIfAssignment(t, b, "rita", `{"changes":[{"team":"falcon","load_ceiling":0.8}]}`))
	require.NoError(t, err)
	require.Contains(t, string(text), "R-1")
	require.NotContains(t, string(text), "R-2", "nor in why others wait")
	for body, pointer := range map[string]string{
		`{"changes":[{"team":"nobody"}]}`:                          "/changes/0/team",
		`{"changes":[{"name":"Heron"}]}`:                           "/changes/0/capacity",
		`{"changes":[{"team":"falcon","capacity":-1}]}`:            "/changes/0/capacity",
		`{"changes":[{"team":"falcon","skills":["web","web:9"]}]}`: "/changes/0/skills/1",
		`{"changes":[{"team":"falcon","absences":[{"from":"2027-06-01","until":"2027-05-01","whole_team":true}]}]}`:                   "/changes/0/absences/0/until",
		`{"changes":[{"team":"falcon","absences":[{"from":"2027-06-01","until":"2027-06-02","amount":11}]}]}`:                         "/changes/0/absences/0/amount",
		`{"changes":[{"team":"falcon"},{"team":"falcon","absences":[{"from":"2099-06-01","until":"2099-06-02","whole_team":true}]}]}`: "/changes/1/absences/0/from",
		`{"changes":[{"team":"falcon","pace":0.2}]}`: "/changes/0/pace",
		`{"changes":[{"team":"falcon","pace":4.5}]}`: "/changes/0/pace",
		`{"changes":[{"gone":true,"capacity":1}]}`:   "/changes/0/gone",
		`{"changes":[]}`:                         "/changes",
		`{"portfolio":"nowhere","changes":[{}]}`: "/portfolio",
	} {
		status, doc, _ := b.call(t, "petra", "POST", "/v1/what-if/assignment", body)
		require.Equal(t, 422, status, body)
		require.Equal(t, pointer, doc["errors"].([]any)[0].(map[string]any)["pointer"], body)
	}
}

// TestWhatIfLooksAsFarAsItsAbsences: the assignments look eight weeks ahead, and a question about an absence after these looks to its end.
func TestWhatIfLooksAsFarAsItsAbsences(t *testing.T) {
	b := waitForTeam(t)
	day := func(days int) string { return b.api.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	for _, c := range []struct{ from, until, weeks int }{{0, 5, 8}, {60, 100, 15}, {100, 400, 26}} {
		doc := whatIfAssignment(t, b, "petra", `{"changes":[{"team":"falcon","absences":[{"from":"`+day(c.from)+`","until":"`+day(c.until)+`","whole_team":true}]}]}`)
		require.EqualValues(t, c.weeks, doc["weeks"])
		weeks := doc["teams"].([]any)[0].(map[string]any)["weeks"].([]any)
		require.Len(t, weeks, c.weeks)
		away := weeks[(c.from+6)/7].(map[string]any) // a whole week of it, or this one
		require.NotEqualValues(t, away["capacity_now"], away["capacity"])
	}
}
