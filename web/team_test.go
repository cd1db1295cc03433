package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func teamsBrowser(t *testing.T) *browser {
	b := newBrowser(t)
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{{Team: pmo.Team{ID: "otter", Name: "Otter", Portfolio: "digital",
		Leads: []string{"lena"}, Members: []string{"mia"}, Skills: []string{"data"}, Capacity: 10, LoadCeiling: 0.85, Revision: 3, Absences: []pmo.Absence{{From: "2027-03-08", Until: "2027-03-12", Amount: 5, Who: "mia", Reason: "<i>leave</i>"},
			{From: "2027-01-04", Until: "2027-01-04", WholeTeam: true}}}, WIP: 2, Limit: 2, Ceiling: 0.85, Load: 7}}}
	b.api.answers["PUT /v1/teams/otter"] = pmo.Team{ID: "otter"}
	b.api.answers["GET /v1/teams/otter"] = wire.TeamDetail{TeamLoad: b.api.answers["GET /v1/teams"].(wire.Page[wire.TeamLoad]).Items[0],
		Weeks:   []wire.TeamWeek{{From: "2027-03-01", Until: "2027-03-07", Capacity: 10, Most: 8.5, Load: 7}, {From: "2027-03-08", Until: "2027-03-14", Capacity: 5, Most: 4.25, Load: 7, Absent: 5}},
		Waits:   wire.TeamWaits{Now: wire.WaitPoint{Load: .7, Wait: new(2.333)}, Next: wire.WaitPoint{Load: .9, Wait: new(9.0)}, Ceiling: wire.WaitPoint{Load: .85, Wait: new(5.667)}},
		Curve:   []wire.WaitPoint{{Load: 0, Wait: new(0.0)}, {Load: .5, Wait: new(1.0)}},
		Waiting: []wire.RequestItem{{Ref: "R-9", ID: "x", Title: "Wants <b>Otter</b>"}}, More: true}
	return b
}

func TestALeadChangesWhatTheTeamCanTake(t *testing.T) {
	b := teamsBrowser(t).signIn("lena")
	page := b.text(b.do("GET", "/teams/otter", nil))
	require.Contains(t, page, `name="capacity" value="10"`)
	require.Contains(t, page, `name="load_ceiling" value="85"`)
	form := url.Values{"revision": {"2"}, "capacity": {"12"}, "wip_limit": {"3"}, "load_ceiling": {"80"}, "skills": {"data, gis"}, "members": {"mia, lena"},
		"shares": {"mia: 50, lena: 25 %"}, "wip_per_person": {"1.5"}, "pace": {"1.25"}, "approaches": {"kanban", "scrum"}, "other_work": {"20"}}
	response := b.do("POST", "/teams/otter", form)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	var sent pmo.Team
	mias := b.api.answers["GET /v1/teams/otter"].(wire.TeamDetail).Absences
	require.NoError(t, json.Unmarshal(b.api.sent["PUT /v1/teams/otter"], &sent))
	require.Equal(t, pmo.Team{Name: "Otter", Portfolio: "digital", Leads: []string{"lena"}, Members: []string{"mia", "lena"}, Skills: []string{"data", "gis"},
		Capacity: 12, WIPLimit: 3, LoadCeiling: 0.8, Approaches: []string{"kanban", "scrum"}, Absences: mias, Revision: 2,
		Shares: map[string]float64{"mia": 0.5, "lena": 0.25}, WIPPerPerson: 1.5, Pace: 1.25, OtherWork: 0.2}, sent, "what the form does not show stays, and the revision is the one that was shown")
}

// TestTheLoadCeilingIsShownAsItWasGiven: of 57 % is stored 0.57, and a hundred times that is not 57 in binary.
func TestTheLoadCeilingIsShownAsItWasGiven(t *testing.T) {
	for percent := 1; percent <= 100; percent++ {
		shown := teamControls(english(), pmo.Team{LoadCeiling: float64(percent) / 100})[6].Value
		require.Equal(t, strconv.Itoa(percent), shown)
	}
	require.Equal(t, "12.5", teamControls(english(), pmo.Team{LoadCeiling: 0.125})[6].Value)
}

// TestATeamsNextWeeksAreDrawnAndListed: the picture has its table behind it.
func TestATeamsNextWeeksAreDrawnAndListed(t *testing.T) {
	page := teamsBrowser(t).signIn("sam")
	text := page.text(page.do("GET", "/teams/otter", nil))
	for _, part := range []string{`<svg class="chart weeks"`, `class="bar over"`, "over the ceiling", "<td>4.2</td>", "1 Mar", "8 Mar", "Wants &lt;b&gt;Otter&lt;/b&gt;", "More wait", "&lt;i&gt;leave&lt;/i&gt;", "5 team-weeks", "over</span>"} {
		require.Contains(t, text, part)
	}
	for _, part := range []string{`class="wait-curve"`, "at what this team holds now", "2.3 × its work", "9 × its work", "5.7 × its work"} {
		require.Contains(t, text, part, "the waiting-time curve, with its table")
	}
	require.NotContains(t, text, "/absences\"", "who may not change the team is offered no form")
	require.NotContains(t, text, " style=")
}

