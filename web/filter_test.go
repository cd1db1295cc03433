package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

const viewID = "018f0000-0000-7000-8000-0000000000f1"

// TestEveryListIsFilteredByItsAddress: what the address says goes to the API, on each list alike, and the form shows it.
func TestEveryListIsFilteredByItsAddress(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	const chosen = "class=expedite&days_in_stage=14&kind=support&portfolio=digital&requester=sam&team=otter&text=road&theme=service"
	for page, call := range map[string]string{"/requests": "GET /v1/requests", "/board": "GET /v1/board", "/backlog": "GET /v1/backlog", "/flow": "GET /v1/reports/flow", "/flow.csv": "GET /v1/reports/flow"} {
		response := b.do("GET", page+"?"+chosen, nil)
		require.Equal(t, http.StatusOK, response.StatusCode, page)
		sent, err := url.ParseQuery(b.api.query[call])
		require.NoError(t, err)
		want, _ := url.ParseQuery(chosen)
		for name := range want {
			require.Equal(t, want.Get(name), sent.Get(name), "%s: %s", page, name)
		}
		if page == "/flow.csv" {
			continue
		}
		text := b.text(response)
		require.Contains(t, text, `value="road"`, page)
		require.Contains(t, text, `<option value="14" selected>`, page)
		require.Contains(t, text, `name="back" value="`+page+`?all=1&amp;class=expedite`, "%s: the filter can be kept", page)
	}
	text := b.text(b.do("GET", "/board?team=otter&days_in_stage=nonsense", nil))
	require.Contains(t, text, "Team: Otter", "in words, to be removed")
	require.NotContains(t, b.api.query["GET /v1/board"], "days_in_stage", "what is no number counts for nothing")
}

// TestAListIsNotFilteredBySortAndStageUnlessItHasThem: they belong to the list of requests.
func TestTheOrderBelongsToTheListOfRequests(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	b.do("GET", "/requests?stage=review&sort=age&closed=1", nil)
	require.Equal(t, "closed=true&sort=age&stage=review", b.api.query["GET /v1/requests"])
	b.do("GET", "/board?stage=review&sort=age", nil)
	require.Equal(t, "most=12", b.api.query["GET /v1/board"])
}

func TestAViewIsKeptAndFollowed(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	b.api.answers["PUT /v1/me/views/"+viewID] = wire.View{ID: viewID}
	page := b.text(b.do("GET", "/board", nil))
	require.Contains(t, page, "&lt;b&gt;Falcon&lt;/b&gt;", "stored text is never markup")
	require.Contains(t, page, "/board?days_in_stage=14&amp;team=falcon&amp;view="+viewID)
	require.NotContains(t, page, `action="/views"`, "nothing is filtered, so there is nothing to keep")
	response := b.do("POST", "/views", url.Values{"back": {"/board?all=1&team=otter&sort=newest"}, "name": {" <b>Falcon</b> "}, "default": {"1"}})
	require.Equal(t, "/board?sort=newest&team=otter&view="+viewID, response.Header.Get("Location"), "the name is known: it is replaced")
	var sent wire.SetView
	require.NoError(t, json.Unmarshal(b.api.sent["PUT /v1/me/views/"+viewID], &sent))
	require.Equal(t, wire.SetView{Name: "<b>Falcon</b>", Filter: wire.ListFilter{Team: "otter"}, Default: true}, sent)
	require.Equal(t, "/", b.do("POST", "/views", url.Values{"back": {"//evil.example/?x"}, "name": {"<b>Falcon</b>"}}).Header.Get("Location")[:1])

	b.do("POST", "/views/"+viewID, url.Values{"step": {"default"}, "back": {"/board?all=1"}})
	require.NoError(t, json.Unmarshal(b.api.sent["PUT /v1/me/views/"+viewID], &sent))
	require.Equal(t, wire.SetView{Name: "<b>Falcon</b>", Filter: wire.ListFilter{Team: "falcon", DaysInStage: 14}, Default: true}, sent)
	b.api.answers["DELETE /v1/me/views/"+viewID] = struct{}{}
	require.Equal(t, "/board?all=1", b.do("POST", "/views/"+viewID, url.Values{"step": {"delete"}, "back": {"/board?all=1"}}).Header.Get("Location"))
	require.Equal(t, http.StatusNotFound, b.do("POST", "/views/"+viewID, url.Values{"step": {"?"}}).StatusCode)
}

func TestTheDefaultViewIsShownFirst(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	b.api.answers["GET /v1/me/views"] = wire.Page[wire.View]{Items: []wire.View{{ID: viewID, Name: "Mine", Filter: wire.ListFilter{Requester: "petra"}, Default: true}}}
	for _, page := range []string{"/board", "/requests", "/backlog", "/flow"} {
		require.Equal(t, page+"?requester=petra&view="+viewID, b.do("GET", page, nil).Header.Get("Location"))
		require.Equal(t, http.StatusOK, b.do("GET", page+"?all=1", nil).StatusCode, "all of them, when asked for")
		b.headers = http.Header{liveHeader: {"1"}}
		require.Equal(t, http.StatusOK, b.do("GET", page, nil).StatusCode, "the script shows the same page again")
		b.headers = http.Header{}
	}
}

