package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// TestThePMOMovesWorkToAnotherTeam: the page names who has the work, offers the other teams of the portfolio, wants a reason, and asks before anything changes.
func TestThePMOMovesWorkToAnotherTeam(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Portfolio, request.Stage, request.Commands = "digital", pmo.StageExecution, []string{"reassign"}
	request.Content.Skills = []string{"web", "payments"}
	request.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, ConfirmedAt: now}
	b.api.answers["GET /v1/requests/R-8"] = request
	team := func(id, name, portfolio string) wire.TeamLoad {
		return wire.TeamLoad{Team: pmo.Team{ID: id, Name: name, Portfolio: portfolio}}
	}
	otter := team("otter", "Otter", "digital")
	otter.Skills, otter.WIP, otter.Limit = []string{"Web"}, 2, 2
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{team("falcon", "Falcon", "digital"), otter, team("roads", "Roads", "infrastructure")}}
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), `/reassign">Move to another team`)
	require.Contains(t, b.text(b.do("GET", "/requests/R-8/move", nil)), "/reassign")

	form := b.text(b.do("GET", "/requests/R-8/reassign", nil))
	require.Contains(t, form, "Falcon has the work now.")
	require.Contains(t, form, `value="otter"`)
	require.NotContains(t, form, `value="falcon"`, "it has the work")
	require.Contains(t, form, "Otter – lacks payments – at its limit, 2 of 2")
	require.NotContains(t, form, `value="roads"`, "of another portfolio")
	require.Empty(t, b.api.sent, "looking changes nothing")
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/requests/R-8/reassign", url.Values{"team": {"otter"}}).StatusCode, "without a reason")
	require.Empty(t, b.api.sent)

	const path = "POST /v1/requests/018f0000-0000-7000-8000-00000000000a/reassign"
	b.api.answers[path] = wire.Reassigned{Receipt: pmo.Receipt{ID: request.ID, Number: 8, Says: "Another team is looked for"}}
	answers := url.Values{"team": {"otter"}, "reason": {"Falcon is short of people"}, "key": {"a-key"}}
	require.Equal(t, "/requests/R-8", b.do("POST", "/requests/R-8/reassign", answers).Header.Get("Location"))
	var sent wire.Reassignment
	require.NoError(t, json.Unmarshal(b.api.sent[path], &sent))
	require.Equal(t, wire.Reassignment{Team: "otter", Reason: "Falcon is short of people"}, sent)
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), "Another team is looked for")

	b.api.refuse[path] = problem.InvalidField("/team", "is no team we know")
	response := b.do("POST", "/requests/R-8/reassign", answers)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "Is no team we know")

	request.Content.SecondTeam.Skills = []string{"design"}
	request.Assignment.Second = &pmo.TeamPart{Team: "otter", ConfirmedAt: now}
	b.api.answers["GET /v1/requests/R-8"] = request
	form = b.text(b.do("GET", "/requests/R-8/reassign", nil))
	require.Contains(t, form, "The team to ask first for the part of the second team")
	require.Contains(t, form, "Otter – lacks design – at its limit, 2 of 2", "judged by what the second team must know")
	require.Contains(t, form, `value="falcon"`, "one of the two may stay")
	delete(b.api.refuse, path)
	answers.Set("team", "falcon")
	answers.Set("second", "otter")
	b.do("POST", "/requests/R-8/reassign", answers)
	require.NoError(t, json.Unmarshal(b.api.sent[path], &sent))
	require.Equal(t, "otter", sent.Second)

	request.Assignment = nil
	b.api.answers["GET /v1/requests/R-8"] = request
	require.Contains(t, b.text(b.do("GET", "/requests/R-8/reassign", nil)), "No team has the work")
	request.Commands = nil
	b.api.answers["GET /v1/requests/R-8"] = request
	require.Equal(t, http.StatusForbidden, b.do("GET", "/requests/R-8/reassign", nil).StatusCode, "what is not offered is refused")
}
