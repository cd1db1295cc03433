package api

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

func TestList(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests?stage=review&sort=age&limit=10&text=mail&closed=true&waiting_on=ana", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, store.Filter{Stage: pmo.StageReview, Sort: "age", Limit: 10, Text: "mail", Closed: true, WaitingOn: "ana", Viewer: "sam"}, b.store.filter)
	require.Equal(t, "more", doc["next"])
	require.Len(t, doc["items"], 2)
	b.call(t, "petra", "GET", "/v1/requests", "")
	require.Equal(t, store.Filter{Sort: "newest", Limit: 50, Viewer: "petra", SeesAll: true}, b.store.filter)
	for query, pointer := range map[string]string{"stage=x": "query/stage", "limit=0": "query/limit", "limit=a": "query/limit", "limit=201": "query/limit", "sort=x": "query/sort", "Stage=review": "query/Stage", "closed=perhaps": "query/closed"} {
		status, doc, _ := b.call(t, "sam", "GET", "/v1/requests?"+query, "")
		require.Equal(t, 422, status, query)
		require.Equal(t, []string{pointer}, pointers(doc))
	}
}

func TestInbox(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "ana", "GET", "/v1/inbox", "")
	require.Equal(t, 200, status)
	require.Equal(t, []any{}, doc["items"])
	b.store.inbox = []store.InboxItem{{RequestID: requestA, Number: 1, Title: "T", Question: pmo.Question{ID: "review/1/approvers", Kind: pmo.KindReview, People: []string{"bo"}, OnSilence: "reject"}, Requester: "sam", For: "bo"}}
	_, doc, _ = b.call(t, "ana", "GET", "/v1/inbox", "")
	require.Empty(t, doc["items"], "bo has not named ana")
	b.store.acts = map[string][]string{"ana": {"bo"}, "kai": {"bo", "sam"}}
	_, doc, _ = b.call(t, "kai", "GET", "/v1/inbox", "")
	require.Empty(t, doc["items"], "kai is the requester's delegate too")
	_, doc, _ = b.call(t, "ana", "GET", "/v1/inbox", "")
	item := doc["items"].([]any)[0].(map[string]any)
	require.Equal(t, true, item["on_behalf"])
	require.Equal(t, "/v1/requests/"+requestA+"/decisions", item["decide_at"])
	require.Equal(t, "reject", item["on_silence"])
	require.Equal(t, "R-1", item["request"].(map[string]any)["ref"])
}

// TestInboxSaysThatMoreFollows: an inbox ended after 500 questions, and nothing said so.
func TestInboxSaysThatMoreFollows(t *testing.T) {
	b := setup(t)
	question := func(n int, seat string) store.InboxItem {
		return store.InboxItem{RequestID: requestA, Number: 1, Requester: "sam", For: seat,
			Question: pmo.Question{ID: fmt.Sprintf("review/%d", n), Kind: pmo.KindReview, People: []string{seat}}}
	}
	for n := range 520 {
		b.store.inbox = append(b.store.inbox, question(n, "ana"))
	}
	_, doc, _ := b.call(t, "ana", "GET", "/v1/inbox", "")
	require.Len(t, doc["items"], 500)
	_, doc, _ = b.call(t, "ana", "GET", "/v1/inbox?cursor="+doc["next"].(string), "")
	require.Len(t, doc["items"], 20)
	require.NotContains(t, doc, "next")
	status, doc, _ := b.call(t, "ana", "GET", "/v1/inbox?limit=501", "")
	require.Equal(t, 422, status)
	require.Equal(t, []string{"query/limit"}, pointers(doc))

	b.store.inbox = nil
	for n := range 30 {
		b.store.inbox = append(b.store.inbox, question(n, "bo")) // ana may not answer in bo's seat
	}
	b.store.inbox = append(b.store.inbox, question(30, "ana"), question(31, "ana"))
	_, doc, _ = b.call(t, "ana", "GET", "/v1/inbox?limit=10", "")
	require.Len(t, doc["items"], 2, "no page is empty while more follows")
	require.NotContains(t, doc, "next")
}