func TestALeadSaysWhoIsAbsent(t *testing.T) {
	b := teamsBrowser(t).signIn("lena")
	form := url.Values{"revision": {"2"}, "from": {"2027-04-01"}, "until": {"2027-04-02"}, "whole_team": {"yes"}, "reason": {"offsite"}}
	sent := func() pmo.Team {
		t.Helper()
		var team pmo.Team
		require.NoError(t, json.Unmarshal(b.api.sent["PUT /v1/teams/otter"], &team))
		return team
	}
	require.Equal(t, "/teams/otter?saved=1", b.do("POST", "/teams/otter/absences", form).Header.Get("Location"))
	require.Len(t, sent().Absences, 3)
	require.Equal(t, pmo.Absence{From: "2027-04-01", Until: "2027-04-02", WholeTeam: true, Reason: "offsite"}, sent().Absences[2])
	require.Equal(t, 2, sent().Revision, "as of what the page showed")
	require.Equal(t, []string{"mia"}, sent().Members, "nothing else changes")

	require.Equal(t, http.StatusSeeOther, b.do("POST", "/teams/otter/absences", url.Values{"revision": {"3"}, "remove": {"0"}}).StatusCode)
	require.Equal(t, []pmo.Absence{{From: "2027-01-04", Until: "2027-01-04", WholeTeam: true}}, sent().Absences)
	require.Equal(t, http.StatusNotFound, b.do("POST", "/teams/otter/absences", url.Values{"revision": {"3"}, "remove": {"9"}}).StatusCode)

	form.Del("from")
	response := b.do("POST", "/teams/otter/absences", form)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), `href="#f-from"`)
	form.Set("from", "2027-04-01")
	b.api.refuse["PUT /v1/teams/otter"] = problem.InvalidField("/absences/2/until", "is before the first day")
	response = b.do("POST", "/teams/otter/absences", form)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	page := b.text(response)
	require.Contains(t, page, `href="#f-until">Last day: <span lang="en">Is before the first day`, "the fault stands at its field")
	require.Contains(t, page, `value="offsite"`, "and what was written stays")
}

func TestATeamsFaultsStandBesideTheirFields(t *testing.T) {
	b := teamsBrowser(t).signIn("lena")
	form := url.Values{"revision": {"3"}, "capacity": {"twelve"}, "wip_limit": {"2.5"}, "skills": {"data"}}
	response := b.do("POST", "/teams/otter", form)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), `href="#f-capacity">Capacity in team-weeks: This is not a number`, "what is wrong with it, and not that it is missing")
	for _, none := range []string{"nan", "0x10", "1_0", "inf"} {
		form.Set("capacity", none)
		require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/teams/otter", form).StatusCode, none)
	}
	form.Set("capacity", "12")
	response = b.do("POST", "/teams/otter", form)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode, "half a request at once")
	require.Contains(t, b.text(response), `href="#f-wip_limit"`)
	require.Empty(t, b.api.sent)
	form.Set("wip_limit", "2")
	b.api.refuse["PUT /v1/teams/otter"] = problem.New(problem.Conflict, "it has changed since")
	require.Equal(t, http.StatusConflict, b.do("POST", "/teams/otter", form).StatusCode)
	form.Set("shares", "mia 50")
	require.Contains(t, b.text(b.do("POST", "/teams/otter", form)), "Write ids with percent")
	form.Set("shares", "mia: 50")
	form.Del("capacity")
	require.Contains(t, b.text(b.do("POST", "/teams/otter", form)), `href="#f-capacity"`, "it is stated, or follows from the people")
	delete(b.api.refuse, "PUT /v1/teams/otter")
	form.Set("capacity_per_person", "2")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/teams/otter", form).StatusCode)
	delete(form, "revision")
	require.Equal(t, http.StatusBadRequest, b.do("POST", "/teams/otter", form).StatusCode)
}

func TestOthersSeeATeamWithoutItsForm(t *testing.T) {
	b := teamsBrowser(t).signIn("sam")
	require.NotContains(t, b.text(b.do("GET", "/teams/otter", nil)), "<form method=\"post\" action=\"/teams/otter\"")
	require.Equal(t, http.StatusNotFound, b.do("GET", "/teams/none", nil).StatusCode)
}

