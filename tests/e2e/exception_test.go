package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// noTeamFits: the PMO is asked; its silence gives the slot back, and the request is pulled again only when a team could take it.
func noTeamFits(t *testing.T, api *drive.API) {
	f := harness.Ordinary("Mend the mainframe's month end")
	f.Skills = []string{"cobol"}
	r := api.Submit("sam", f).ToBacklog().Pull()
	r.AwaitOpen("approach/1")
	r.Decide("theo", "approach/1", "accept")
	state := r.AwaitOpen("exception/1/no_team")
	require.Contains(t, state.Text("questions.0.text"), "no team covers cobol")
	r.Await("it holds a slot", func(a *drive.Answer) bool { return a.Text("slot") != "" })
	require.Contains(t, string(api.As("petra").Get("/v1/inbox").Raw), r.ID, "the PMO sees it in the inbox")
	api.As("petra").Call(422, "POST", r.Path("/decisions"), map[string]any{"decision": "exception/1/no_team", "verdict": "name_team",
		"reason": "they know it", "data": map[string]any{"team": "nowhere"}})

	r.AwaitStage("prioritization")
	r.Await("its slot is given back", func(a *drive.Answer) bool { return a.Text("slot") == "" && a.Text("returned.cause") == "no_team" })
	require.Contains(t, r.Events(), "slot_returned")
	api.Prioritize(portfolio)
	r.Await("the ranking passes it over", func(*drive.Answer) bool {
		return strings.Contains(string(api.As("rita").Get("/v1/backlog?portfolio="+portfolio).Raw), "it gave its slot back and no team could take it now")
	})
	require.Equal(t, "prioritization", r.Read().Text("stage"))

	api.Team("bittern", "Bittern", portfolio, "theo", 10, "cobol")
	api.Prioritize(portfolio)
	r.AwaitOpen("assignment/1/bittern")
	r.Await("it has a slot again", func(a *drive.Answer) bool { return a.Text("slot") != "" && a.Text("returned") == "" })
}

// remedyTaken: the PMO is told what would help a request that no team can take; with the answer the team has the skill, by its own audit, and its
// lead is asked.
func remedyTaken(t *testing.T, api *drive.API) {
	f := harness.Ordinary("Read the old tapes")
	f.Skills = []string{"fortran"}
	r := api.Submit("sam", f).ToBacklog().Pull()
	r.AwaitOpen("approach/1")
	r.Decide("theo", "approach/1", "accept")
	state := r.AwaitOpen("exception/1/no_team")
	id, team := state.Text("questions.0.remedies.0.id"), state.Text("questions.0.remedies.0.team")
	require.Equal(t, "team/"+team, id)
	require.Contains(t, state.Text("questions.0.remedies.0.skills.0"), "fortran")
	require.NotContains(t, string(api.As("rita").Get("/v1/teams/"+team).Raw), "fortran")
	api.As("petra").Call(422, "POST", r.Path("/decisions"), map[string]any{"decision": "exception/1/no_team", "verdict": "remedy", "reason": "they learn it", "data": map[string]any{"remedy": "team/nowhere"}})
	r.Decide("petra", "exception/1/no_team", "remedy", "reason", "they learn it", "data", map[string]any{"remedy": id})
	require.Contains(t, string(api.As("rita").Get("/v1/teams/"+team).Raw), "fortran")
	r.AwaitOpen("assignment/1/" + team)
}