func TestDelegation(t *testing.T) {
	b := setup(t)
	status, _, _ := b.call(t, "bo", "GET", "/v1/me/delegation", "")
	require.Equal(t, 404, status)
	status, doc, _ := b.call(t, "bo", "PUT", "/v1/me/delegation", `{"delegate":"kai","until":"2027-03-10T00:00:00Z"}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, store.Delegation{Person: "bo", Delegate: "kai", From: now, Until: time.Date(2027, 3, 10, 0, 0, 0, 0, time.UTC)}, *b.store.delegation)
	for body, pointer := range map[string]string{
		`{"delegate":"bo","until":"2027-03-10T00:00:00Z"}`:                                "/delegate",
		`{"delegate":"nobody","until":"2027-03-10T00:00:00Z"}`:                            "/delegate",
		`{"delegate":"kai","until":"2029-03-10T00:00:00Z"}`:                               "/until",
		`{"delegate":"kai","from":"9999-03-10T00:00:00Z","until":"9999-04-10T00:00:00Z"}`: "/from",
		`{"delegate":"kai","until":"tomorrow"}`:                                           "/until",
		`{"delegate":"kai"}`:                                                              "/until",
	} {
		status, doc, _ := b.call(t, "bo", "PUT", "/v1/me/delegation", body)
		require.Equal(t, 422, status, body)
		require.Contains(t, pointers(doc), pointer)
	}
	status, _, _ = b.call(t, "bo", "DELETE", "/v1/me/delegation", "")
	require.Equal(t, 204, status)
	require.Nil(t, b.store.delegation)
}

func TestPrioritize(t *testing.T) {
	b := setup(t)
	status, doc, header := b.call(t, "petra", "POST", "/v1/prioritizations", `{"reason":"new law","dry":true}`)
	require.Equal(t, 202, status, doc)
	require.Equal(t, "/v1/prioritizations/prioritization%2Fdigital%2Fnow%2F1", header.Get("Location"))
	require.Equal(t, []contract.PrioritizationInput{{Portfolio: "digital", Cause: "now", Actor: "petra", Reason: "new law", Dry: true}}, b.engine.ran)
	status, doc, _ = b.call(t, "petra", "GET", header.Get("Location"), "")
	require.Equal(t, 202, status)
	require.Equal(t, false, doc["done"])

	b.engine.runDone = true
	b.store.run = &store.Prioritization{ID: "prioritization/digital/now/1", Portfolio: "digital", Words: "3 ranked"}
	b.store.lines = []store.RankedRequest{{ID: requestA, Number: 1, Rank: 1}}
	status, doc, _ = b.call(t, "petra", "POST", "/v1/prioritizations", `{"reason":"new law"}`)
	require.Equal(t, 201, status)
	require.Equal(t, true, doc["done"])
	require.Len(t, doc["lines"], 1)
	status, _, _ = b.call(t, "sam", "GET", header.Get("Location"), "")
	require.Equal(t, 200, status)

	status, _, _ = b.call(t, "sam", "POST", "/v1/prioritizations", `{"reason":"me first"}`)
	require.Equal(t, 403, status)
	status, doc, _ = b.call(t, "petra", "POST", "/v1/prioritizations", `{"reason":"x","portfolio":"none"}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/portfolio"}, pointers(doc))
	b.store.run = nil
	status, _, _ = b.call(t, "sam", "GET", "/v1/prioritizations/request%2F"+requestB, "")
	require.Equal(t, 404, status)
	status, doc, _ = b.call(t, "sam", "GET", "/v1/backlog", "")
	require.Equal(t, 200, status)
	require.Equal(t, "R-1", doc["items"].([]any)[0].(map[string]any)["ref"])
}

func TestTeams(t *testing.T) {
	b := setup(t)
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Leads: []string{"theo"}, Revision: 1}, WIP: 2}}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/teams", "")
	require.Equal(t, 200, status)
	require.Len(t, doc["items"], 1)
	body := `{"name":"Falcon","portfolio":"digital","leads":["theo"],"skills":["go"],"capacity":6,"revision":1}`
	for who, want := range map[string]int{"theo": 200, "petra": 200, "ada": 200, "lena": 403, "sam": 403} {
		status, doc, _ := b.call(t, who, "PUT", "/v1/teams/falcon", body)
		require.Equal(t, want, status, "%s %v", who, doc)
	}
	require.Equal(t, 2, b.store.saved.Revision)
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/falcon", `{"name":"F","portfolio":"none","leads":["nobody"],"skills":[],"capacity":-1}`)
	require.Equal(t, 422, status)
	require.Contains(t, pointers(doc), "/capacity")
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/kestrel", `{"name":"F","portfolio":"digital","leads":["theo"],"skills":[]}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/capacity"}, pointers(doc), "a new team states it, or what it follows from")
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/kestrel", `{"name":"F","portfolio":"digital","leads":["theo"],"members":["kai"],"skills":[],"shares":{"theo":0.5},"capacity_per_person":2,"other_work":0.25}`)
	require.Equal(t, 200, status, doc)
	require.InDelta(t, 2.25, doc["capacity"], 1e-9, "one and a half people, 2 team-weeks each, a quarter of it for other work")
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/kestrel", `{"name":"F","portfolio":"digital","leads":["theo"],"skills":[],"capacity":0}`)
	require.Equal(t, 200, status, "0 is no capacity")
	require.Zero(t, doc["capacity"])
	for part, pointer := range map[string]string{`"shares":{"zoe":1}`: "/shares/zoe", `"shares":{"theo":2}`: "/shares/theo", `"other_work":1.5`: "/other_work", `"wip_per_person":-1`: "/wip_per_person", `"pace":0.1`: "/pace", `"pace":5`: "/pace",
		`"capacity_per_person":-1`: "/capacity_per_person", `"absences":[{"from":"2027-03-08","until":"2027-03-09","who":"theo"}]`: "/absences/0/amount"} {
		status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/kestrel", `{"name":"F","portfolio":"digital","leads":["theo"],"capacity":1,`+part+`,"skills":[]}`)
		require.Equal(t, 422, status, part)
		require.Contains(t, pointers(doc), pointer, part)
	}
	status, doc, _ = b.call(t, "petra", "PUT", "/v1/teams/falcon", `{"name":"F","portfolio":"none","leads":["nobody"],"skills":[],"capacity":1}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/leads/0", "/portfolio"}, pointers(doc))
	status, _, _ = b.call(t, "petra", "PUT", "/v1/teams/Falcon%20X", body)
	require.Equal(t, 422, status)
}

func TestPolicy(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/policy", "")
	require.Equal(t, 200, status)
	require.NotEmpty(t, doc["words"])
	require.Contains(t, doc["yaml"], "version: 1")
	require.NotEmpty(t, doc["data"].(map[string]any)["portfolios"])
}

func TestFlowReport(t *testing.T) {
	b := setup(t)
	pulled, accepted := now.Add(-10*24*time.Hour), now.Add(-24*time.Hour)
	ago := func(days int) time.Time { return now.Add(-time.Duration(days) * 24 * time.Hour) }
	b.store.flow = []flow.Record{
		{ID: "a", Ref: "R-1", Kind: "=cmd()", Team: "falcon", SubmittedAt: now.Add(-20 * 24 * time.Hour), PulledAt: &pulled, AcceptedAt: &accepted, Status: pmo.StatusClosed, Outcome: pmo.OutcomeDelivered,
			Events: []flow.Event{
				{Event: pmo.EventSubmitted, Stage: "intake", At: ago(20)}, {Event: pmo.EventStage, Stage: "review", At: ago(18)},
				{Event: pmo.EventAsked, Question: "review/1/approvers", At: ago(18)}, {Event: pmo.EventSettled, Question: "review/1/approvers", At: ago(15)},
				{Event: pmo.EventStage, Stage: "closure", At: ago(15)}, {Event: pmo.EventAsked, Question: "benefit/1", At: now}}},
		{ID: "b", Ref: "R-2", Kind: "bug", Stage: pmo.StageReview, Status: pmo.StatusOpen, SubmittedAt: now.Add(-24 * time.Hour), Events: []flow.Event{
			{Event: pmo.EventSubmitted, Stage: "intake", At: ago(1)}, {Event: pmo.EventStage, Stage: "review", At: ago(1)}, {Event: pmo.EventAsked, Question: "review/1/approvers", Open: true, At: ago(1)}}},
	}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=30", "")
	require.Equal(t, 200, status)
	require.EqualValues(t, 1, doc["age_days"].(map[string]any)["max"], "of the open one")
	stages := map[string]map[string]any{}
	for _, s := range doc["stages"].([]any) {
		stages[s.(map[string]any)["stage"].(string)] = s.(map[string]any)
	}
	require.EqualValues(t, 1, stages["review"]["open"])
	require.EqualValues(t, 1, stages["review"]["age_days"].(map[string]any)["p50"])
	require.EqualValues(t, 3, stages["review"]["time_days"].(map[string]any)["p85"])
	require.EqualValues(t, 14, stages["closure"]["time_days"].(map[string]any)["p85"], "up to acceptance, not to the end of the benefit review")
	groups := doc["groups"].([]any)
	require.Len(t, groups, 1, "what is asked after acceptance is not counted")
	approvers := groups[0].(map[string]any)
	require.Equal(t, "approvers", approvers["group"])
	require.EqualValues(t, 1, approvers["open"])
	require.EqualValues(t, 1, approvers["oldest_days"])
	require.EqualValues(t, 3, approvers["time_days"].(map[string]any)["p50"])
	require.EqualValues(t, 9, doc["cycle_time_days"].(map[string]any)["p50"])
	require.EqualValues(t, 19, doc["lead_time_days"].(map[string]any)["p50"])

	r := httptest.NewRequest("GET", "/v1/reports/flow?format=csv", nil)
	r.Header.Set("Authorization", "Bearer dev-sam")
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, r)
	require.Equal(t, 200, rec.Code)
	require.Equal(t, "text/csv; charset=utf-8", rec.Header().Get("Content-Type"))
	lines, err := csv.NewReader(strings.NewReader(rec.Body.String())).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 3)
	require.Equal(t, "'=cmd()", lines[1][1], "a spreadsheet must not take it for a formula")
	cell := func(row int, head string) string { return lines[row][slices.Index(lines[0], head)] }
	require.Equal(t, []string{"", "1.0000"}, []string{cell(1, "age_days"), cell(2, "age_days")})
	require.Equal(t, []string{"3.0000", "1.0000"}, []string{cell(1, "days_in_review"), cell(2, "days_in_review")})
	require.Equal(t, []string{"3.0000", "1.0000"}, []string{cell(1, "days_with_approvers"), cell(2, "days_with_approvers")})
	require.Empty(t, cell(1, "days_in_execution"), "it was never there")
}

// TestTheFlowReportHasNoItemOfAConfidentialRequest: it counts.
func TestTheFlowReportHasNoItemOfAConfidentialRequest(t *testing.T) {
	b := setup(t)
	accepted, never := now.Add(-24*time.Hour), now.Add(-48*time.Hour)
	b.store.flow = []flow.Record{
		{ID: "1", Ref: "R-1", Kind: "bug", Stage: pmo.StageReview, Status: pmo.StatusOpen, SubmittedAt: now.Add(-24 * time.Hour)},
		{ID: "2", Ref: "R-2", Kind: "data", Stage: pmo.StageReview, Status: pmo.StatusOpen, SubmittedAt: now.Add(-24 * time.Hour), Confidential: true},
		{ID: "3", Ref: "R-3", Kind: "data", Stage: pmo.StageClosure, Status: pmo.StatusClosed, SubmittedAt: now, PulledAt: &accepted, AcceptedAt: &never, Confidential: true},
		{ID: "4", Ref: "R-4", Kind: "data", Stage: pmo.StageExecution, Status: pmo.StatusOpen, SubmittedAt: never, PulledAt: &never, Confidential: true},
	}
	b.store.unreadable = []string{"2", "3", "4"}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=30", "")
	require.Equal(t, 200, status)
	require.Len(t, doc["items"], 1)
	require.EqualValues(t, 3, doc["confidential"])
	text := fmt.Sprint(doc)
	require.NotContains(t, text, "R-2")
	require.NotContains(t, text, "R-4", "nor among what ages")
	require.NotContains(t, text, "R-3", "nor among those left out of a figure")
	require.EqualValues(t, 2, doc["stages"].([]any)[slices.Index(pmo.Stages(), pmo.StageReview)].(map[string]any)["open"])
}

// TestWordsOfATeam are judged as those of a request.
func TestWordsOfATeam(t *testing.T) {
	b := setup(t)
	for field, pointer := range map[string]string{`"skills":[" "]`: "/skills/0", `"skills":["` + strings.Repeat("x", 201) + `"]`: "/skills/0", `"skills":["web:9"]`: "/skills/0", `"approaches":["nope"]`: "/approaches/0", `"name":"a\nb"`: "/name"} {
		form := map[string]any{"name": "Kestrel", "portfolio": "digital", "leads": []string{"kai"}, "skills": []string{"web"}, "capacity": 2}
		require.NoError(t, json.Unmarshal([]byte("{"+field+"}"), &form))
		status, doc, _ := b.call(t, "petra", "PUT", "/v1/teams/kestrel", string(asBytes(t, form)))
		require.Equal(t, 422, status, field)
		require.Equal(t, []string{pointer}, pointers(doc), field)
	}
}

func TestHarmlessCells(t *testing.T) {
	for cell, want := range map[string]string{"R-1": "R-1", "": "", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "a=b": "a=b"} {
		require.Equal(t, want, escapeFormula(cell))
	}
}

func TestPrioritizeWithoutTemporal(t *testing.T) {
	b := setup(t)
	b.engine.err = problem.New(problem.Unavailable, "away")
	status, _, header := b.call(t, "petra", "POST", "/v1/prioritizations", `{"reason":"x"}`)
	require.Equal(t, 503, status)
	require.NotEmpty(t, header.Get("Retry-After"))
}

// TestZeroUnsetsEachFigureOfATeam: 0 and null are given, and what is absent stays.
func TestZeroUnsetsEachFigureOfATeam(t *testing.T) {
	for _, field := range []string{"load_ceiling", "wip_limit", "capacity_per_person", "other_work", "wip_per_person", "pace"} {
		for _, empty := range []string{"0", "null"} {
			b := setup(t)
			b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Members: []string{"lena"}, Capacity: 2, CapacityPerPerson: 2, LoadCeiling: 0.7,
				WIPLimit: 2, OtherWork: 0.1, WIPPerPerson: 2, Pace: 1.5, Revision: 1}}}
			before := asDocument(t, wire.FormOf(b.store.teams[0].Team)).(map[string]any)
			status, doc, _ := b.call(t, "petra", "PUT", "/v1/teams/heron", `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":[],"revision":1,"`+field+`":`+empty+`}`)
			require.Equal(t, 200, status, doc)
			after := asDocument(t, wire.FormOf(*b.store.saved)).(map[string]any)
			require.NotContains(t, after, field, "%s: %s", field, empty)
			for _, other := range []string{"load_ceiling", "wip_limit", "capacity_per_person", "wip_per_person", "pace"} {
				if other != field {
					require.Equal(t, before[other], after[other], "%s stays when %s is emptied", other, field)
				}
			}
		}
	}
}