func TestTheBacklogIsRankedNowByThePMOAlone(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	require.NotContains(t, b.text(b.do("GET", "/backlog", nil)), "/backlog/run")
	b.signIn("petra")
	require.Contains(t, b.text(b.do("GET", "/backlog", nil)), "/backlog/run")
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/backlog/run", nil).StatusCode, "a run needs its reason")
	b.api.answers["POST /v1/prioritizations"] = wire.Prioritization{ID: "prioritization/digital/now/1"}
	response := b.do("POST", "/backlog/run", url.Values{"reason": {"planning"}})
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, "/backlog?run=prioritization%2Fdigital%2Fnow%2F1", response.Header.Get("Location"))
	b.api.answers["GET /v1/prioritizations/prioritization/digital/now/1"] = wire.Prioritization{Done: true, Words: "ranked 3 requests"}
	require.Contains(t, b.text(b.do("GET", response.Header.Get("Location"), nil)), `<span lang="en">Ranked 3 requests</span>.`)
}

func TestTheReportHasWhatTheFlowPageHasAndMore(t *testing.T) {
	b := teamsBrowser(t).signIn("petra")
	require.Contains(t, b.text(b.do("GET", "/flow?days=30&portfolio=digital", nil)), "/report?days=30&amp;portfolio=digital", "the report is of the same portfolio")
	page := b.text(b.do("GET", "/report?days=30", nil))
	for _, part := range []string{"Portfolio report", "Delivered a week", "Next in the backlog", "Due next", "Otter"} {
		require.Contains(t, page, part)
	}
}

func TestATeamShowsWhatMayBeExpected(t *testing.T) {
	b := teamsBrowser(t).signIn("sam")
	report := wire.FlowReport{Expectation: flow.Expect("", []float64{3, 4}), Reference: flow.NewReference([]float64{1, 2, 3, 4, 13}, nil, nil)}
	report.Reference.Whole = true
	b.api.answers["GET /v1/reports/flow"] = report
	page := b.text(b.do("GET", "/teams/otter", nil))
	require.Equal(t, "days=365&limit=40&team=otter", b.api.query["GET /v1/reports/flow"])
	require.Contains(t, page, "2 finished in a year, five are needed")
	require.Contains(t, page, "Of all teams together, 85 % are accepted within 13 days")
	report.Expectation = flow.Expect("", []float64{1, 2, 3, 4, 13})
	report.ByKind = []flow.Expectation{flow.Expect("tool_access", []float64{1, 2, 3, 4, 9})}
	report.CycleTime, report.Scatter = flow.Stats{N: 5}, []flow.Cell{{At: now, Days: 13, Count: 1, Ref: "R-1"}}
	report.From, report.To, report.AgingTotal = now.AddDate(-1, 0, 0), now, 1
	chance := .25
	report.Aging = []flow.Aging{{ID: "R-9", Stage: "execution", Age: 30, Level: flow.LevelP85, Chance: &chance}}
	report.Stages = []wire.StageCount{{Stage: pmo.StageExecution}}
	b.api.answers["GET /v1/reports/flow"] = report
	page = b.text(b.do("GET", "/teams/otter", nil))
	for _, part := range []string{"<strong>85 % are accepted within 13 days of the pull, by 5 that were finished.</strong>", "tool access", "9 days", `class="percentile sle"`, "85 % within 13 days", "25 %", "Fewer than five of what is shown"} {
		require.Contains(t, page, part)
	}
}

func TestWaitingForOnesGroupsIsShownInInboxAndOnHome(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	for _, path := range []string{"/", "/inbox"} {
		page := b.text(b.do("GET", path, nil))
		for _, part := range []string{"What waiting for your groups cost", "34 days of waiting", "85 of 100 of 12 answered within 3 days", "2 open now, the oldest for 6 days", "Delay cost: 12000."} {
			require.Contains(t, page, part, path)
		}
	}
	b.api.answers["GET /v1/me/waiting"] = wire.GroupsWaiting{Days: 90}
	require.NotContains(t, b.text(b.do("GET", "/inbox", nil)), "What waiting for your groups cost")
}

// TestTheSkillsMatrixSaysWhichSkillOnlyOneTeamHas: a skill without a level counts as the highest, and one that is listed in another case is the same.
func TestTheSkillsMatrixSaysWhichSkillOnlyOneTeamHas(t *testing.T) {
	teams := []wire.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon", Skills: []string{"web", "payments:3"}}}, {Team: pmo.Team{ID: "otter", Name: "Otter", Skills: []string{"Web:2", "gis:1"}}}, {Team: pmo.Team{ID: "idle", Name: "Idle"}}}
	require.Equal(t, []skillRow{{"gis", []int{0, 1, 0}, true}, {"payments", []int{3, 0, 0}, true}, {"web", []int{5, 2, 0}, false}}, skillRows(teams))
	require.Empty(t, skillRows(nil))
	b := newBrowser(t)
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: teams}
	b = b.signIn("sam")
	page := b.text(b.do("GET", "/teams", nil))
	for _, want := range []string{`<th scope="row">gis <span class="chip warn">one team only</span></th><td>–</td><td class="heat some">1</td><td>–</td>`, `<th scope="row">web</th><td class="heat some">5</td><td class="heat some">2</td>`} {
		require.Contains(t, page, want)
	}
}