func TestTheBoardSaysItsLimits(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	page := b.text(b.do("GET", "/board?portfolio=digital", nil))
	for _, part := range []string{"6 of 6", "The next one waits here until one in progress is done.", "0 of 1", "1 free", "Otter", "2 free", "old, ", "14 more",
		"/requests?portfolio=digital&amp;sort=age&amp;stage=prioritization"} {
		require.Contains(t, page, part)
	}
	require.NotContains(t, b.text(b.do("GET", "/board?team=heron", nil)), ">Otter<strong", "only the team that is asked for")
	require.NotContains(t, b.text(b.signIn("rita").do("GET", "/board", nil)), "/move", "what is not theirs, they cannot move")
}

// TestAMoveLeadsToThePageThatAsks: nothing moves by a GET, and what cannot be done now is said and not offered.
func TestAMoveLeadsToThePageThatAsks(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	page := b.text(b.do("GET", "/requests/R-8/move", nil))
	require.Contains(t, page, "verdict=approve")
	require.NotContains(t, page, "verdict=abstain", "it moves nothing")
	require.Contains(t, page, "/withdraw")
	require.NotContains(t, page, "/pull")
	response := b.do("GET", "/requests/R-8/move?to=intake", nil)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Contains(t, response.Header.Get("Location"), "verdict=need_info", "one thing alone leads there")
	require.Contains(t, b.text(b.do("GET", "/requests/R-8/move?to=execution", nil)), "Nothing that you can do now leads to Execution.")
	require.Contains(t, b.text(b.do("GET", "/requests/R-8/move?to=closed", nil)), "verdict=reject", "several: the reader chooses")
	require.Empty(t, b.api.sent)
}

// TestARankIsRaisedByItsInputs: there is no way to type a rank.
func TestARankIsRaisedByItsInputs(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Stage, request.Commands = pmo.StagePrioritization, []string{"inputs", "pull"}
	value, size := 5.0, 2.5
	request.Content.Inputs = pmo.Inputs{BusinessValue: &value, JobSize: &size}
	for _, ref := range []string{"R-8", request.ID} {
		b.api.answers["GET /v1/requests/"+ref] = request
		b.api.answers["GET /v1/requests/"+ref+"/explanation"] = wire.Explanation{Rank: &wire.RankedRequest{Rank: 4, Why: "rank 4: score 2. It would pass with urgency 8"}}
	}
	page := b.text(b.do("GET", "/requests/R-8/move", nil))
	for _, part := range []string{"A rank is computed", "Rank 4: score 2", "with urgency 8", "/inputs", "/pull"} {
		require.Contains(t, page, part)
	}
	page = b.text(b.do("GET", "/requests/R-8/inputs", nil))
	require.Contains(t, page, `<option value="2.5" selected>`, "the value is shown, also where it is not on the scale")
	b.api.answers["POST /v1/requests/"+request.ID+"/inputs"] = pmo.Receipt{}
	form := url.Values{"inputs.business_value": {"8"}, "inputs.job_size": {""}, "class": {"expedite"}, "reason": {"the law changed"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/inputs", form).StatusCode)
	require.JSONEq(t, `{"inputs":{"business_value":8,"job_size":null},"class":"expedite","reason":"the law changed"}`, string(b.api.sent["POST /v1/requests/"+request.ID+"/inputs"]))
	form.Del("reason")
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/requests/R-8/inputs", form).StatusCode)
}

func TestDoneIsOneClickFromTheBoard(t *testing.T) {
	b := newBrowser(t).signIn("theo")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Stage, request.Commands, request.Questions = pmo.StageExecution, []string{"progress"}, nil
	b.api.answers["GET /v1/requests/R-8"], b.api.answers["GET /v1/requests/"+request.ID] = request, request
	response := b.do("GET", "/requests/R-8/move?to=closure", nil)
	require.Equal(t, "/requests/"+request.ID+"/progress?done=yes", response.Header.Get("Location"))
	require.Contains(t, b.text(b.do("GET", response.Header.Get("Location"), nil)), `name="done" value="yes" checked`)
}

// TestTheFiguresOfFlowAreOneClickAway: the page links to the table of all that it shows, of the same choice.
func TestTheFiguresOfFlowAreOneClickAway(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	require.Contains(t, b.text(b.do("GET", "/flow?all=1&team=otter&days=30", nil)), `href="/flow.csv?all=1&amp;days=30&amp;table=figures&amp;team=otter"`)
	response := b.do("GET", "/flow.csv?team=otter&days=30&table=figures", nil)
	require.Equal(t, `attachment; filename="flow-figures.csv"`, response.Header.Get("Content-Disposition"))
	require.Contains(t, b.api.query["GET /v1/reports/flow"], "table=figures")
	require.Contains(t, b.api.query["GET /v1/reports/flow"], "team=otter")
}