// TestATeamsCapacityCanFollowFromWhatItFinished: the page says what it rests on, and offers it where a capacity is stated.
func TestATeamsCapacityCanFollowFromWhatItFinished(t *testing.T) {
	b := teamsBrowser(t)
	detail := b.api.answers["GET /v1/teams/otter"].(wire.TeamDetail)
	detail.Finished = &pmo.Finished{Until: "2027-03-01", Weeks: 26, Requests: 14, PerWeek: 1.6, WeeksEach: 5, AtOnce: 8, Ceiling: 0.8, Capacity: 10}
	b.api.answers["GET /v1/teams/otter"] = detail
	b = b.signIn("lena")
	require.NotContains(t, b.text(b.do("GET", "/teams/otter", nil)), "Measured, the pace", "too little of it has an estimated size")
	for pace, want := range map[float64]string{
		1.25: `Measured, the pace would be 1.25: the median of 12 finished requests with an estimated size (30 team-weeks estimated, 24.5 used). It changes only when somebody states it. <a href="/what-if/teams?pace=1.25&amp;portfolio=` + detail.Portfolio + `&amp;team=otter">`,
		1:    "The pace fits what was measured: 1, from 12 finished requests",
		7:    "Measured, the pace would be 7, from 12 finished requests (30 team-weeks estimated, 24.5 used). No pace can be so",
	} {
		with := *detail.Finished
		with.Pace = &pmo.MeasuredPace{Pace: pace, Requests: 12, Estimated: 30, Used: 24.5}
		changed := detail
		changed.Finished = &with
		b.api.answers["GET /v1/teams/otter"] = changed
		require.Contains(t, b.text(b.do("GET", "/teams/otter", nil)), want)
	}
	b.api.answers["GET /v1/teams/otter"] = detail
	require.Contains(t, b.text(b.do("GET", "/teams/otter", nil)), "From what was finished in 26 weeks until 1 Mar 2027, the capacity would be 10 team-weeks: 14 requests, 1.6 team-weeks a week, each in work for 5 weeks, so 8 at once, at a ceiling of 80 %.")
	form := url.Values{"revision": {"3"}, "capacity_measured": {"yes"}, "skills": {"data"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/teams/otter", form).StatusCode, "without a capacity")
	require.Contains(t, string(b.api.sent["PUT /v1/teams/otter"]), `"capacity_measured":true`)
	detail.CapacityMeasured = true
	b.api.answers["GET /v1/teams/otter"] = detail
	page := b.text(b.do("GET", "/teams/otter", nil))
	require.Contains(t, page, "The capacity follows from what was finished in 26 weeks until 1 Mar 2027: 14 requests")
	require.Contains(t, page, `name="capacity_measured" value="yes" checked`)
	require.Contains(t, page, `name="capacity" value=""`)
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/teams/otter", url.Values{"revision": {"3"}, "skills": {"data"}}).StatusCode, "stated, and none given")
}

// TestAnEmptyFigureOfATeamIsUnset: the form gives all figures, so that an empty one is 0 and no longer set.
func TestAnEmptyFigureOfATeamIsUnset(t *testing.T) {
	b := teamsBrowser(t)
	team := b.api.answers["GET /v1/teams/otter"].(wire.TeamDetail)
	team.Shares, team.CapacityPerPerson, team.OtherWork, team.WIPLimit, team.WIPPerPerson, team.Pace = map[string]float64{}, 2, 0.1, 3, 2, 1.5
	b.api.answers["GET /v1/teams/otter"] = team
	form := url.Values{"revision": {"3"}, "capacity": {"0"}, "capacity_per_person": {""}, "other_work": {"0"}, "wip_limit": {""}, "wip_per_person": {"0"}, "load_ceiling": {""}, "pace": {""}, "skills": {"data"}, "members": {"mia"}}
	require.Equal(t, http.StatusSeeOther, b.signIn("lena").do("POST", "/teams/otter", form).StatusCode)
	var sent map[string]any
	require.NoError(t, json.Unmarshal(b.api.sent["PUT /v1/teams/otter"], &sent))
	for _, field := range []string{"capacity", "capacity_per_person", "other_work", "wip_limit", "wip_per_person", "load_ceiling", "pace"} {
		require.EqualValues(t, 0, sent[field], field)
		require.Contains(t, sent, field)
	}
}
